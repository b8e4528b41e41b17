import { isTooMuch } from '../../core/history/too-much.ts'
import { qualityNames, type EpochMs } from '../../core/telemetry/reading.ts'
import type { WindowRow } from '../../core/window/window.ts'
import type { Range, Reading } from '../../ports/telemetry-reader.ts'
import { createSeriesReader, type HistoryStores } from './series-reader.ts'

export interface Pages {
  /** A page of readings over all tiers. */
  readings(range: Range): Promise<Reading[]>
  /** A page of one-minute windows over all tiers, as they are stored: the newest may still be open, a late one not yet repaired. */
  windows(range: Range): Promise<WindowRow[]>
}

const MINUTE = 60_000
const LEAST_SPAN_MS = 1000
/** A stretch that holds more than this, and than some pages, is read in smaller ones. */
const MOST_ROWS = 100_000
/** Hints are for whoever turns pages now. */
const REMEMBERED = 1000

/**
 * Pages that cost what their rows cost, however dense the rows and wherever in the range they begin: each is read in
 * stretches that grow over emptiness and shrink to what fills the page. What filled the last page of a series is the
 * next one's first stretch.
 */
export function createPages(stores: HistoryStores): Pages {
  const spans = new Map<string, number>()
  const readerOf = () => createSeriesReader(stores, { tiersUsed: [], missing: [] })

  async function page<T extends { measure: string }>(
    kind: string,
    range: Range,
    leastSpanMs: number,
    atOf: (row: T) => EpochMs,
    read: (from: EpochMs, to: EpochMs, most: number) => Promise<T[]>,
  ): Promise<T[]> {
    const { after, limit } = range
    const isWanted = (row: T): boolean =>
      !after || atOf(row) > after.at || (atOf(row) === after.at && row.measure > after.measure)
    const key = `${kind}\n${range.thing}\n${range.measures?.join() ?? ''}`
    const rows: T[] = []
    let span = spans.get(key) ?? leastSpanMs * 60
    let from = Math.max(range.from, after?.at ?? range.from)
    while (from < range.to && rows.length < limit) {
      const to = Math.min(range.to, from + span)
      const most = span > leastSpanMs ? MOST_ROWS : Infinity
      const found = await read(from, to, most).catch((error: unknown) => {
        if (isTooMuch(error) && most < Infinity) return null
        throw error
      })
      if (found === null) {
        span = Math.max(leastSpanMs, Math.ceil(span / 16))
        continue
      }
      for (const row of found) if (isWanted(row)) rows.push(row)
      from = to
      const filling = found.length === 0 ? Infinity : (span * 1.1 * limit) / found.length
      span = Math.max(leastSpanMs, Math.ceil(Math.min(span * 4, filling)))
    }
    if (spans.size >= REMEMBERED) spans.clear()
    spans.set(key, span)
    return rows
      .sort((a, b) => atOf(a) - atOf(b) || (a.measure < b.measure ? -1 : a.measure > b.measure ? 1 : 0))
      .slice(0, limit)
  }

  return {
    readings: (range) =>
      page<Reading>(
        'readings',
        range,
        LEAST_SPAN_MS,
        (r) => r.at,
        async (from, to, most) => {
          const { thing, measures } = range
          const found = await readerOf().raw({
            things: [thing],
            measures,
            from,
            to,
            ...(most < Infinity && { most }),
          })
          return found.flatMap(({ measure, readings }) =>
            readings.map(({ at, value, text, quality, receivedAt }) => ({
              measure,
              at,
              value: Number.isNaN(value) ? null : value,
              text,
              quality: qualityNames[quality] ?? 'good',
              receivedAt,
            })),
          )
        },
      ),
    windows: (range) =>
      page<WindowRow>(
        'windows',
        range,
        MINUTE,
        (w) => w.minute * MINUTE,
        async (from, to) =>
          readerOf().storedWindows({
            things: [range.thing],
            measures: range.measures,
            from: Math.ceil(from / MINUTE) * MINUTE,
            to,
          }),
      ),
  }
}
