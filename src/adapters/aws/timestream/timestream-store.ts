import {
  RejectedRecordsException,
  WriteRecordsCommand,
  type _Record as Record,
  type TimestreamWriteClient,
} from '@aws-sdk/client-timestream-write'
import type { TimestreamQueryClient } from '@aws-sdk/client-timestream-query'
import { inParallel } from '../back-off.ts'
import type { HotStore } from '../hot/hot-store.ts'
import { readingPoints, settledPoints } from '../hot/reading-points.ts'
import { settledWindows } from '../hot/window-rule.ts'
import { timestreamReader } from './timestream-reader.ts'
import {
  anomalyRequests,
  readingRequests,
  refusedByRepaired,
  windowRequests,
  type WriteRequest,
} from './timestream-records.ts'

export interface TimestreamOptions {
  write: Pick<TimestreamWriteClient, 'send'>
  query: Pick<TimestreamQueryClient, 'send'>
  database: string
  readingsTable: string
  windowsTable: string
}

const CALLS_AT_ONCE = 16
const EVERYTHING = 1_000_000

/**
 * The hot store in Timestream for LiveAnalytics, which refuses what is older than what stands: a window's version says
 * also whether it was repaired.
 */
export function timestreamStore(options: TimestreamOptions): HotStore {
  const { write, database, readingsTable, windowsTable } = options
  const { kept, ...reader } = timestreamReader(options)

  /** Gives the records that were not taken because a newer version stands. AWS: the others of the call are written. */
  async function send({ table, common, records }: WriteRequest): Promise<{ record: Record; version: number }[]> {
    try {
      await write.send(
        new WriteRecordsCommand({
          DatabaseName: database,
          TableName: table === 'readings' ? readingsTable : windowsTable,
          CommonAttributes: common,
          Records: records,
        }),
      )
      return []
    } catch (error) {
      if (!(error instanceof RejectedRecordsException)) throw error
      const rejected = error.RejectedRecords ?? []
      const wrong = rejected.filter(({ ExistingVersion }) => ExistingVersion === undefined)
      if (wrong.length > 0) throw new Error(`Timestream refused ${wrong.length} records: ${wrong[0]?.Reason}`)
      return rejected.map(({ RecordIndex, ExistingVersion }) => ({ record: records[RecordIndex ?? 0]!, version: ExistingVersion! })) // prettier-ignore
    }
  } // prettier-ignore

  return {
    ...reader,
    write: async (effects, now) => {
      // A newer version would also replace an equal value, which keeps its first receipt: so ask where one may be stored.
      const points = await settledPoints(readingPoints(effects), async (thing, measures, from, to) =>
        kept({ thing, measures, from, to, limit: EVERYTHING }),
      )
      const requests = [...readingRequests(points, now), ...anomalyRequests(effects)]
      await inParallel(requests, CALLS_AT_ONCE, async (request) => void (await send(request)))
    },
    writeWindows: async (windows) => {
      const settled = settledWindows(windows)
      await inParallel(windowRequests(settled.windows), CALLS_AT_ONCE, async (request) => {
        for (const { record, version } of await send(request)) {
          const dirty = refusedByRepaired(record, version)
          if (dirty) settled.dirty.push(dirty)
        }
      })
      return settled.dirty
    },
    // AWS: LiveAnalytics has no call that deletes records; its retention does.
    erase: async () => false,
  }
}
