import { storedHours } from '../../src/pipeline/history/stored-hours.ts'
import type { MachineReader } from '../../src/ports/machine-reader.ts'
import type { ApiPorts } from '../../src/api/ports.ts'
import { DAY } from '../../src/core/history/lake-layout.ts'
import type { TelemetryReader } from '../../src/ports/telemetry-reader.ts'
import { historyStores, type HistoryStoresParts } from '../middleware/history-stores.ts'
import { awsErasures, type AwsErasuresParts } from './erasures.ts'
import { awsHistory, wholeTelemetry } from './history.ts'

export interface AwsStoresParts extends HistoryStoresParts {
  env: HistoryStoresParts['env'] & AwsErasuresParts['env']
  hot: TelemetryReader
  lambda: AwsErasuresParts['lambda']
}

/** The hot store and the lake behind one planner. */
export function awsStores(
  parts: AwsStoresParts,
): Required<Pick<ApiPorts, 'telemetry' | 'history'>> & Pick<MachineReader, 'hours'> {
  const { hot } = parts
  const { stores, manifest, keptFrom } = historyStores(parts)
  const firstDay = async (): Promise<number> => ((await manifest.first('readings')) ?? Infinity) * DAY
  return {
    telemetry: wholeTelemetry(hot, stores, { keptFrom, firstDay }),
    hours: async (query) => storedHours(query, stores),
    history: awsHistory(stores, { erasures: awsErasures(parts) }),
  }
}
