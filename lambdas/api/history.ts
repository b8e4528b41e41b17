import type { HistoryPort } from '../../src/api/ports.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import { defaultRetention, type RetentionPolicy } from '../../src/core/retention/retention.ts'
import { askQuestion, fleetQuestionNames } from '../../src/pipeline/history/fleet-questions.ts'
import { createPages } from '../../src/pipeline/history/pages.ts'
import { querySeries } from '../../src/pipeline/history/query.ts'
import type { HistoryStores } from '../../src/pipeline/history/series-reader.ts'
import { seriesJson } from '../../src/pipeline/history/series-json.ts'
import { truckOf } from '../../src/pipeline/history/truck.ts'
import type { Range, TelemetryReader } from '../../src/ports/telemetry-reader.ts'
import { notByApi } from './elsewhere.ts'

/** Days of the tiers, as the deployment has them (lib/deployment.ts). */
export interface TierDays {
  hot: number
  warm: number
  cold: number
}

/** Questions over both stores. What changes stored data as a whole is not the API's work here (elsewhere.ts). */
export function awsHistory(
  stores: HistoryStores,
  days: TierDays,
  more: Pick<HistoryPort, 'erasures'>,
): HistoryPort {
  return {
    series: async (question) => seriesJson(await querySeries(question, stores)),
    questionNames: fleetQuestionNames,
    fleetQuestion: async ({ name, from, to, trucks }) => askQuestion({ name, from, to, trucks: trucks.map(truckOf) }, stores), // prettier-ignore
    ...more,
    refold: async () => notByApi('POST /v1/history/refold'),
    retention: {
      get: () => retentionOf(days),
      put: async () => notByApi('PUT /v1/retention'),
      dryRun: async () => [],
    },
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

/** The lake's lifecycle is by object, not by measure, and nothing but raw messages ever expires. */
const retentionOf = ({ hot, warm }: TierDays): RetentionPolicy => ({
  ...defaultRetention,
  warmAfterDays: hot,
  coldAfterDays: warm,
})
