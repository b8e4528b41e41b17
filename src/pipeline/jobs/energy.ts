import { energyByZone } from '../../core/building/energy/energy.ts'
import { dependsOnMonth, monthStart } from '../../core/building/energy/tariff.ts'
import { localClock } from '../../core/building/local-time.ts'
import { siteThing, type Meter, type Site } from '../../core/building/site.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import { buildingFacts, outdoorByHour } from './building-facts.ts'
import { eachSite, turnOf } from './each-site.ts'
import { expectedEnergy } from './expected-energy.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'
import { meterEnergy } from './meters.ts'
import { priceHours } from './price-hours.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const QUARTER = HOUR / 4
/** Minutes of the last hours are counted again: late ones still come in. */
const AGAIN_HOURS = 3
/** Hours that lack minutes are looked at again for two days, and once a day for as long as a bill is open. */
const LATE_MS = 2 * DAY
const OPEN_BILL_MS = 35 * DAY
/** An hour of which this much was measured is complete: a counter's steps do not end on the hour. */
const COMPLETE = 0.99

/** Every hour and meter: energy, its share of each zone, what it cost and what was to be expected. */
export const energy: Job = {
  name: 'energy',
  everyMinutes: 60,
  // More would be made up for by looking at what is missing.
  catchUp: 1,
  run: (at, sources) => eachSite(at, sources, (site) => siteHours(site, at, sources)),
}

/** One hour of one meter, as it is stored. */
export interface EnergyHour {
  meter: string
  /** The meter that this one is behind, whose energy contains its. */
  within: string | null
  kWh: number
  /** By quarter of the hour. */
  quartersKWh: readonly number[]
  coveredMs: number
  zones: Readonly<Record<string, number>>
  cost: number | null
  currency: string | null
  /** The tariff's name, and of which content of it the cost was made. */
  tariff: string | null
  tariffPrint: string | null
  outdoorC: number | null
  /** What the building's own past makes likely for this hour and temperature; null before four weeks. */
  expectedKWh: number | null
}

/** Hours of one site: by meter, then by their beginning. */
export type SiteHours = Map<string, Map<EpochMs, EnergyHour>>

async function siteHours(site: Site, at: EpochMs, sources: JobSources): Promise<JobOutcome | null> {
  if (site.meters.length === 0) return null
  const from = at - (turnOf(site, at, 24) ? OPEN_BILL_MS : LATE_MS)
  const { tariff } = site
  const clock = localClock(tariff?.timeZone ?? site.timeZone)
  // What the month has used before decides what a kWh costs now.
  const since = tariff && dependsOnMonth(tariff) ? monthStart(clock, from) : from
  const stored = await storedHours(site, since, at, sources)
  const hours: SiteHours = new Map([...stored].map(([meter, own]) => [meter, new Map(own)]))
  for (const meter of site.meters) await measure(site, meter, from, at, hours, sources)
  if (tariff) priceHours(hours, site, tariff, clock)
  const facts: Fact[] = []
  for (const [meter, own] of hours)
    for (const [hour, value] of own) {
      if (hour < since || sameHour(stored.get(meter)?.get(hour), value)) continue
      facts.push(hourFact(site, hour, at, value))
    }
  return { facts }
}

const sameHour = (a: EnergyHour | undefined, b: EnergyHour): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const hourFact = (site: Site, hour: EpochMs, at: EpochMs, value: EnergyHour): Fact => ({
  type: buildingFacts.energy,
  thing: siteThing(site.name),
  key: `${value.meter}/${hour}`,
  at: hour,
  until: hour + HOUR,
  version: at,
  value: { ...value },
})

async function storedHours(
  site: Site,
  from: EpochMs,
  to: EpochMs,
  { reader }: Pick<JobSources, 'reader'>,
): Promise<SiteHours> {
  const limit = site.meters.length * Math.ceil((to - from) / HOUR + 1)
  const facts = await reader.facts({ type: buildingFacts.energy, thing: siteThing(site.name), from, startingFrom: from, to, limit }) // prettier-ignore
  const hours: SiteHours = new Map(site.meters.map(({ id }) => [id, new Map()]))
  for (const { at, value } of facts) {
    const hour = value as unknown as EnergyHour
    hours.get(hour.meter)?.set(at, hour)
  }
  return hours
}

/** Measures the newest hours, and those of a range that were not complete, into `hours`. */
async function measure(
  site: Site,
  meter: Meter,
  from: EpochMs,
  at: EpochMs,
  hours: SiteHours,
  sources: JobSources,
): Promise<void> {
  const own = hours.get(meter.id)!
  const wanting: EpochMs[] = []
  for (let hour = from; hour < at; hour += HOUR)
    if (hour >= at - AGAIN_HOURS * HOUR || (own.get(hour)?.coveredMs ?? 0) < COMPLETE * HOUR)
      wanting.push(hour)
  const fresh = new Map<EpochMs, { kWh: number; quartersKWh: number[]; coveredMs: number }>()
  // A day at a time: a month of a meter that was never there is not held at once.
  for (const [day, ofDay] of Map.groupBy(wanting, (hour) => Math.floor(hour / DAY))) {
    const series = await meterEnergy(sources, meter, ofDay[0]!, Math.min(at, (day + 1) * DAY))
    for (const hour of ofDay) {
      const { kWh, coveredMs } = series.between(hour, hour + HOUR)
      if (coveredMs === 0 || coveredMs < (own.get(hour)?.coveredMs ?? 0)) continue
      const quartersKWh = [0, 1, 2, 3].map(
        (q) => series.between(hour + q * QUARTER, hour + (q + 1) * QUARTER).kWh,
      )
      fresh.set(hour, { kWh, quartersKWh, coveredMs })
    }
  }
  if (fresh.size === 0) return
  const outdoor = await outdoorByHour(sources.reader, site, Math.min(...fresh.keys()), at)
  const expected = await expectedEnergy(sources.reader, site, at)
  for (const [hour, measured] of fresh) {
    const outdoorC = outdoor.get(hour) ?? null
    const { cost = null, currency = null, tariff = null, tariffPrint = null } = own.get(hour) ?? {}
    own.set(hour, {
      meter: meter.id,
      within: meter.within ?? null,
      ...measured,
      zones: energyByZone(measured.kWh, meter.shares ?? {}),
      cost,
      currency,
      tariff,
      tariffPrint,
      outdoorC,
      expectedKWh: outdoorC === null ? null : expected(meter.id, hour, outdoorC),
    })
  }
}
