import type { ZoneStep } from './identify-zone.ts'

/** How far a thermostat lets the air stray beyond its set-points, K; null where it has not been watched. */
export interface Droop {
  heatK: number | null
  coolK: number | null
}

/** All but one in fifty of the moments. */
const SHARE = 0.98
/** Half a day of holding. */
const ENOUGH_STEPS = 48
/** The set-point counts as reached this near. */
const REACHED_K = 0.15

/**
 * Droop of a zone's thermostat from its own history: once a set-point has been reached and until it is moved, how far
 * below it the air falls while heating runs, and above it while cooling does.
 */
export function thermostatDroop(steps: readonly ZoneStep[]): Droop {
  return {
    heatK: droopOf(steps, ({ heatC, plantKw }) => ({ set: heatC, runs: plantKw > 0 }), 1),
    coolK: droopOf(steps, ({ coolC, plantKw }) => ({ set: coolC, runs: plantKw < 0 }), -1),
  }
}

function droopOf(
  steps: readonly ZoneStep[],
  held: (step: ZoneStep) => { set: number | undefined; runs: boolean },
  side: 1 | -1,
): number | null {
  const strayed: number[] = []
  let reached = false
  for (let i = 1; i < steps.length; i++) {
    const before = steps[i - 1]!
    const { set, runs } = held(before)
    const now = steps[i]!
    if (set === undefined || now.step !== before.step + 1 || held(now).set !== set) {
      reached = false
      continue
    }
    const beyond = side * (set - now.temperatureC)
    reached ||= beyond <= REACHED_K
    if (reached && runs) strayed.push(Math.max(0, beyond))
  }
  if (strayed.length < ENOUGH_STEPS) return null
  strayed.sort((a, b) => a - b)
  return strayed[Math.floor(SHARE * (strayed.length - 1))]!
}
