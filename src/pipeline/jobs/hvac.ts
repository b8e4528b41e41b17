import { energyPrice } from '../../core/building/energy/tariff.ts'
import {
  commandsOf,
  decide,
  type ControllerSettings,
  type ZoneCommand,
  type ZoneObservation,
} from '../../core/building/hvac/controller.ts'
import type { BuildingDecision } from '../../core/building/hvac/decide.ts'
import type { InterlockState } from '../../core/building/hvac/interlock.ts'
import type { HorizonStep, ZoneKnowledge } from '../../core/building/hvac/zone-plan.ts'
import { localClock, type LocalClock } from '../../core/building/local-time.ts'
import { scheduledSetPoints, siteThing, type Site } from '../../core/building/site.ts'
import { QUARTER, zoneSteps, type ZoneQuarter } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { SetPointOrder } from '../../ports/set-point-desk.ts'
import {
  buildingFacts,
  knowledgeOf,
  openIdentification,
  overridesOf,
  quartersOf,
  type StoredKnowledge,
} from './building-facts.ts'
import { horizonFrom } from './horizon.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'

const HOUR = 3_600_000
/** What the model has missed lately is seen in these. */
const RECENT_MS = 4 * HOUR
/** Name plates promise mild weather: a quarter less in frost and heat. */
const PLATE_SHARE = 0.75
const UNKNOWN_OUTDOOR_C = 15

/** Every quarter of an hour: set-points of each steered building for the next 24 hours, and the orders that follow. */
export const hvac: Job = {
  name: 'hvac',
  everyMinutes: 15,
  catchUp: 1,
  async *run(at, sources) {
    for (const site of sources.configuration.sites(at)) {
      const outcome = await planSite(site, at, sources)
      if (outcome) yield outcome
    }
  },
}

/** The same for one building, on demand. Null where it has no plant or no schedule to be compared with. */
export const hvacOf = (name: string): Job => ({
  ...hvac,
  run: async (at, sources) => {
    const site = sources.configuration.site(name, at)
    return (site && (await planSite(site, at, sources))) ?? {}
  },
})

/** What is kept of each zone from one cycle to the next, within the decision's fact. */
interface KeptState {
  zone: string
  current: InterlockState['current']
  since: EpochMs
  applied: boolean
}

async function planSite(site: Site, at: EpochMs, sources: JobSources): Promise<JobOutcome | null> {
  const { schedule, tariff } = site
  if (!schedule || site.zones.every((zone) => !zone.plant)) return null
  const clock = localClock(site.timeZone)
  const known = await knowledgeOf(sources.reader, site.name, at)
  const recent = await quartersOf(sources.reader, site.name, site.zones.length, at - RECENT_MS, at)
  const observed = observations(site, recent, at, clock)
  if (observed.length === 0) return null
  const outdoorC = lastOf(recent, ({ outdoorC: t }) => t)
  const { horizon, source } = await horizonFrom(
    sources.weather,
    site,
    at,
    outdoorC ?? UNKNOWN_OUTDOOR_C,
    (t) => (tariff ? energyPrice(tariff, localClock(tariff.timeZone), t) : 1),
  )
  const settings: ControllerSettings = {
    clock,
    stepHours: QUARTER / HOUR,
    marginK: 0.3,
    discomfortPrice: 5,
    limits: { low: 17.5, high: 27.5 },
    schedule: scheduledSetPoints(schedule, clock),
    currency: tariff?.currency ?? 'kWh',
    ...(site.limits === undefined ? {} : { interlock: site.limits }),
  }
  const states = await statesBefore(site, at, sources)
  const running = [...known.values()].find((k) => k.runningMeanC !== null)?.runningMeanC
  const decision = decide(
    { now: at, runningMeanC: running ?? outdoorC ?? UNKNOWN_OUTDOOR_C, zones: observed },
    horizon,
    site.zones.flatMap((zone) => zoneKnowledge(zone, known.get(zone.name))),
    settings,
    [...states.values()].some((state) => state.applied === true),
  )
  const steered = site.control === 'apply' ? decision : { ...decision, action: 'advise' as const }
  const sent = commandsOf(steered, at, states, settings)
  return {
    facts: decisionFacts(site, at, steered, sent, states, horizon, source),
    setPoints: ordersOf(site, at, sent),
  }
}

const lastOf = (
  quarters: readonly { quarter: ZoneQuarter }[],
  of: (quarter: ZoneQuarter) => number | null,
): number | null => quarters.reduce<number | null>((last, { quarter }) => of(quarter) ?? last, null)

/** Zones with a plant whose last quarter was measured. */
function observations(
  site: Site,
  recent: readonly { at: EpochMs; quarter: ZoneQuarter }[],
  at: EpochMs,
  clock: LocalClock,
): ZoneObservation[] {
  return site.zones.flatMap((zone) => {
    const own = recent.filter(({ quarter }) => quarter.zone === zone.name)
    const last = own.at(-1)
    const temperatureC = last?.quarter.endTemperatureC ?? null
    if (!zone.plant || temperatureC === null || last === undefined || last.at < at - 2 * QUARTER) return []
    return [
      {
        zone: zone.name,
        temperatureC,
        occupied: last.quarter.occupiedNow ?? 0.5,
        recent: zoneSteps(own, clock),
      },
    ]
  })
}

function zoneKnowledge(zone: Site['zones'][number], stored: StoredKnowledge | undefined): ZoneKnowledge[] {
  if (!zone.plant) return []
  return [
    {
      zone: zone.name,
      identification: openIdentification(stored?.identification ?? null),
      presence: Float64Array.from(stored?.presence ?? Array.from({ length: 168 }, () => 0.5)),
      heatingKw: PLATE_SHARE * zone.plant.heatingKw,
      coolingKw: PLATE_SHARE * zone.plant.coolingKw,
    },
  ]
}

/** What the last decision before this one left in force, and what people have set by hand. */
async function statesBefore(
  site: Site,
  at: EpochMs,
  { reader }: JobSources,
): Promise<Map<string, InterlockState>> {
  const thing = siteThing(site.name)
  const recent = await reader.facts({
    type: buildingFacts.decision,
    thing,
    from: at - 2 * HOUR,
    to: at,
    limit: 100,
  })
  const last = recent.filter((fact) => fact.at < at).at(-1)
  const kept = (last?.value['states'] ?? []) as KeptState[]
  const states = new Map<string, InterlockState>(
    kept.map(({ zone, ...state }) => [zone, { ...state, override: null }]),
  )
  for (const { zone, heatC, coolC, until, by } of await overridesOf(reader, site.name, at)) {
    const state = states.get(zone) ?? { current: null, since: at }
    states.set(zone, { ...state, override: { setPoints: { heatC, coolC }, until, by } })
  }
  return states
}

/** The decision for the record, and the whole plan, of which only the newest is kept. */
function decisionFacts(
  site: Site,
  at: EpochMs,
  decision: BuildingDecision,
  sent: readonly ZoneCommand[],
  states: ReadonlyMap<string, InterlockState>,
  horizon: readonly HorizonStep[],
  source: string,
): Fact[] {
  const kept = [...states].map(
    ([zone, { current, since, applied, override }]): KeptState & { override: unknown } => ({
      zone,
      current,
      since,
      applied: applied === true,
      override,
    }),
  )
  const zones = decision.zones.map(({ setPoints, ...zone }) => {
    const command = sent.find((c) => c.zone === zone.zone)
    return {
      ...zone,
      now: setPoints[0],
      sent: command ? { ...command.setPoints, until: command.until, changed: command.changed } : null,
    }
  })
  const summary = {
    ...decision,
    site: site.name,
    zones,
    weather: source,
    currency: site.tariff?.currency ?? null,
  }
  const common = { thing: siteThing(site.name), at, version: at }
  const tenths = (x: number): number => Math.round(10 * x) / 10
  return [
    {
      ...common,
      type: buildingFacts.decision,
      key: String(at),
      until: at + QUARTER,
      value: { ...summary, states: kept },
    },
    {
      ...common,
      type: buildingFacts.plan,
      key: 'newest',
      until: at + horizon.length * QUARTER,
      value: {
        ...summary,
        stepMs: QUARTER,
        horizon: horizon.map(({ at: t, outdoorC, price }) => ({ at: t, outdoorC: tenths(outdoorC), price })),
        setPoints: Object.fromEntries(
          decision.zones.map(({ zone, setPoints }) => [
            zone,
            setPoints.map(({ heatC, coolC }) => ({ heatC: tenths(heatC), coolC: tenths(coolC) })),
          ]),
        ),
      },
    },
  ]
}

const ordersOf = (site: Site, at: EpochMs, sent: readonly ZoneCommand[]): SetPointOrder[] =>
  sent.flatMap(({ zone, setPoints, until, why }) => {
    const plant = site.zones.find((z) => z.name === zone)?.plant
    if (!plant) return []
    return [{ id: `hvac/${site.name}/${zone}/${at}`, thing: plant.thing, zone, ...setPoints, until, why }]
  })
