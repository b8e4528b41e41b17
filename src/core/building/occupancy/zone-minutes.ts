import { mean, type WindowRow } from '../../window/window.ts'
import type { ZoneMinute } from './features.ts'

/** Measures by bare name that tell of occupancy, and how several sensors of a zone become one value. */
const roles: Readonly<
  Record<string, { field: Exclude<keyof ZoneMinute, 'minute'>; join: 'mean' | 'max' | 'sum' }>
> = {
  co2: { field: 'co2Ppm', join: 'mean' },
  light: { field: 'lightLux', join: 'max' },
  illuminance: { field: 'lightLux', join: 'max' },
  motion: { field: 'motion', join: 'max' },
  presence: { field: 'motion', join: 'max' },
  people: { field: 'count', join: 'sum' },
  count: { field: 'count', join: 'sum' },
  temperature: { field: 'temperatureC', join: 'mean' },
}

/** What no working sensor shows: such a minute of it is left out, or a counter at -3 would swear that nobody is there. */
const possible: Readonly<Record<Exclude<keyof ZoneMinute, 'minute'>, { low: number; high: number }>> = {
  co2Ppm: { low: 200, high: 40_000 },
  lightLux: { low: 0, high: 200_000 },
  motion: { low: 0, high: Infinity },
  count: { low: 0, high: Infinity },
  temperatureC: { low: -20, high: 60 },
}

/** Joins the minute windows of all devices of one zone into one row a minute, ascending. Other measures are left out. */
export function zoneMinutes(windows: readonly WindowRow[]): ZoneMinute[] {
  const minutes = new Map<number, ZoneMinute>()
  const parts = new Map<string, number>()
  for (const w of windows) {
    const role = roles[w.measure.split('@', 1)[0]!]
    if (role === undefined || w.n === 0) continue
    const { low, high } = possible[role.field]
    if (!(w.min >= low && w.max <= high)) continue
    const row = minutes.get(w.minute) ?? { minute: w.minute }
    const key = `${w.minute}/${role.field}`
    const n = (parts.get(key) ?? 0) + 1
    const value = mean(w)
    const before = row[role.field]
    if (before === undefined) row[role.field] = value
    else if (role.join === 'sum') row[role.field] = before + value
    else row[role.field] = role.join === 'max' ? Math.max(before, value) : before + (value - before) / n
    parts.set(key, n)
    minutes.set(w.minute, row)
  }
  return [...minutes.values()].sort((a, b) => a.minute - b.minute)
}
