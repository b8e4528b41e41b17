import type { EpochMs } from '../telemetry/reading.ts'
import type { Tariff, TimeOfUse } from './energy/tariff.ts'
import type { InterlockLimits } from './hvac/interlock.ts'
import type { SetPoints } from './hvac/plan-zone.ts'
import type { LocalClock } from './local-time.ts'

/** Measures of one device: those named, or all of them. */
export interface Source {
  thing: string
  measures?: readonly string[]
}

export interface Zone {
  /** Unique within its site. */
  name: string
  /** Whatever tells of temperature, humidity and people here (docs/building.md names the measures). */
  sensors: readonly Source[]
  volumeM3?: number
  /** The zone's plant, if it can be steered: who takes set-points, and thermal kW on the name plates. */
  plant?: { thing: string; heatingKw: number; coolingKw: number }
}

/** A measure of power (gauge) or of energy (counter); the device type says which, and in what unit. */
export interface Meter {
  id: string
  thing: string
  measure: string
  /** What runs behind it; heating and cooling of one zone is what its thermal model is learned from. */
  feeds?: 'heating' | 'cooling' | 'other'
  /** Share of each zone; what is left belongs to none. */
  shares?: Readonly<Record<string, number>>
}

/** Set-points by local wall clock; the first entry whose time holds wins. */
export interface Schedule {
  periods: readonly ({ when: TimeOfUse } & SetPoints)[]
  otherwise: SetPoints
}

/** A building as people have described it. `name` is what devices call their site. */
export interface Site {
  name: string
  timeZone: string
  location?: { latitude: number; longitude: number }
  zones: readonly Zone[]
  meters: readonly Meter[]
  /** A weather station of its own: temperature, and irradiance if it has that. */
  outdoor?: { thing: string; temperature: string; irradiance?: string }
  tariff?: Tariff
  /** The building's own set-points, which it returns to when nothing else is asked. */
  schedule?: Schedule
  limits?: InterlockLimits
  /** Apply plans that are worth it, or only advise; advise unless told. */
  control?: 'apply' | 'advise'
}

/** Who facts and alarms of a site are filed under, so that a device of the same name stays another. */
export const siteThing = (site: string): string => `site:${site}`

/** The schedule's set-points at a moment. */
export const scheduledSetPoints =
  ({ periods, otherwise }: Schedule, clock: LocalClock) =>
  (at: EpochMs): SetPoints => {
    const { weekday, month, minuteOfDay } = clock(at)
    const found = periods.find(({ when }) => {
      const from = when.fromMinute ?? 0
      const to = when.toMinute ?? 1440
      const inside =
        from <= to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to
      return inside && (when.weekdays?.includes(weekday) ?? true) && (when.months?.includes(month) ?? true)
    })
    const { heatC, coolC } = found ?? otherwise
    return { heatC, coolC }
  }

/** What is wrong with a site beyond its form, one sentence each; empty if nothing is. */
export function siteFaults(site: Site): string[] {
  const faults: string[] = []
  const names = site.zones.map((zone) => zone.name)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) faults.push(`two zones are called ${twice}`)
  const ids = site.meters.map((meter) => meter.id)
  const meter = ids.find((id, i) => ids.indexOf(id) < i)
  if (meter !== undefined) faults.push(`two meters are called ${meter}`)
  for (const { id, shares = {} } of site.meters) {
    const unknown = Object.keys(shares).find((zone) => !names.includes(zone))
    if (unknown !== undefined) faults.push(`meter ${id} feeds ${unknown}, which is no zone of the site`)
    const sum = Object.values(shares).reduce((a, b) => a + b, 0)
    if (sum > 1 + 1e-9) faults.push(`the shares of meter ${id} sum to ${sum}, at most 1 is allowed`)
  }
  return faults
}
