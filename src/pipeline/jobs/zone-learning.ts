import { localClock } from '../../core/building/local-time.ts'
import { calibrateRoom } from '../../core/building/occupancy/calibrate-room.ts'
import { forecastOccupancy } from '../../core/building/occupancy/forecast.ts'
import { zoneMinutes } from '../../core/building/occupancy/zone-minutes.ts'
import { siteThing, type Site } from '../../core/building/site.ts'
import { supposedPresence } from '../../core/building/occupancy/supposed-presence.ts'
import { identifyZone } from '../../core/building/thermal/identify-zone.ts'
import { thermostatDroop } from '../../core/building/thermal/thermostat-droop.ts'
import { zoneSteps } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import { buildingFacts, knowledgeOf, quartersOf, type StoredKnowledge } from './building-facts.ts'
import { closedWindows } from './closed-windows.ts'
import { eachSite, turnOf } from './each-site.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'
import { lateQuarters } from './zones.ts'

const DAY = 86_400_000
const STEP_HOURS = 0.25
/** Weeks of quarters that a zone's thermal model and habits are learned from: more says little of this season. */
const LOOK_BACK_DAYS = 42
/** Days of minutes that a room's sensors are calibrated on. */
const ROOM_DAYS = 3

/** Beyond this age what was learned is learned anew. */
const ANEW_HOURS = 6

/** Every six hours, spread over the sites, and an hour after a building was described: what each zone has taught of itself. */
export const zoneLearning: Job = {
  name: 'zone-learning',
  everyMinutes: 60,
  catchUp: 1,
  run: (at, sources) => eachSite(at, sources, (site) => siteOutcomes(site, at, sources)),
}

async function* siteOutcomes(site: Site, at: EpochMs, sources: JobSources): AsyncGenerator<JobOutcome> {
  const known = await knowledgeOf(sources.reader, site.name, at)
  if (!turnOf(site, at, ANEW_HOURS) && site.zones.every(({ name }) => known.has(name))) return
  // Half-measured quarters were looked after while they were young.
  yield { facts: await lateQuarters(site, at - LOOK_BACK_DAYS * DAY, at, 1, sources) }
  yield { facts: await learnSite(site, at, sources) }
}

async function learnSite(site: Site, at: EpochMs, sources: JobSources): Promise<Fact[]> {
  const { reader } = sources
  const clock = localClock(site.timeZone)
  const from = at - LOOK_BACK_DAYS * DAY
  const all = await quartersOf(reader, site.name, site.zones.length, from, at)
  const supposed = site.schedule ? supposedPresence(site.schedule, clock, at) : null
  const facts: Fact[] = []
  for (const zone of site.zones) {
    const quarters = all.filter(({ quarter }) => quarter.zone === zone.name)
    const week = quarters.filter((q) => q.at >= at - 7 * DAY).flatMap((q) => q.quarter.outdoorC ?? [])
    const windows = await Promise.all(
      zone.sensors.map(async ({ thing, measures }) =>
        closedWindows(reader, thing, measures, at - ROOM_DAYS * DAY, at),
      ),
    )
    const steps = zoneSteps(quarters)
    const presence = quarters.flatMap(({ at: t, quarter: { occupied } }) =>
      occupied === null
        ? []
        : [{ hourOfWeek: clock(t).hourOfWeek, share: occupied > 0.2 ? 1 : 0, ageDays: (at - t) / DAY }],
    )
    const value: StoredKnowledge = {
      zone: zone.name,
      room: calibrateRoom(zoneMinutes(windows.flat())),
      identification: identifyZone(steps, STEP_HOURS),
      droop: thermostatDroop(steps),
      presence: Array.from(forecastOccupancy(presence, supposed)),
      runningMeanC: week.length === 0 ? null : week.reduce((a, b) => a + b, 0) / week.length,
      days: quarters.length / 96,
    }
    facts.push({
      type: buildingFacts.knowledge,
      thing: siteThing(site.name),
      key: zone.name,
      at,
      until: Number.MAX_SAFE_INTEGER,
      version: at,
      value: { ...value },
    })
  }
  return facts
}
