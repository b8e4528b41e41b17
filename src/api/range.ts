import * as z from 'zod'
import type { EpochMs } from '../core/telemetry/reading.ts'
import { apiLimits } from './limits.ts'
import { ApiProblem } from './problem.ts'

export interface TimeRange {
  from: EpochMs
  to: EpochMs
}

/** The range that a query asks for, half-open; what it leaves out is held fast by the cursor, else the last hour. */
export function rangeOf(
  asked: { from?: EpochMs | undefined; to?: EpochMs | undefined },
  held: TimeRange | undefined,
  now: EpochMs,
  longestMs: number,
): TimeRange {
  const to = asked.to ?? held?.to ?? now
  const from = asked.from ?? held?.from ?? to - apiLimits.defaultRangeMs
  if (from >= to) throw new ApiProblem('bad_range', `from is ${from}, to is ${to}`)
  if (to - from > longestMs)
    throw new ApiProblem('range_too_long', `${to - from} ms asked for, ${longestMs} ms allowed`)
  return { from, to }
}

export const cursorTime = z.number().min(0).max(8_640_000_000_000_000)
export const heldRange = { from: cursorTime, to: cursorTime }
