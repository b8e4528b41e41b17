import { localClock } from '../../core/building/local-time.ts'
import { calibrateRoom } from '../../core/building/occupancy/calibrate-room.ts'
import { forecastOccupancy } from '../../core/building/occupancy/forecast.ts'
import { zoneMinutes } from '../../core/building/occupancy/zone-minutes.ts'
import { siteThing, type Site } from '../../core/building/site.ts'
import { identifyZone } from '../../core/building/thermal/identify-zone.ts'
import { zoneSteps } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import {
  buildingFacts,
  knowledgeOf,
  quartersOf,
  storedIdentification,
  type StoredKnowledge,
} from './building-facts.ts'
import { closedWindows } from './closed-windows.ts'
import type { Job, JobSources } from './job.ts'
import { missingQuarters } from './zones.ts'

const DAY = 86_400_000
const STEP_HOURS = 0.25
/** Weeks of quarters that a zone's thermal model and habits are learned from: more says little of this season. */
const LOOK_BACK_DAYS = 42
/** Days of minutes that a room's sensors are calibrated on. */
const ROOM_DAYS = 3

/** Beyond this age what was learned is learned anew. */
const LEARNED_ANEW_MS = 6 * 3_600_000

/** Every six hours, and an hour after a building was described: what each zone has taught of itself. */
export const zoneLearning: Job = {
  name: 'zone-learning',
  everyMinutes: 60,
  catchUp: 1,
  async *run(at, sources) {
    for (const site of sources.configuration.sites(at)) {
      const known = await knowledgeOf(sources.reader, site.name, at)
      if (site.zones.every(({ name }) => known.has(name)) && at % LEARNED_ANEW_MS !== 0) continue
      yield { facts: await missingQuarters(site, at - LOOK_BACK_DAYS * DAY, at, sources) }
      yield { facts: await learnSite(site, at, sources) }
    }
  },
}

async function learnSite(site: Site, at: EpochMs, sources: JobSources): Promise<Fact[]> {
  const { reader } = sources
  const clock = localClock(site.timeZone)
  const from = at - LOOK_BACK_DAYS * DAY
  const all = await quartersOf(reader, site.name, site.zones.length, from, at)
  const facts: Fact[] = []
  for (const zone of site.zones) {
    const quarters = all.filter(({ quarter }) => quarter.zone === zone.name)
    const week = quarters.filter((q) => q.at >= at - 7 * DAY).flatMap((q) => q.quarter.outdoorC ?? [])
    const windows = await Promise.all(
      zone.sensors.map(async ({ thing, measures }) =>
        closedWindows(reader, thing, measures, at - ROOM_DAYS * DAY, at),
      ),
    )
    const presence = quarters.flatMap(({ at: t, quarter: { occupied } }) =>
      occupied === null
        ? []
        : [{ hourOfWeek: clock(t).hourOfWeek, share: occupied > 0.2 ? 1 : 0, ageDays: (at - t) / DAY }],
    )
    const value: StoredKnowledge = {
      zone: zone.name,
      room: calibrateRoom(zoneMinutes(windows.flat())),
      identification: storedIdentification(identifyZone(zoneSteps(quarters, clock), STEP_HOURS)),
      presence: Array.from(forecastOccupancy(presence)),
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
