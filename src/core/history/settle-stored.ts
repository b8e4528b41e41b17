import type { EpochMs } from '../telemetry/reading.ts'

/**
 * A reading as the lake keeps it: the first receipt of its value, and the last one where the same value came again
 * (null where it did not). With both, files can be merged in any order and still say what all copies together say.
 */
export interface StoredReading {
  at: EpochMs
  value: number
  text: string | null
  quality: number
  receivedAt: EpochMs
  confirmedAt: EpochMs | null
}

const upTo = (r: StoredReading): EpochMs => r.confirmedAt ?? r.receivedAt

/**
 * Each time once, ascending: `settle` for readings that were settled before. The newest receipt wins, ties go to the
 * one given later; an equal value keeps its first receipt and quality. Values do not depend on how copies were grouped.
 */
export function settleStored(readings: StoredReading[]): StoredReading[] {
  readings.sort((a, b) => a.at - b.at)
  const out: StoredReading[] = []
  for (let i = 0; i < readings.length;) {
    let end = i + 1
    while (end < readings.length && readings[end]!.at === readings[i]!.at) end++
    out.push(end === i + 1 ? readings[i]! : settleOne(readings.slice(i, end)))
    i = end
  }
  return out
}

function settleOne(copies: StoredReading[]): StoredReading {
  let winner = copies[0]!
  for (const copy of copies) if (upTo(copy) >= upTo(winner)) winner = copy
  let cut = -Infinity
  for (const copy of copies) if (!sameValue(copy, winner)) cut = Math.max(cut, upTo(copy))
  let first = winner
  for (const copy of copies)
    if (sameValue(copy, winner) && copy.receivedAt > cut && copy.receivedAt < first.receivedAt) first = copy
  const last = upTo(winner)
  return { ...first, confirmedAt: last > first.receivedAt ? last : null }
}

const sameValue = (a: StoredReading, b: StoredReading): boolean =>
  Object.is(a.value, b.value) && a.text === b.text
