import type { Clock } from '../../ports/clock.ts'

/** The function's own clock, which AWS keeps right; it is only kept from going back. */
export function systemClock(): Clock {
  let newest = 0
  return {
    now: () => (newest = Math.max(newest, Date.now())),
    elapsed: () => performance.now(),
  }
}
