import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { AthenaOptions } from '../../src/adapters/aws/lake/athena.ts'
import { lakeTypes } from '../../src/adapters/aws/lake/lake-parquet.ts'

const BUCKET = 'lake'
const DATABASE = 'telltale_lake'

/**
 * Athena over DuckDB: the statement as it is sent runs over tables of the catalogue's names, with `dt` and `"$path"`, on
 * the very files; its answer comes as a CSV file in S3, in Athena's form. Test equipment.
 */
export async function athenaDouble(objects: ReadonlyMap<string, Uint8Array>) {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-athena-'))
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`CREATE SCHEMA ${DATABASE}`)
  const answers = new Map<string, string>()
  const statements: string[] = []
  const failure = { reason: '' }

  /** Looks at the objects as they are now, as a query of Athena does. */
  async function refresh(): Promise<void> {
    for (const [key, bytes] of objects) {
      mkdirSync(dirname(join(dir, key)), { recursive: true })
      writeFileSync(join(dir, key), bytes)
    }
    for (const kind of Object.keys(lakeTypes)) {
      const files = [...objects.keys()].filter((key) => key.startsWith(`${kind}/`)).map((key) => `'${join(dir, key)}'`)
      await connection.run(`DROP VIEW IF EXISTS ${DATABASE}.${kind}`)
      const from = `read_parquet([${files.join(', ')}], filename = true, hive_partitioning = true, hive_types = {'dt': VARCHAR})`
      if (files.length > 0)
        await connection.run(`CREATE VIEW ${DATABASE}.${kind} AS SELECT * EXCLUDE (filename), replace(filename, '${dir}', 's3://${BUCKET}') AS "$path" FROM ${from}`)
    }
  } // prettier-ignore

  const cell = (value: string | number | boolean | null): string =>
    value === null ? '' : `"${String(value).replaceAll('"', '""')}"`

  async function start(sql: string): Promise<string> {
    statements.push(sql)
    await refresh()
    const result = await connection.runAndReadAll(sql)
    const lines = [result.columnNames(), ...(result.getRowsJson() as (string | number | boolean | null)[][])].map((row) => row.map(cell).join(',')) // prettier-ignore
    const id = `query-${statements.length}`
    answers.set(`athena/${id}.csv`, `${lines.join('\n')}\n`)
    return id
  }

  const client = {
    send: async ({
      constructor,
      input,
    }: {
      constructor: { name: string }
      input: Record<string, string>
    }) => {
      if (constructor.name === 'StartQueryExecutionCommand')
        return { QueryExecutionId: await start(input['QueryString'] ?? '') }
      const id = input['QueryExecutionId'] ?? ''
      const Status = failure.reason === '' ? { State: 'SUCCEEDED' } : { State: 'FAILED', StateChangeReason: failure.reason } // prettier-ignore
      return { QueryExecution: { Status, ResultConfiguration: { OutputLocation: `s3://${BUCKET}/athena/${id}.csv` } } } // prettier-ignore
    },
  }
  const options: AthenaOptions = {
    athena: client as never,
    s3: {
      send: async ({ input }: { input: { Key: string } }) => ({
        Body: { transformToString: async () => answers.get(input.Key) ?? '' },
      }),
    } as never,
    workGroup: 'w',
    database: DATABASE,
    patienceMs: 1000,
  }
  return {
    options,
    bucket: BUCKET,
    database: DATABASE,
    statements,
    failure,
    close: () => {
      connection.closeSync()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
