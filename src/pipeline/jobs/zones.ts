import { estimateOccupancy } from '../../core/building/occupancy/occupancy.ts'
import { zoneMinutes } from '../../core/building/occupancy/zone-minutes.ts'
import { siteThing, type Meter, type Site, type Zone } from '../../core/building/site.ts'
import { meanOf, QUARTER, zoneQuarter, type ZoneQuarter } from '../../core/building/zone-quarter.ts'
import type { Transition } from '../../core/alarm/transition.ts'
import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { WindowRow } from '../../core/window/window.ts'
import { buildingFacts, knowledgeOf, quartersOf } from './building-facts.ts'
import { closedWindows } from './closed-windows.ts'
import type { Job, JobSources } from './job.ts'
import { meanPowerKw, meterEnergy } from './meters.ts'
import { standsNow, transitionTo } from './transition-to.ts'

/** Occupancy looks back this far; comfort and energy need less. */
const LOOK_BACK_MS = 3_600_000
/** Before a week has been measured people are dressed for this. */
const MILD_C = 15

/** Every quarter of an hour and zone: temperature, comfort, occupancy, plant power, from all devices of the zone. */
export const zones: Job = {
  name: 'zones',
  everyMinutes: 15,
  // A week: a gateway that was away fills in what the zone's model learns from.
  catchUp: 7 * 96,
  async *run(at, sources) {
    for (const site of sources.configuration.sites(at)) {
      yield { facts: await missingQuarters(site, at - GAPS_MS, at - QUARTER, sources) }
      yield await siteQuarter(site, at, sources)
    }
  },
}

/** History that came late is looked for this far back at every turn; learning looks further. */
const GAPS_MS = 6 * 3_600_000
const DAY = 86_400_000

/** Quarters between two times that no run has covered and for which minutes have come since: a gateway's history, say. */
export async function missingQuarters(
  site: Site,
  from: EpochMs,
  to: EpochMs,
  sources: JobSources,
): Promise<Fact[]> {
  const known = await quartersOf(sources.reader, site.name, site.zones.length, from, to)
  const covered = new Set(known.map(({ at }) => at))
  const facts: Fact[] = []
  for (let day = from; day < to; day += DAY) {
    const end = Math.min(day + DAY, to)
    const missing: EpochMs[] = []
    for (let start = Math.ceil(day / QUARTER) * QUARTER; start + QUARTER <= end; start += QUARTER)
      if (!covered.has(start)) missing.push(start)
    if (missing.length === 0 || !(await anyWindows(site, missing[0]!, missing.at(-1)! + QUARTER, sources)))
      continue
    for (const start of missing) facts.push(...(await siteQuarter(site, start + QUARTER, sources)).facts)
  }
  return facts
}

async function anyWindows(site: Site, from: EpochMs, to: EpochMs, { reader }: JobSources): Promise<boolean> {
  for (const { thing, measures } of site.zones.flatMap((zone) => zone.sensors)) {
    const range = { thing, from, to, limit: 1, ...(measures && { measures }) }
    if ((await reader.windows(range)).length > 0) return true
  }
  return false
}

async function siteQuarter(site: Site, at: EpochMs, sources: JobSources) {
  const from = at - QUARTER
  const known = await knowledgeOf(sources.reader, site.name, at)
  const outdoor = await outdoorOf(site, from, at, sources)
  const facts: Fact[] = []
  const transitions: Transition[] = []
  for (const zone of site.zones) {
    const windows = await zoneWindows(zone, at - LOOK_BACK_MS - QUARTER, at, sources)
    const knowledge = known.get(zone.name)
    const occupancy = estimateOccupancy(zoneMinutes(windows), knowledge?.room, roomOf(zone)).filter(
      (estimate) => estimate.minute >= from / MINUTE,
    )
    const quarter = zoneQuarter({
      zone: zone.name,
      minute: from / MINUTE,
      windows,
      occupancy,
      runningMeanC: knowledge?.runningMeanC ?? outdoor.temperatureC ?? MILD_C,
      outdoorC: outdoor.temperatureC,
      solarWm2: outdoor.solarWm2,
      heatingKw: await plantPower(site, zone.name, 'heating', from, at, sources),
      coolingKw: await plantPower(site, zone.name, 'cooling', from, at, sources),
    })
    if (windows.some((w) => w.minute >= from / MINUTE)) facts.push(quarterFact(site, quarter, from, at))
    transitions.push(...(await comfortTransitions(site, quarter, at, sources)))
  }
  return { facts, transitions }
}

const roomOf = ({ volumeM3 }: Zone) => (volumeM3 === undefined ? {} : { volumeM3 })

const quarterFact = (site: Site, quarter: ZoneQuarter, from: EpochMs, until: EpochMs): Fact => ({
  type: buildingFacts.quarter,
  thing: siteThing(site.name),
  key: `${quarter.zone}/${from}`,
  at: from,
  until,
  version: until,
  value: { ...quarter },
})

async function zoneWindows(
  zone: Zone,
  from: EpochMs,
  to: EpochMs,
  { reader }: JobSources,
): Promise<WindowRow[]> {
  const parts = await Promise.all(
    zone.sensors.map(async ({ thing, measures }) => closedWindows(reader, thing, measures, from, to)),
  )
  return parts.flat()
}

async function outdoorOf(site: Site, from: EpochMs, to: EpochMs, { reader, weather }: JobSources) {
  const { outdoor, location } = site
  let temperatureC: number | null = null
  let solarWm2: number | null = null
  if (outdoor) {
    const names = [outdoor.temperature, ...(outdoor.irradiance === undefined ? [] : [outdoor.irradiance])]
    const windows = await closedWindows(reader, outdoor.thing, names, from, to)
    const of = (measure: string): number | null =>
      meanOf(windows.filter((w) => w.measure === measure), [measure.split('@', 1)[0]!], from / MINUTE, to / MINUTE) // prettier-ignore
    temperatureC = of(outdoor.temperature)
    solarWm2 = outdoor.irradiance === undefined ? null : of(outdoor.irradiance)
  }
  if (location && (temperatureC === null || solarWm2 === null)) {
    const [hour] = (await weather.forecast({ ...location, from, to })).hours
    temperatureC ??= hour?.temperatureC ?? null
    solarWm2 ??= hour?.solarWm2 ?? null
  }
  return { temperatureC, solarWm2 }
}

/** Power of a zone's heating or cooling, shared meters by their share; null where nothing measures it. */
async function plantPower(
  site: Site,
  zone: string,
  feeds: NonNullable<Meter['feeds']>,
  from: EpochMs,
  to: EpochMs,
  sources: JobSources,
): Promise<number | null> {
  let total: number | null = null
  for (const meter of site.meters) {
    const share = meter.shares?.[zone] ?? 0
    if (meter.feeds !== feeds || share === 0) continue
    const power = meanPowerKw(await meterEnergy(sources, meter, from, to), from, to)
    if (power !== null) total = (total ?? 0) + power * share
  }
  return total
}

export const COMFORT_RULE = 'comfort'
/** Category C of ISO 7730:2005 Annex A ends at 0.7; it clears at category B. */
const RAISE_PMV = 0.7
const CLEAR_PMV = 0.5

/** People who are there and too cold or too warm. */
async function comfortTransitions(site: Site, quarter: ZoneQuarter, at: EpochMs, { alarms }: JobSources) {
  const { zone, pmv, ppd, occupied, confidence, endTemperatureC } = quarter
  const thing = siteThing(site.name)
  if (pmv === null || ppd === null || occupied === null || confidence === null) return []
  const stands = await standsNow(alarms, COMFORT_RULE, thing, zone)
  const active = occupied > 0.5 && confidence > 0.7 && Math.abs(pmv) > (stands ? CLEAR_PMV : RAISE_PMV)
  return transitionTo(
    alarms,
    { rule: COMFORT_RULE, thing, key: zone, at, severity: 'minor' },
    {
      active,
      why: {
        detector: 'pmv',
        text: active
          ? `${zone} of ${site.name} is too ${pmv < 0 ? 'cold' : 'warm'} for the people in it: ${ppd.toFixed(0)} % would be dissatisfied`
          : `${zone} of ${site.name} is comfortable again, or empty`,
        observed: pmv,
        expected: { low: -RAISE_PMV, high: RAISE_PMV },
        details: { zone, ppd, temperatureC: endTemperatureC, occupied },
      },
    },
  )
}
