import type { EpochMs } from './reading.ts'

/** One stored copy of a reading: what came, when it was received, and where in the stream. */
export interface Copy {
  at: EpochMs
  value: number
  text: string | null
  quality: number
  receivedAt: EpochMs
  position: number
}

/**
 * What a series says after all its copies: each time once, ascending. The newer receipt wins, ties go to the higher
 * position; an equal value keeps its first receipt and quality. The order in which the copies come does not matter.
 */
export function settle(copies: Copy[]): Copy[] {
  copies.sort((a, b) => a.at - b.at || a.receivedAt - b.receivedAt || a.position - b.position)
  const settled: Copy[] = []
  for (const copy of copies) {
    const current = settled.at(-1)
    if (!current || current.at !== copy.at) settled.push(copy)
    else if (!sameValue(current, copy)) settled[settled.length - 1] = copy
  }
  return settled
}

const sameValue = (a: Copy, b: Copy): boolean => Object.is(a.value, b.value) && a.text === b.text
