import type { EpochMs } from '../../telemetry/reading.ts'
import type { LocalClock } from '../local-time.ts'
import { scheduledSetPoints, type Schedule } from '../site.ts'
import { QUARTER } from '../zone-quarter.ts'

/**
 * Presence in the 168 hours of the week as far as the schedule tells, for zones of which nothing was observed: where it
 * sets back as far as it ever does nobody is supposed to be there, and at other times nobody knows.
 */
export function supposedPresence(schedule: Schedule, clock: LocalClock, week: EpochMs): Float64Array {
  const { periods, otherwise } = schedule
  const all = [...periods, otherwise]
  const [lowest, highest] = [Math.min(...all.map((s) => s.heatC)), Math.max(...all.map((s) => s.coolC))]
  const neverSetsBack = all.every((s) => s.heatC === lowest && s.coolC === highest)
  const at = scheduledSetPoints(schedule, clock)
  const presence = new Float64Array(168)
  for (let quarter = 0; quarter < 7 * 96; quarter++) {
    const t = week + quarter * QUARTER
    const { heatC, coolC } = at(t)
    if (neverSetsBack || heatC > lowest || coolC < highest) presence[clock(t).hourOfWeek] = 0.5
  }
  return presence
}
