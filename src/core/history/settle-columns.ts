import type { EpochMs } from '../telemetry/reading.ts'

/** One record's readings of one series, ascending by time, with the receipt that they share. */
export interface CopyColumns {
  at: Float64Array
  value: Float64Array
  text: readonly (string | null)[] | null
  quality: Uint8Array
  receivedAt: EpochMs
  position: number
}

/** A series as the lake keeps it, each time once, ascending; `confirmed` is NaN where the value did not come again. */
export interface StoredColumns {
  at: Float64Array
  value: Float64Array
  text: (string | null)[] | null
  quality: Uint8Array
  received: Float64Array
  confirmed: Float64Array
}

/**
 * What a series says after all its copies, by the rule of `settle` (core/telemetry/identity.ts). In columns, because a
 * sensor of a hundred readings a second has more copies in an hour than there is room for objects. Copies whose times
 * do not meet, which is nearly all of them, only move.
 */
export function settleColumns(copies: readonly CopyColumns[]): StoredColumns {
  const n = copies.reduce((sum, { at }) => sum + at.length, 0)
  const out = gather(copies, n)
  if (ascends(out.at)) return out
  const position = new Float64Array(n)
  let start = 0
  for (const { at, position: p } of copies) position.fill(p, start, (start += at.length))
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) =>
      out.at[a]! - out.at[b]! || out.received[a]! - out.received[b]! || position[a]! - position[b]! || a - b,
  )
  return pick(out, settledOrder(out, order), order)
}

function gather(copies: readonly CopyColumns[], n: number): StoredColumns {
  const out: StoredColumns = {
    at: new Float64Array(n),
    value: new Float64Array(n),
    text: copies.some(({ text }) => text !== null) ? [] : null,
    quality: new Uint8Array(n),
    received: new Float64Array(n),
    confirmed: new Float64Array(n).fill(NaN),
  }
  let start = 0
  for (const { at, value, text, quality, receivedAt } of copies) {
    out.at.set(at, start)
    out.value.set(value, start)
    out.quality.set(quality, start)
    out.received.fill(receivedAt, start, start + at.length)
    if (out.text) for (let i = 0; i < at.length; i++) out.text.push(text?.[i] ?? null)
    start += at.length
  }
  return out
}

function ascends(at: Float64Array): boolean {
  for (let i = 1; i < at.length; i++) if (!(at[i]! > at[i - 1]!)) return false
  return true
}

/** Of each time the copy that stands, in place at the beginning of `order`; gives how many there are. Confirms them. */
function settledOrder(all: StoredColumns, order: Uint32Array): number {
  let kept = 0
  for (const i of order) {
    const last = kept > 0 ? order[kept - 1]! : -1
    if (last < 0 || all.at[last] !== all.at[i]) order[kept++] = i
    else if (!Object.is(all.value[last], all.value[i]) || all.text?.[last] !== all.text?.[i])
      order[kept - 1] = i
    else if (all.received[i]! > all.received[last]!) all.confirmed[last] = all.received[i]!
  }
  return kept
}

function pick(all: StoredColumns, n: number, order: Uint32Array): StoredColumns {
  const of = order.subarray(0, n)
  const numbers = (from: Float64Array): Float64Array => Float64Array.from(of, (i) => from[i]!)
  return {
    at: numbers(all.at),
    value: numbers(all.value),
    text: all.text && Array.from(of, (i) => all.text![i] ?? null),
    quality: Uint8Array.from(of, (i) => all.quality[i]!),
    received: numbers(all.received),
    confirmed: numbers(all.confirmed),
  }
}
