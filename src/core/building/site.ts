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
  /** A meter behind another one, which has counted the same energy already. */
  within?: string
  /** Where a counter begins again at zero, in the measure's unit. */
  rolloverAt?: number
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

/**
 * Temperatures that a building is let drift between while nobody is there: as far as its own schedule ever lets it, so that
 * whoever comes unexpectedly finds it no colder or hotter than without a plan.
 */
export function scheduledLimits({ periods, otherwise }: Schedule): { low: number; high: number } {
  const all = [...periods, otherwise]
  return {
    low: Math.min(LEAST_SET_BACK.heatC, ...all.map(({ heatC }) => heatC)),
    high: Math.max(LEAST_SET_BACK.coolC, ...all.map(({ coolC }) => coolC)),
  }
}
/** A schedule that never sets back was not made with empty rooms in mind: these do no harm to a building. */
const LEAST_SET_BACK: SetPoints = { heatC: 18, coolC: 27 }

/** What is wrong with a site beyond its form, one sentence each; empty if nothing is. */
export function siteFaults(site: Site): string[] {
  const faults: string[] = []
  const names = site.zones.map((zone) => zone.name)
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) faults.push(`two zones are called ${twice}`)
  const ids = site.meters.map((meter) => meter.id)
  const starts = (site.tariff?.versions ?? []).map(({ validFrom }) => validFrom)
  const both = starts.find((at, i) => starts.indexOf(at) < i)
  if (both !== undefined)
    faults.push(`two versions of the tariff hold from ${new Date(both).toISOString()} on; which counts?`)
  const meter = ids.find((id, i) => ids.indexOf(id) < i)
  if (meter !== undefined) faults.push(`two meters are called ${meter}`)
  for (const { id, shares = {}, within } of site.meters) {
    const unknown = Object.keys(shares).find((zone) => !names.includes(zone))
    if (unknown !== undefined) faults.push(`meter ${id} feeds ${unknown}, which is no zone of the site`)
    const sum = Object.values(shares).reduce((a, b) => a + b, 0)
    if (within !== undefined && !withinMain(site.meters, id))
      faults.push(
        `meter ${id} lies within ${within}, and so on, and none of them is a main meter of the site`,
      )
    if (sum > 1 + 1e-9) faults.push(`the shares of meter ${id} sum to ${sum}, at most 1 is allowed`)
  }
  return faults
}

/** Whether going from meter to meter that it lies within ends at one that lies within none. */
function withinMain(meters: readonly Meter[], id: string): boolean {
  let meter = meters.find((m) => m.id === id)
  for (let hops = 0; meter?.within !== undefined && hops < meters.length; hops++) {
    const { within }: Meter = meter
    meter = meters.find((m) => m.id === within)
  }
  return meter !== undefined && meter.within === undefined
}
