import type { EpochMs } from '../core/telemetry/reading.ts'

export interface Clock {
  /** Corrected wall time; never goes back within one run. */
  now(): EpochMs
  /** Milliseconds of a clock that only measures durations. */
  elapsed(): number
}
