import { energyByZone } from '../../core/building/energy/energy.ts'
import { costOf, tariffAt, type Tariff } from '../../core/building/energy/tariff.ts'
import { localClock } from '../../core/building/local-time.ts'
import { siteThing, type Meter, type Site } from '../../core/building/site.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import { buildingFacts, quartersOf } from './building-facts.ts'
import { expectedEnergy } from './expected-energy.ts'
import type { Job, JobSources } from './job.ts'
import { meterEnergy } from './meters.ts'

const HOUR = 3_600_000
/** Late minutes of the last hours still count. */
const HOURS_AGAIN = 3
const LONGEST_MONTH_MS = 32 * 24 * HOUR

/** Every hour and meter: energy, its share of each zone, and what it cost. */
export const energy: Job = {
  name: 'energy',
  everyMinutes: 60,
  catchUp: 48,
  async *run(at, sources) {
    for (const site of sources.configuration.sites(at))
      for (const meter of site.meters) yield { facts: await meterHours(site, meter, at, sources) }
  },
}

export interface EnergyHour {
  meter: string
  kWh: number
  coveredMs: number
  zones: Readonly<Record<string, number>>
  cost: number | null
  currency: string | null
  tariff: string | null
  outdoorC: number | null
  /** What the building's own past makes likely for this hour and temperature; null before four weeks. */
  expectedKWh: number | null
}

async function meterHours(site: Site, meter: Meter, at: EpochMs, sources: JobSources): Promise<Fact[]> {
  const first = at - HOURS_AGAIN * HOUR
  const { tariff } = site
  const clock = localClock(tariff?.timeZone ?? site.timeZone)
  // Blocks and demand belong to the month: its beginning counts too.
  const from = tariff && needsMonth(tariff, at) ? first - LONGEST_MONTH_MS : first
  const series = await meterEnergy(sources, meter, from, at)
  const quarters = await quartersOf(sources.reader, site.name, site.zones.length, first, at)
  const expected = await expectedEnergy(sources.reader, site, meter.id, at)
  const facts: Fact[] = []
  for (let hour = first; hour < at; hour += HOUR) {
    const { kWh, coveredMs } = series.between(hour, hour + HOUR)
    if (coveredMs === 0) continue
    const temperatures = quarters.flatMap(({ at: t, quarter: { outdoorC } }) =>
      t >= hour && t < hour + HOUR && outdoorC !== null ? [outdoorC] : [],
    )
    const outdoorC =
      temperatures.length === 0 ? null : temperatures.reduce((a, b) => a + b, 0) / temperatures.length
    const version = tariff && tariffAt(tariff, hour)
    const value: EnergyHour = {
      meter: meter.id,
      kWh,
      coveredMs,
      zones: energyByZone(kWh, meter.shares ?? {}),
      cost: tariff && version ? costOf(tariff, clock, series, hour, hour + HOUR).total : null,
      currency: tariff?.currency ?? null,
      tariff: tariff?.id ?? null,
      outdoorC,
      expectedKWh: outdoorC === null ? null : expected(hour, outdoorC),
    }
    facts.push({
      type: buildingFacts.energy,
      thing: siteThing(site.name),
      key: `${meter.id}/${hour}`,
      at: hour,
      until: hour + HOUR,
      version: at,
      value: { ...value },
    })
  }
  return facts
}

const needsMonth = (tariff: Tariff, at: EpochMs): boolean => {
  const version = tariffAt(tariff, at - 1)
  return version?.demand !== undefined || (version?.blocks?.length ?? 0) > 0
}
