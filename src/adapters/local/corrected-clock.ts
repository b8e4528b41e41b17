import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Clock } from '../../ports/clock.ts'

export interface ClockJump {
  at: EpochMs
  /** How far the wall clock stands from where it should. */
  byMs: number
  accepted: boolean
}

export interface CorrectedClock extends Clock {
  /** Compares with the wall; to be called about once a second. Gives a jump when it is noticed and when it is accepted. */
  check(): ClockJump | null
  /** A jump that has not been accepted yet. */
  pending(): ClockJump | null
}

/** A wall clock that differs by less is followed silently: that is ordinary discipline. */
const SLEW_MS = 1000
/** A jump is believed only once it has stood this long. */
const STANDS_MS = 15_000

/**
 * Time for receipts. It runs on the monotonic clock and follows the wall clock; when the wall clock jumps, it goes on
 * as before until the jump has stood for a while. Between two jumps backwards it never goes back.
 */
export function correctedClock(
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): CorrectedClock {
  let offset = wall() - monotonic()
  let last = 0
  let since: number | null = null
  let pending: ClockJump | null = null

  const now = (): EpochMs => {
    last = Math.max(last, Math.floor(monotonic() + offset))
    return last
  }

  function check(): ClockJump | null {
    const elapsed = monotonic()
    const byMs = wall() - elapsed - offset
    if (Math.abs(byMs) < SLEW_MS) {
      offset += byMs
      since = null
      pending = null
      return null
    }
    if (since === null) {
      since = elapsed
      pending = { at: now(), byMs, accepted: false }
      return pending
    }
    if (elapsed - since < STANDS_MS) return null
    offset += byMs
    since = null
    pending = null
    last = 0
    return { at: now(), byMs, accepted: true }
  }

  return { now, elapsed: monotonic, check, pending: () => pending }
}
