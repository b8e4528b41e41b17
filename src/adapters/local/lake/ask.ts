import type { DuckDBConnection } from '@duckdb/node-api'
import type { Rows } from './lake-reader.ts'

/** Runs a question and packs its answer into typed arrays: device and measure first, then its columns. */
export function askLake(connection: DuckDBConnection): (sql: string, limit: number) => Promise<Rows> {
  return async (sql, limit) => {
    const reader = await connection.runAndReadUntil(sql, limit + 1)
    const n = reader.currentRowCount
    if (n > limit) throw new Error(`more than ${limit} rows: ask for a shorter range, or for buckets`)
    const columns = reader.getColumns() as unknown[][]
    const series: Rows['series'] = []
    const of = new Uint32Array(n)
    const ids = new Map<string, number>()
    const [devices = [], measures = []] = columns as string[][]
    let lastDevice = ''
    let lastMeasure = ''
    let last = -1
    for (let i = 0; i < n; i++) {
      const device = devices[i]!
      const measure = measures[i]!
      if (last < 0 || device !== lastDevice || measure !== lastMeasure) {
        const key = `${device}\n${measure}`
        const known = ids.get(key)
        last = known ?? series.push([device, measure]) - 1
        ids.set(key, last)
        lastDevice = device
        lastMeasure = measure
      }
      of[i] = last
    }
    return {
      series,
      of,
      columns: columns
        .slice(2)
        .map((column) =>
          column.every((value) => value === null || typeof value === 'number')
            ? Float64Array.from(column, (value) => value ?? NaN)
            : (column as (string | null)[]),
        ),
    }
  }
}
