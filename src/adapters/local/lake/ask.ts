import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api'
import { TooMuch } from '../../../core/history/too-much.ts'
import type { Rows } from './lake-reader.ts'

export interface AskOptions {
  /** A connection of its own for each question that runs: a stream ends with the next question on its connection. */
  connect(): Promise<DuckDBConnection>
  /** Questions that run at once; others wait. Each holds the engine's memory. */
  atOnce: number
  /** A question that takes longer is broken off: someone asked for years of readings, and others wait. */
  mostMs: number
}

/**
 * Runs questions and packs their answers into typed arrays: device and measure first, then its columns. Chunk by
 * chunk, so that an answer takes its own size and no row is ever an object.
 */
export function askLake({
  connect,
  atOnce,
  mostMs,
}: AskOptions): (sql: string, limit: number) => Promise<Rows> {
  const idle: DuckDBConnection[] = []
  const waiting: (() => void)[] = []
  let running = 0

  async function ask(connection: DuckDBConnection, sql: string, limit: number): Promise<Rows> {
    const packer = createPacker()
    let late = false
    const timer = setTimeout(() => {
      late = true
      connection.interrupt()
    }, mostMs)
    try {
      const result = await connection.stream(sql)
      for (;;) {
        const chunk = await result.fetchChunk()
        if (!chunk || chunk.rowCount === 0) return packer.rows(result.columnCount)
        packer.add(chunk)
        if (packer.length() > limit)
          throw new TooMuch(`more than ${limit} rows: ask for a shorter range, or for buckets`)
      }
    } catch (error) {
      if (late)
        throw new TooMuch(`more than ${mostMs / 1000} s of work: ask for a shorter range, or for buckets`)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return async (sql, limit) => {
    while (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    running++
    const connection = idle.pop() ?? (await connect())
    try {
      return await ask(connection, sql, limit)
    } finally {
      idle.push(connection)
      running--
      waiting.shift()?.()
    }
  }
}

function createPacker() {
  const series: Rows['series'] = []
  const ids = new Map<string, number>()
  let of = new Uint32Array(256)
  let columns: (Float64Array | (string | null)[])[] = []
  let length = 0

  function reserve(rows: number): void {
    if (length + rows <= of.length) return
    const size = Math.max(of.length * 2, length + rows)
    const bigger = <T extends Uint32Array | Float64Array>(from: T, to: T): T => {
      to.set(from)
      return to
    }
    of = bigger(of, new Uint32Array(size))
    columns = columns.map((c) => (Array.isArray(c) ? c : bigger(c, new Float64Array(size))))
  }

  function add(chunk: DuckDBDataChunk): void {
    const n = chunk.rowCount
    reserve(n)
    const device = chunk.getColumnVector(0)
    const measure = chunk.getColumnVector(1)
    let last: [unknown, unknown, number] = [null, null, -1]
    for (let i = 0; i < n; i++) {
      const d = device.getItem(i) as string
      const m = measure.getItem(i) as string
      if (d !== last[0] || m !== last[1]) {
        const key = `${d}\n${m}`
        let id = ids.get(key)
        if (id === undefined) ids.set(key, (id = series.push([d, m]) - 1))
        last = [d, m, id]
      }
      of[length + i] = last[2]
    }
    for (let c = 2; c < chunk.columnCount; c++) {
      const vector = chunk.getColumnVector(c)
      let column = columns[c - 2]
      column ??= columns[c - 2] = new Float64Array(of.length)
      for (let i = 0; i < n; i++) {
        const cell = vector.getItem(i)
        if (typeof cell === 'string' && !Array.isArray(column))
          column = columns[c - 2] = Array.from<string | null>({ length: length + i }).fill(null)
        if (Array.isArray(column)) column[length + i] = typeof cell === 'string' ? cell : null
        else column[length + i] = typeof cell === 'number' ? cell : NaN
      }
    }
    length += n
  }

  return {
    add,
    length: () => length,
    rows: (columnCount: number): Rows => {
      for (let c = 0; c < columnCount - 2; c++) columns[c] ??= new Float64Array(0)
      return {
        series,
        of: of.slice(0, length),
        columns: columns.map((c) => c.slice(0, length)),
      }
    },
  }
}
