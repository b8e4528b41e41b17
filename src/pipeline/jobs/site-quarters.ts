import { estimateOccupancy } from '../../core/building/occupancy/occupancy.ts'
import { zoneMinutes } from '../../core/building/occupancy/zone-minutes.ts'
import type { EnergySeries } from '../../core/building/energy/energy.ts'
import { siteThing, type Meter, type Site, type Zone } from '../../core/building/site.ts'
import { meanOf, QUARTER, zoneQuarter, type ZoneQuarter } from '../../core/building/zone-quarter.ts'
import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { WindowRow } from '../../core/window/window.ts'
import { buildingFacts, knowledgeOf } from './building-facts.ts'
import { closedWindows } from './closed-windows.ts'
import type { JobSources } from './job.ts'
import { meanPowerKw, meterEnergy } from './meters.ts'

/** Occupancy looks back this far; comfort and energy need less. */
const LOOK_BACK_MS = 3_600_000
/** Before a week has been measured people are dressed for this. */
const MILD_C = 15

/** One zone's quarter of an hour. */
export interface SiteQuarter {
  at: EpochMs
  values: ZoneQuarter
}

/** Every quarter of a range and zone of which anything was measured, each source read once for the whole range. */
export async function siteQuarters(
  site: Site,
  from: EpochMs,
  to: EpochMs,
  sources: JobSources,
): Promise<SiteQuarter[]> {
  const known = await knowledgeOf(sources.reader, site.name, to)
  const outdoor = await outdoorOf(site, from, to, sources)
  const meters = new Map<Meter, EnergySeries>()
  for (const meter of site.meters)
    if (meter.feeds === 'heating' || meter.feeds === 'cooling')
      meters.set(meter, await meterEnergy(sources, meter, from, to))
  const quarters: SiteQuarter[] = []
  for (const zone of site.zones) {
    const windows = await zoneWindows(zone, from - LOOK_BACK_MS, to, sources)
    if (windows.length === 0) continue
    const knowledge = known.get(zone.name)
    const occupancy = estimateOccupancy(zoneMinutes(windows), knowledge?.room, roomOf(zone))
    const rows = byQuarter(windows, ({ minute }) => minute * MINUTE)
    const estimates = byQuarter(occupancy, ({ minute }) => minute * MINUTE)
    for (let at = from; at < to; at += QUARTER) {
      const own = rows.get(at)
      if (own === undefined) continue
      const { temperatureC, solarWm2 } = outdoor(at)
      const values = zoneQuarter({
        zone: zone.name,
        minute: at / MINUTE,
        // The edges of a quarter are seen by a minute on either side.
        windows: [...(rows.get(at - QUARTER) ?? []), ...own, ...(rows.get(at + QUARTER) ?? [])],
        occupancy: estimates.get(at) ?? [],
        runningMeanC: knowledge?.runningMeanC ?? temperatureC ?? MILD_C,
        outdoorC: temperatureC,
        solarWm2,
        heatingKw: plantPower(meters, zone.name, 'heating', at),
        coolingKw: plantPower(meters, zone.name, 'cooling', at),
      })
      quarters.push({ at, values })
    }
  }
  return quarters
}

/** A quarter as it is stored; of the same quarter the one of more minutes replaces the one of fewer. */
export const quarterFact = (site: Site, { at, values }: SiteQuarter): Fact => ({
  type: buildingFacts.quarter,
  thing: siteThing(site.name),
  key: `${values.zone}/${at}`,
  at,
  until: at + QUARTER,
  version: at + QUARTER,
  value: { ...values },
})

const roomOf = ({ volumeM3 }: Zone) => (volumeM3 === undefined ? {} : { volumeM3 })

const byQuarter = <T>(items: readonly T[], at: (item: T) => EpochMs): Map<EpochMs, T[]> =>
  Map.groupBy(items, (item) => Math.floor(at(item) / QUARTER) * QUARTER)

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

type Outdoor = { temperatureC: number | null; solarWm2: number | null }

/** The building's own weather station, and the weather source where that says nothing. */
async function outdoorOf(
  site: Site,
  from: EpochMs,
  to: EpochMs,
  { reader, weather }: JobSources,
): Promise<(at: EpochMs) => Outdoor> {
  const { outdoor, location } = site
  const names = outdoor === undefined ? [] : [outdoor.temperature, ...(outdoor.irradiance === undefined ? [] : [outdoor.irradiance])] // prettier-ignore
  const rows = byQuarter(
    outdoor === undefined ? [] : await closedWindows(reader, outdoor.thing, names, from, to),
    ({ minute }) => minute * MINUTE,
  )
  const station = (at: EpochMs, measure: string | undefined): number | null =>
    measure === undefined
      ? null
      : meanOf(
          (rows.get(at) ?? []).filter((w) => w.measure === measure && isWeather(w, outdoor!)),
          [measure.split('@', 1)[0]!],
          at / MINUTE,
          (at + QUARTER) / MINUTE,
        )
  const complete = (at: EpochMs): boolean =>
    names.length === 2 && names.every((name) => station(at, name) !== null)
  let gap = false
  for (let at = from; at < to; at += QUARTER) gap ||= !complete(at)
  const hours = location && gap ? (await weather.forecast({ ...location, from, to })).hours : []
  return (at) => {
    const hour = hours.findLast((h) => h.at <= at)
    return {
      temperatureC: station(at, outdoor?.temperature) ?? hour?.temperatureC ?? null,
      solarWm2: station(at, outdoor?.irradiance) ?? hour?.solarWm2 ?? null,
    }
  }
}

/** Outdoor air was measured from -89.2 to 56.7 °C (WMO), and the sun gives 1,361 W/m²: a broken sensor says -127. */
const isWeather = ({ measure, min, max }: WindowRow, station: NonNullable<Site['outdoor']>): boolean =>
  measure === station.temperature ? min > -90 && max < 60 : min > -50 && max < 2000

/** Power of a zone's heating or cooling, shared meters by their share; null where nothing measures it. */
function plantPower(
  meters: ReadonlyMap<Meter, EnergySeries>,
  zone: string,
  feeds: NonNullable<Meter['feeds']>,
  at: EpochMs,
): number | null {
  let total: number | null = null
  for (const [meter, series] of meters) {
    const share = meter.shares?.[zone] ?? 0
    if (meter.feeds !== feeds || share === 0) continue
    const power = meanPowerKw(series, at, at + QUARTER)
    if (power !== null) total = (total ?? 0) + power * share
  }
  return total
}
