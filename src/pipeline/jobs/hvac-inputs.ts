import type { ZoneObservation } from '../../core/building/hvac/controller.ts'
import type { ZoneLeft } from '../../core/building/hvac/decide.ts'
import type { InterlockState } from '../../core/building/hvac/interlock.ts'
import type { ZoneKnowledge } from '../../core/building/hvac/zone-plan.ts'
import { siteThing, type Site } from '../../core/building/site.ts'
import { QUARTER, zoneSteps, type ZoneQuarter } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { buildingFacts, overridesOf, type StoredKnowledge } from './building-facts.ts'
import type { JobSources } from './job.ts'

const HOUR = 3_600_000
/** Older than this a temperature says nothing of now. */
const STALE_MS = 2 * QUARTER
const UNKNOWN_OUTDOOR_C = 15
/** Name plates promise mild weather: a quarter less in frost and heat. */
const PLATE_SHARE = 0.75

type Quarters = readonly { at: EpochMs; quarter: ZoneQuarter }[]

/** The outdoor temperature as it was last known, and as it is now: null where that is too long ago. */
export function outdoorBefore(quarters: Quarters, at: EpochMs): { now: number | null; last: number } {
  const found = quarters.findLast(({ quarter }) => quarter.outdoorC !== null)
  const last = found?.quarter.outdoorC ?? UNKNOWN_OUTDOOR_C
  return { now: found && found.at >= at - STALE_MS ? last : null, last }
}

/** Zones with a plant as they were measured last; those that nobody has measured lately are left to their own schedule. */
export function observations(
  site: Site,
  recent: Quarters,
  at: EpochMs,
): { observed: ZoneObservation[]; left: ZoneLeft[] } {
  const observed: ZoneObservation[] = []
  const left: ZoneLeft[] = []
  for (const { name: zone, plant } of site.zones) {
    if (!plant) continue
    const own = recent.filter(({ quarter }) => quarter.zone === zone)
    const last = own.at(-1)
    const temperatureC = last?.quarter.endTemperatureC ?? null
    if (last !== undefined && temperatureC !== null && last.at >= at - STALE_MS) {
      const occupied = last.quarter.occupiedNow ?? 0.5
      observed.push({ zone, temperatureC, occupied, recent: zoneSteps(own) })
      continue
    }
    if (own.length === 0) {
      left.push({ zone, why: `${zone} is left to its own schedule because none of its sensors has told anything in any quarter of an hour that was evaluated since yesterday.` }) // prettier-ignore
      continue
    }
    const measured = own.filter(({ quarter }) => quarter.endTemperatureC !== null).at(-1)
    const since = measured
      ? `since ${new Date(measured.at + QUARTER).toISOString().slice(0, 16)}Z`
      : 'for a day'
    left.push({ zone, why: `${zone} is left to its own schedule because its temperature has not been measured ${since}.` }) // prettier-ignore
  }
  return { observed, left }
}

export function zoneKnowledge(
  zone: Site['zones'][number],
  stored: StoredKnowledge | undefined,
  supposed: Float64Array,
): ZoneKnowledge[] {
  if (!zone.plant) return []
  return [
    {
      zone: zone.name,
      identification: stored?.identification ?? null,
      presence: stored === undefined ? supposed : Float64Array.from(stored.presence),
      droop: stored?.droop ?? { heatK: null, coolK: null },
      heatingKw: PLATE_SHARE * zone.plant.heatingKw,
      coolingKw: PLATE_SHARE * zone.plant.coolingKw,
    },
  ]
}

/** What is kept of each zone from one cycle to the next, within the decision's fact. */
export interface KeptState {
  zone: string
  current: InterlockState['current']
  since: EpochMs
  applied: boolean
}

/** What the last decision before this one left in force, and what people have set by hand. */
export async function statesBefore(
  site: Site,
  at: EpochMs,
  { reader }: Pick<JobSources, 'reader'>,
): Promise<Map<string, InterlockState>> {
  const thing = siteThing(site.name)
  const from = at - 2 * HOUR
  const recent = await reader.facts({ type: buildingFacts.decision, thing, from, startingFrom: from, to: at, limit: 200 }) // prettier-ignore
  const kept = (recent.at(-1)?.value['states'] ?? []) as KeptState[]
  const states = new Map<string, InterlockState>(
    kept.map(({ zone, ...state }) => [zone, { ...state, override: null }]),
  )
  for (const { zone, heatC, coolC, until, by } of await overridesOf(reader, site.name, at)) {
    const state = states.get(zone) ?? { current: null, since: at }
    states.set(zone, { ...state, override: { setPoints: { heatC, coolC }, until, by } })
  }
  return states
}
