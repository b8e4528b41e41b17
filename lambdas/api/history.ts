import type { HistoryPort } from '../../src/api/ports.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import { askQuestion, fleetQuestionNames } from '../../src/pipeline/history/fleet-questions.ts'
import { createPages } from '../../src/pipeline/history/pages.ts'
import { querySeries } from '../../src/pipeline/history/query.ts'
import type { HistoryStores } from '../../src/pipeline/history/series-reader.ts'
import { seriesJson } from '../../src/pipeline/history/series-json.ts'
import { truckOf } from '../../src/pipeline/history/truck.ts'
import type { Range, TelemetryReader } from '../../src/ports/telemetry-reader.ts'

/** Questions over both stores. What changes stored data as a whole is the work of `bulk`. */
export function awsHistory(stores: HistoryStores, more: Pick<HistoryPort, 'erasures'>): HistoryPort {
  return {
    series: async (question) => seriesJson(await querySeries(question, stores)),
    questionNames: fleetQuestionNames,
    fleetQuestion: async ({ name, from, to, trucks }) => askQuestion({ name, from, to, trucks: trucks.map(truckOf) }, stores), // prettier-ignore
    ...more,
  }
}

/** Readings and windows of any age: what reaches behind the hot store is asked of the lake, too. */
export function wholeTelemetry(
  hot: TelemetryReader,
  stores: HistoryStores,
  ages: { keptFrom(): EpochMs; firstDay(): Promise<EpochMs> },
): TelemetryReader {
  const pages = createPages(stores)
  /** Without this a question "from the beginning" would ask the lake for decades that it does not have. */
  const clipped = async (range: Range): Promise<Range> => ({
    ...range,
    from: Math.max(range.from, Math.min(await ages.firstDay(), ages.keptFrom())),
  })
  return {
    ...hot,
    readings: async (range) =>
      range.from >= ages.keptFrom() ? hot.readings(range) : pages.readings(await clipped(range)),
    windows: async (range) =>
      range.from >= ages.keptFrom() ? hot.windows(range) : pages.windows(await clipped(range)),
  }
}
