import type { Transition } from '../../core/alarm/transition.ts'
import { siteThing, type Site } from '../../core/building/site.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { JobSources } from './job.ts'
import type { SiteQuarter } from './site-quarters.ts'
import { standsNow, transitionTo } from './transition-to.ts'

export const COMFORT_RULE = 'comfort'
/** Category C of ISO 7730:2005 Annex A ends at 0.7; it clears at category B. */
const RAISE_PMV = 0.7
const CLEAR_PMV = 0.5

/** Alarms of people who are there and too cold or too warm, one a zone. */
export async function comfortTransitions(
  site: Site,
  quarters: readonly SiteQuarter[],
  at: EpochMs,
  { alarms }: Pick<JobSources, 'alarms'>,
): Promise<Transition[]> {
  const thing = siteThing(site.name)
  const transitions: Transition[] = []
  for (const { values } of quarters) {
    const { zone, pmv, ppd, occupied, confidence, endTemperatureC } = values
    if (pmv === null || ppd === null || occupied === null || confidence === null) continue
    const stands = await standsNow(alarms, COMFORT_RULE, thing, zone)
    const active = occupied > 0.5 && confidence > 0.7 && Math.abs(pmv) > (stands ? CLEAR_PMV : RAISE_PMV)
    const of = { rule: COMFORT_RULE, thing, key: zone, at, severity: 'minor' } as const
    const why = {
      detector: 'pmv',
      text: active
        ? `${zone} of ${site.name} is too ${pmv < 0 ? 'cold' : 'warm'} for the people in it: ${ppd.toFixed(0)} % would be dissatisfied`
        : `${zone} of ${site.name} is comfortable again, or empty`,
      observed: pmv,
      expected: { low: -RAISE_PMV, high: RAISE_PMV },
      details: { zone, ppd, temperatureC: endTemperatureC, occupied },
    }
    transitions.push(...(await transitionTo(alarms, of, { active, why })))
  }
  return transitions
}
