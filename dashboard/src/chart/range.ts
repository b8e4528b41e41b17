import { now } from '../data/clock.ts'

/** What a chart shows: the last so many milliseconds and on, or a stretch that stays. */
export type Range = { kind: 'last'; ms: number } | { kind: 'fixed'; from: number; to: number }

export const presets: readonly (readonly [name: string, ms: number])[] = [
  ['1 min', 60_000],
  ['10 min', 600_000],
  ['1 h', 3_600_000],
  ['8 h', 28_800_000],
  ['1 d', 86_400_000],
  ['7 d', 604_800_000],
  ['30 d', 2_592_000_000],
  ['1 y', 31_536_000_000],
  ['5 y', 157_680_000_000],
]
const SHORTEST = 2000
const LONGEST = 6 * 31_536_000_000
const EARLIEST = 946_684_800_000

export interface Bounds {
  from: number
  to: number
}

export const boundsOf = (range: Range, at = now()): Bounds =>
  range.kind === 'last' ? { from: at - range.ms, to: at } : { from: range.from, to: range.to }

export const spanOf = (range: Range): number => (range.kind === 'last' ? range.ms : range.to - range.from)

/** From an address: `last=600000`, or `from=…&to=…`. */
export function rangeFrom(query: URLSearchParams, fallbackMs: number): Range {
  const [from, to] = [Number(query.get('from') ?? NaN), Number(query.get('to') ?? NaN)]
  if (to - from >= SHORTEST && from >= EARLIEST) return { kind: 'fixed', from, to }
  const ms = Number(query.get('last') ?? NaN)
  return { kind: 'last', ms: ms >= SHORTEST && ms <= LONGEST ? ms : fallbackMs }
}

export const rangeQuery = (range: Range): Record<'last' | 'from' | 'to', string | null> =>
  range.kind === 'last'
    ? { last: String(range.ms), from: null, to: null }
    : { last: null, from: String(Math.round(range.from)), to: String(Math.round(range.to)) }

/** A stretch within what may be asked; one that ends now goes on with the time. */
export function toRange(from: number, to: number, at = now()): Range {
  const span = Math.min(Math.max(to - from, SHORTEST), LONGEST)
  const middle = (from + to) / 2
  const start = Math.max(EARLIEST, middle - span / 2)
  const end = start + span
  return end >= at ? { kind: 'last', ms: Math.round(span) } : { kind: 'fixed', from: start, to: end }
}

/** factor below 1 zooms in. A range that follows the time keeps its end. */
export function zoom(range: Range, factor: number, at = now()): Range {
  const { from, to } = boundsOf(range, at)
  if (range.kind === 'last') return toRange(to - (to - from) * factor, to, at)
  const middle = (from + to) / 2
  return toRange(middle - ((to - from) * factor) / 2, middle + ((to - from) * factor) / 2, at)
}

export function pan(range: Range, share: number, at = now()): Range {
  const { from, to } = boundsOf(range, at)
  const by = (to - from) * share
  return toRange(from + by, to + by, at)
}
