import type { Site } from '../../core/building/site.ts'
import { QUARTER } from '../../core/building/zone-quarter.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import { quartersOf } from './building-facts.ts'
import { comfortTransitions } from './comfort-alarm.ts'
import { eachSite } from './each-site.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'
import { quarterFact, siteQuarters } from './site-quarters.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Minutes that came late are looked for this far back at every turn; learning looks further. */
const LATE_MS = 6 * HOUR
const MINUTES = QUARTER / 60_000

/** Every quarter of an hour and zone: temperature, comfort, occupancy, plant power, from all devices of the zone. */
export const zones: Job = {
  name: 'zones',
  everyMinutes: 15,
  // A day, for alarms that still hold. Older quarters are made up for by what learning finds missing.
  catchUp: 96,
  run: (at, sources) => eachSite(at, sources, (site) => siteOutcomes(site, at, sources)),
}

async function* siteOutcomes(site: Site, at: EpochMs, sources: JobSources): AsyncGenerator<JobOutcome> {
  yield { facts: await lateQuarters(site, at - LATE_MS, at - QUARTER, MINUTES, sources) }
  const quarters = await siteQuarters(site, at - QUARTER, at, sources)
  yield {
    facts: quarters.map((quarter) => quarterFact(site, quarter)),
    transitions: await comfortTransitions(site, quarters, at, sources),
  }
}

/**
 * Quarters between two times for which more minutes have come than were there when they were computed: a gateway's
 * history, say. `enough` minutes count as complete.
 */
export async function lateQuarters(
  site: Site,
  from: EpochMs,
  to: EpochMs,
  enough: number,
  sources: JobSources,
): Promise<Fact[]> {
  const known = new Map<string, number>()
  for (const { at, quarter } of await quartersOf(sources.reader, site.name, site.zones.length, from, to))
    known.set(`${at}/${quarter.zone}`, quarter.minutes ?? MINUTES)
  const minutesOf = (at: EpochMs, zone: string): number => known.get(`${at}/${zone}`) ?? 0
  const facts: Fact[] = []
  for (let day = from; day < to; day += DAY) {
    const end = Math.min(day + DAY, to)
    const wanting: EpochMs[] = []
    for (let at = Math.ceil(day / QUARTER) * QUARTER; at + QUARTER <= end; at += QUARTER)
      if (site.zones.some(({ name }) => minutesOf(at, name) < enough)) wanting.push(at)
    if (wanting.length === 0) continue
    for (const quarter of await siteQuarters(site, wanting[0]!, wanting.at(-1)! + QUARTER, sources))
      if (quarter.values.minutes > minutesOf(quarter.at, quarter.values.zone))
        facts.push(quarterFact(site, quarter))
  }
  return facts
}
