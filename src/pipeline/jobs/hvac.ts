import { energyPrice } from '../../core/building/energy/tariff.ts'
import { commandsOf, decide, type ControllerSettings } from '../../core/building/hvac/controller.ts'
import type { SetPointOrder } from '../../core/building/hvac/desired-set-points.ts'
import { localClock } from '../../core/building/local-time.ts'
import { planLack, scheduledLimits, scheduledSetPoints, type Site } from '../../core/building/site.ts'
import { supposedPresence } from '../../core/building/occupancy/supposed-presence.ts'
import { QUARTER } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { knowledgeOf, quartersOf } from './building-facts.ts'
import { eachSite } from './each-site.ts'
import { decisionFacts } from './hvac-facts.ts'
import { observations, outdoorBefore, statesBefore, zoneKnowledge } from './hvac-inputs.ts'
import { horizonFrom } from './horizon.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'

const HOUR = 3_600_000
/** Where the mass stands and what the model has missed lately is seen in these. */
const RECENT_MS = 24 * HOUR
/** A kelvin-hour that somebody feels is worth this much electricity. */
const DISCOMFORT_KWH = 30

/** Every quarter of an hour: set-points of each steered building for the next 24 hours, and the orders that follow. */
export const hvac: Job = {
  name: 'hvac',
  everyMinutes: 15,
  catchUp: 1,
  run: (at, sources) => eachSite(at, sources, (site) => planSite(site, at, sources)),
}

/** The same for one building, on demand. Nothing where it has no plant or no schedule to be compared with. */
export const hvacOf = (name: string): Job => ({
  ...hvac,
  run: async (at, sources) => {
    const site = sources.configuration.site(name, at)
    return (site && (await planSite(site, at, sources))) ?? {}
  },
})

async function planSite(site: Site, at: EpochMs, sources: JobSources): Promise<JobOutcome | null> {
  const { schedule, tariff } = site
  if (!schedule || planLack(site) !== null) return null
  const clock = localClock(site.timeZone)
  const known = await knowledgeOf(sources.reader, site.name, at)
  const recent = await quartersOf(sources.reader, site.name, site.zones.length, at - RECENT_MS, at)
  const { observed, left } = observations(site, recent, at)
  const outdoorC = outdoorBefore(recent, at)
  const priceClock = tariff ? localClock(tariff.timeZone) : clock
  const { horizon, source } = await horizonFrom(sources.weather, site, at, outdoorC, (t) =>
    tariff ? energyPrice(tariff, priceClock, t) : 1,
  )
  const settings: ControllerSettings = {
    clock,
    stepHours: QUARTER / HOUR,
    discomfortKwh: DISCOMFORT_KWH,
    limits: scheduledLimits(schedule),
    schedule: scheduledSetPoints(schedule, clock),
    currency: tariff?.currency ?? 'kWh',
    adviseOnly: site.control !== 'apply',
    ...(site.limits === undefined ? {} : { interlock: site.limits }),
  }
  const states = await statesBefore(site, at, sources)
  const before = new Map(states)
  const running = [...known.values()].find((k) => k.runningMeanC !== null)?.runningMeanC
  const supposed = supposedPresence(schedule, clock, at)
  const decision = decide(
    { now: at, runningMeanC: running ?? horizon[0]!.outdoorC, zones: observed },
    horizon,
    site.zones.flatMap((zone) => zoneKnowledge(zone, known.get(zone.name), supposed)),
    settings,
    [...states.values()].some((state) => state.applied === true),
  )
  const sent = commandsOf(decision, at, states, settings)
  return {
    facts: decisionFacts({ site, at, decision, sent, left, states, horizon, source }),
    setPoints: site.zones.flatMap(({ name, plant }): SetPointOrder[] => {
      if (!plant) return []
      const command = sent.find(({ zone }) => zone === name)
      // What is no longer steered is given back at once and need not wait for its lease.
      if (!command && before.get(name)?.applied !== true) return []
      const setPoints = command ? { ...command.setPoints, until: command.until } : null
      return [{ thing: plant.thing, zone: name, source: 'plan', by: 'plan', at, setPoints }]
    }),
  }
}
