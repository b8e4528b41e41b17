import { BOOLEAN, DOUBLE, DuckDBDataChunk, VARCHAR, type DuckDBConnection } from '@duckdb/node-api'
import type { StoredColumns } from '../../../core/history/settle-columns.ts'
import { columnsOf } from './relations.ts'

/** Rows a chunk: the engine's own vector size. */
const CHUNK = 2048
type Cell = string | number | boolean | null

/**
 * Appends rows to a table of a kind, chunk by chunk. Value by value would cost a native handle each, and those are
 * freed only when the event loop turns: a gigabyte for two million rows.
 */
export async function bulkAppender(
  connection: DuckDBConnection,
  table: string,
  kind: 'readings' | 'windows',
) {
  const columns = columnsOf[kind]
  const types = columns.map(([, type]) =>
    type === 'VARCHAR' ? VARCHAR : type === 'BOOLEAN' ? BOOLEAN : DOUBLE,
  )
  const ddl = columns.map(([name], i) => `"${name}" ${types[i]!.toString()}`).join(', ')
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${table}_plain (${ddl})`)
  const appender = await connection.createAppender(`${table}_plain`)
  const buffer: Cell[][] = columns.map(() => [])
  let rows = 0

  function flush(): void {
    if (buffer[0]!.length === 0) return
    const chunk = DuckDBDataChunk.create(types)
    chunk.setColumns(buffer)
    appender.appendDataChunk(chunk)
    for (const column of buffer) column.length = 0
  }

  return {
    row(...cells: Cell[]): void {
      for (let i = 0; i < cells.length; i++) buffer[i]!.push(cells[i]!)
      rows++
      if (buffer[0]!.length === CHUNK) flush()
    },
    /** Rows of one series. */
    series(thing: string, measure: string, stored: StoredColumns): void {
      const { at, value, text, quality, received, confirmed } = stored
      for (let i = 0; i < at.length; i++)
        this.row(
          thing,
          measure,
          at[i]!,
          numberOrNull(value[i]!),
          text?.[i] ?? null,
          quality[i]!,
          received[i]!,
          numberOrNull(confirmed[i]!),
        )
    },
    /** Lets the engine's memory go back; to be called now and then. */
    breathe: (): Promise<void> => new Promise((resolve) => setImmediate(resolve)),
    /** Makes the rows readable under the table's name, with the lake's types. Gives how many there are. */
    async close(): Promise<number> {
      flush()
      appender.closeSync()
      const typed = columns.map(([name, type]) =>
        type === 'TIMESTAMP_MS'
          ? `CAST(epoch_ms(CAST("${name}" AS BIGINT)) AS TIMESTAMP_MS) AS "${name}"`
          : type === 'VARCHAR' || type === 'BOOLEAN' || type === 'DOUBLE'
            ? `"${name}"`
            : `CAST("${name}" AS ${type}) AS "${name}"`,
      )
      await connection.run(
        `CREATE OR REPLACE TEMP VIEW ${table} AS SELECT ${typed.join(', ')} FROM ${table}_plain`,
      )
      return rows
    },
  }
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

export const dropBulk = (connection: DuckDBConnection, table: string): Promise<unknown> =>
  connection.run(`DROP VIEW IF EXISTS ${table}; DROP TABLE IF EXISTS ${table}_plain`)
