import type { Sample } from '../../core/telemetry/sample.ts'
import type { Recording } from './recording.ts'

/** One minute of one series, computed in two passes over all its readings at once. */
export interface BatchWindow {
  n: number
  mean: number
  min: number
  max: number
  std: number
  first: number
  last: number
  sum: number
}

/** What a platform must say once it has been told all of a recording. Computed from the file, by none of the pipeline's code. */
export interface Batch {
  readings: Map<string, Map<number, Sample>>
  windows: Map<string, Map<number, BatchWindow>>
  readingCount: number
  windowCount: number
}

const MINUTE_MS = 60_000

/** A time that a series has more than once keeps what the file says last (DESIGN section 4). */
export function batchOf({ at, columns }: Recording): Batch {
  const batch: Batch = { readings: new Map(), windows: new Map(), readingCount: 0, windowCount: 0 }
  for (const { measure, values } of columns) {
    const series = new Map<number, Sample>()
    for (const [row, value] of values.entries()) if (value !== null) series.set(at[row]!, value)
    const windows = windowsOf(series)
    batch.readings.set(measure, series)
    batch.windows.set(measure, windows)
    batch.readingCount += series.size
    batch.windowCount += windows.size
  }
  return batch
}

/** By the start of their minute. */
function windowsOf(series: ReadonlyMap<number, Sample>): Map<number, BatchWindow> {
  const minutes = new Map<number, number[]>()
  const times = [...series.keys()].sort((a, b) => a - b)
  for (const t of times) {
    const value = series.get(t)!
    if (typeof value === 'string') continue
    const start = Math.floor(t / MINUTE_MS) * MINUTE_MS
    const values = minutes.get(start)
    if (values) values.push(value)
    else minutes.set(start, [value])
  }
  return new Map([...minutes].map(([start, values]) => [start, summarize(values)]))
}

function summarize(values: readonly number[]): BatchWindow {
  const n = values.length
  const sum = values.reduce((a, b) => a + b)
  const mean = sum / n
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0)
  return {
    n,
    mean,
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
    std: n > 1 ? Math.sqrt(squares / (n - 1)) : 0,
    first: values[0]!,
    last: values[n - 1]!,
    sum,
  }
}
