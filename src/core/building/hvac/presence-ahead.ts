import type { HorizonStep, PlanSettings } from './zone-plan.ts'
import type { SetPoints } from './plan-zone.ts'

/** A stay or an absence persists with this half-life. */
const PERSISTENCE_HOURS = 1
/** People come early: what the hour brings is made ready for this long before. */
const EARLY_MS = 45 * 60_000
/** Where its owner's schedule keeps a building ready, somebody may come whom three weeks have not shown. */
export const SCHEDULED_PRESENCE = 0.025

/** Probability of somebody in each step: the week's habit, drawn for the next hours towards what is seen now. */
export function presenceAhead(
  habits: Float64Array,
  occupied: number,
  horizon: readonly HorizonStep[],
  schedule: readonly SetPoints[],
  { clock, stepHours, band }: Pick<PlanSettings, 'clock' | 'stepHours' | 'band'>,
): number[] {
  return horizon.map((step, k) => {
    const now = habits[clock(step.at).hourOfWeek] ?? 0
    const ahead = habits[clock(step.at + EARLY_MS).hourOfWeek] ?? 0
    const habit = Math.max(now, ahead)
    const memory = 0.5 ** (((k + 1) * stepHours) / PERSISTENCE_HOURS)
    // Somebody seen is worth more than nobody seen: people come back from lunch.
    const expected =
      occupied > 0.5 ? Math.max(habit, memory * occupied + (1 - memory) * habit) : habit * (1 - 0.3 * memory)
    const { heatC, coolC } = schedule[k]!
    const ready = heatC >= band.low || coolC <= band.high
    return ready ? Math.max(expected, SCHEDULED_PRESENCE) : expected
  })
}
