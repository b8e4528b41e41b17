import { setTimeout as sleep } from 'node:timers/promises'
import {
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type AthenaClient,
} from '@aws-sdk/client-athena'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { csvRows } from './csv-rows.ts'
import type { S3 } from './lake-files.ts'

export interface AthenaOptions {
  athena: Pick<AthenaClient, 'send'>
  s3: S3
  workGroup: string
  database: string
  /** Gives up, and stops the query, after this long. */
  patienceMs: number
}

/** Rows of a SELECT by position, its header left out; a cell without a value is null, whatever its type. */
export type AskAthena = (sql: string) => Promise<(string | null)[][]>

const FIRST_WAIT_MS = 100
const MOST_WAIT_MS = 1000

/** Asks Athena, and reads the answer from the file that it leaves in S3: one request instead of one a thousand rows. */
export function athena({ athena, s3, workGroup, database, patienceMs }: AthenaOptions): AskAthena {
  return async (sql) => {
    const { QueryExecutionId } = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: workGroup,
        QueryExecutionContext: { Database: database },
      }),
    )
    let waited = 0
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(MOST_WAIT_MS, wait * 1.5)) {
      const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))
      const { State, StateChangeReason } = QueryExecution?.Status ?? {}
      if (State === 'SUCCEEDED') return rowsAt(s3, QueryExecution?.ResultConfiguration?.OutputLocation ?? '')
      if (State === 'FAILED' || State === 'CANCELLED')
        throw new Error(`the lake could not be asked: ${StateChangeReason ?? State}`)
      if (waited >= patienceMs) {
        await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }))
        throw new Error(`the lake did not answer within ${patienceMs} ms: ask for a shorter range`)
      }
      await sleep(wait)
      waited += wait
    }
  }
}

async function rowsAt(s3: S3, location: string): Promise<(string | null)[][]> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? []
  if (bucket === undefined || key === undefined) throw new Error(`Athena left its answer at ${location || 'no place'}`) // prettier-ignore
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
  return csvRows((await Body?.transformToString()) ?? '').slice(1)
}
