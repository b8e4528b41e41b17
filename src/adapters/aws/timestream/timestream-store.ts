import {
  RejectedRecordsException,
  WriteRecordsCommand,
  type TimestreamWriteClient,
} from '@aws-sdk/client-timestream-write'
import type { TimestreamQueryClient } from '@aws-sdk/client-timestream-query'
import { inParallel } from '../back-off.ts'
import type { HotStore } from '../hot/hot-store.ts'
import { readingPoints, settledPoints } from '../hot/reading-points.ts'
import { timestreamReader } from './timestream-reader.ts'
import { requestsOf, type WriteRequest } from './timestream-records.ts'

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
 * The hot store in Timestream for LiveAnalytics. A record's version is its receipt (a window's also whether it was
 * repaired), so the newer one stands whatever the order of writing.
 */
export function timestreamStore(options: TimestreamOptions): HotStore {
  const { write, database, readingsTable, windowsTable } = options
  const reader = timestreamReader(options)

  async function send({ table, common, records }: WriteRequest): Promise<void> {
    try {
      await write.send(
        new WriteRecordsCommand({
          DatabaseName: database,
          TableName: table === 'readings' ? readingsTable : windowsTable,
          CommonAttributes: common,
          Records: records,
        }),
      )
    } catch (error) {
      if (!(error instanceof RejectedRecordsException)) throw error
      // AWS: the other records of the call are written. One whose version is not newer has lost, which is as it should be.
      const wrong = (error.RejectedRecords ?? []).filter((record) => record.ExistingVersion === undefined)
      if (wrong.length > 0) throw new Error(`Timestream refused ${wrong.length} records: ${wrong[0]?.Reason}`)
    }
  }

  return {
    ...reader,
    write: async (effects, now) => {
      // A newer version would also replace an equal value, which keeps its first receipt: so ask where one may be stored.
      const points = await settledPoints(readingPoints(effects, now), async (thing, measures, from, to) =>
        reader.readings({ thing, measures, from, to, limit: EVERYTHING }),
      )
      await inParallel(requestsOf(points, effects), CALLS_AT_ONCE, send)
    },
  }
}
