import { setTimeout as sleep } from 'node:timers/promises'
import type { Reading } from '../../ports/telemetry-reader.ts'
import { inPath, type ApiClient } from './api-client.ts'
import type { Batch, BatchWindow } from './batch.ts'

export interface Verdict {
  readings: { expected: number; found: number; missing: number; different: number; extra: number }
  /** Null where windows were not asked for. */
  windows: {
    expected: number
    found: number
    missing: number
    different: number
    extra: number
    open: number
  } | null
  /** The first few differences, in words. */
  examples: string[]
  equal: boolean
}

type ApiWindow = BatchWindow & { measure: string; at: number }

export interface VerifyOptions {
  api: ApiClient
  thing: string
  batch: Batch
  windows: boolean
  /** How long the store and repair may take to catch up. */
  waitMs: number
  now(): number
  onProgress(line: string): void
}

/** One request may ask for 31 days of readings and 366 days of windows. */
const READINGS_SLICE_MS = 31 * 86_400_000
const WINDOWS_SLICE_MS = 366 * 86_400_000
const MINUTE_MS = 60_000
/** A minute is closed, and repaired if need be, this long after its end. */
const CLOSED_AFTER_MS = 120_000
const MOST_EXAMPLES = 10

/** Compares what the API says of a device with a batch, until they are equal or the time is up. */
export async function verify(options: VerifyOptions): Promise<Verdict> {
  const deadline = options.now() + options.waitMs
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, 4000)) {
    const verdict = await compare(options)
    const left = deadline - options.now()
    if (verdict.equal || left <= 0) return verdict
    options.onProgress('waiting for the store and repair')
    await sleep(Math.min(pauseMs, left))
  }
}

async function compare(options: VerifyOptions): Promise<Verdict> {
  const examples: string[] = []
  const note = (text: string): void => void (examples.length < MOST_EXAMPLES && examples.push(text))
  const readings = await compareReadings(options, note)
  const windows = options.windows ? await compareWindows(options, note) : null
  const isClean = (c: { missing: number; different: number; extra: number }): boolean =>
    c.missing + c.different + c.extra === 0
  return { readings, windows, examples, equal: isClean(readings) && (windows === null || isClean(windows)) }
}

async function compareReadings(
  { api, thing, batch, onProgress }: VerifyOptions,
  note: (text: string) => void,
) {
  const count = { expected: batch.readingCount, found: 0, missing: 0, different: 0, extra: 0 }
  const [from, to] = spanOf(batch.readings)
  for await (const items of slices<Reading>(api, thing, 'readings', from, to, READINGS_SLICE_MS)) {
    for (const { measure, at, value, text } of items) {
      const wanted = batch.readings.get(measure)?.get(at)
      if (wanted === undefined) {
        count.extra++
        note(`${measure} at ${iso(at)} is not in the file`)
        continue
      }
      count.found++
      if (wanted === (text ?? value)) continue
      count.different++
      note(`${measure} at ${iso(at)} is ${text ?? value}, the file says ${wanted}`)
    }
    onProgress(`compared ${count.found} of ${count.expected} readings`)
  }
  count.missing = count.expected - count.found
  if (count.missing > 0) note(`${count.missing} readings of the file are not there`)
  return count
}

async function compareWindows(
  { api, thing, batch, now, onProgress }: VerifyOptions,
  note: (text: string) => void,
) {
  const closed = now() - CLOSED_AFTER_MS - MINUTE_MS
  const count = { expected: batch.windowCount, found: 0, missing: 0, different: 0, extra: 0, open: 0 }
  const [from, to] = spanOf(batch.windows)
  for (const minutes of batch.windows.values()) for (const at of minutes.keys()) if (at > closed) count.open++
  for await (const items of slices<ApiWindow>(api, thing, 'windows', from, to, WINDOWS_SLICE_MS)) {
    for (const window of items) {
      if (window.at > closed) continue
      const wanted = batch.windows.get(window.measure)?.get(window.at)
      if (!wanted) {
        count.extra++
        note(`window ${window.measure} ${iso(window.at)} is not in the batch`)
        continue
      }
      count.found++
      const field = windowFields.find((name) => !isClose(window[name], wanted[name], wanted))
      if (!field) continue
      count.different++
      note(
        `window ${window.measure} ${iso(window.at)} has ${field} ${window[field]}, the batch ${wanted[field]}`,
      )
    }
    onProgress(`compared ${count.found} of ${count.expected} windows`)
  }
  count.missing = count.expected - count.open - count.found
  if (count.missing > 0) note(`${count.missing} windows of the batch are not there`)
  return count
}

const windowFields = ['n', 'min', 'max', 'first', 'last', 'sum', 'mean', 'std'] as const

/** Sums may be taken in another order: within 1e-9 of the window's own size, everything else exactly. */
function isClose(a: number, b: number, { n, min, max }: BatchWindow): boolean {
  if (a === b) return true
  const size = Math.max(Math.abs(min), Math.abs(max)) * n
  return Math.abs(a - b) <= 1e-9 * size
}

async function* slices<T>(
  api: ApiClient,
  thing: string,
  what: 'readings' | 'windows',
  from: number,
  to: number,
  sliceMs: number,
): AsyncGenerator<T[]> {
  for (let start = from; start < to; start += sliceMs)
    yield* api.pages<T>(`/v1/devices/${inPath(thing)}/${what}`, {
      from: start,
      to: Math.min(to, start + sliceMs),
      limit: 1000,
    })
}

function spanOf(series: ReadonlyMap<string, ReadonlyMap<number, unknown>>): [from: number, to: number] {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (const times of series.values())
    for (const at of times.keys()) {
      if (at < from) from = at
      if (at >= to) to = at + 1
    }
  return [from, to]
}

const iso = (at: number): string => new Date(at).toISOString()
