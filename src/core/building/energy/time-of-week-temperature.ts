import { normalEquations } from '../least-squares.ts'

export interface MeteredHour {
  /** 0 to 167, local. */
  hourOfWeek: number
  temperature: number
  kWh: number
}

/** Expected hourly consumption by hour of week and outdoor temperature. */
export interface TimeOfWeekTemperature {
  base: Float64Array
  occupied: Uint8Array
  /** Interior ends of the temperature segments, ascending. */
  ends: number[]
  /** Slope of each segment, unoccupied then occupied hours. */
  slopes: Float64Array
  parameters: number
}

const SEGMENTS = 6
/** An hour of the week is occupied if consumption exceeds the temperature model in more weeks than this (Mathieu et al.). */
const OCCUPIED_SHARE = 0.65

/**
 * Time-of-week and temperature model: a level for each of the 168 hours of the week and piecewise-linear temperature
 * effects that differ between occupied and unoccupied hours. Mathieu, Price, Kiliccote and Piette 2011 (IEEE Trans.
 * Smart Grid 2). Null with less than four weeks.
 */
export function fitTimeOfWeekTemperature(hours: readonly MeteredHour[]): TimeOfWeekTemperature | null {
  if (hours.length < 4 * 168) return null
  const ends = segmentEnds(hours)
  const occupied = occupiedHours(hours)
  const n = 168 + 2 * SEGMENTS
  const equations = normalEquations(n)
  const row = new Float64Array(n)
  for (const hour of hours) {
    row.fill(0)
    fillRow(row, hour, ends, occupied)
    equations.add(row, hour.kWh)
  }
  // A hair of ridge: hours and segments that never occurred get nothing instead of making the system singular.
  const w = equations.solve(1e-6)
  if (w === null) return null
  return {
    base: w.subarray(0, 168),
    occupied,
    ends,
    slopes: w.subarray(168),
    parameters: 168 + (occupied.includes(1) && occupied.includes(0) ? 2 : 1) * SEGMENTS,
  }
}

/** Expected kWh of one hour. */
export function expectedHour(model: TimeOfWeekTemperature, hourOfWeek: number, temperature: number): number {
  const side = model.occupied[hourOfWeek] === 1 ? SEGMENTS : 0
  const parts = components(temperature, model.ends)
  return parts.reduce((sum, x, k) => sum + x * model.slopes[side + k]!, model.base[hourOfWeek]!)
}

function fillRow(row: Float64Array, hour: MeteredHour, ends: readonly number[], occupied: Uint8Array): void {
  row[hour.hourOfWeek] = 1
  const side = 168 + (occupied[hour.hourOfWeek] === 1 ? SEGMENTS : 0)
  for (const [k, x] of components(hour.temperature, ends).entries()) row[side + k] = x
}

/** How far the temperature reaches into each segment, measured from the middle end so that columns stay small. */
function components(temperature: number, ends: readonly number[]): number[] {
  const origin = ends[2]!
  return Array.from({ length: SEGMENTS }, (_, k) => {
    const low = k === 0 ? -Infinity : ends[k - 1]!
    const high = k === SEGMENTS - 1 ? Infinity : ends[k]!
    const clamp = (t: number): number => Math.min(high, Math.max(low, t))
    const reach = clamp(temperature) - clamp(origin)
    return Number.isFinite(reach) ? reach : 0
  })
}

/** Five interior ends that divide the middle 98 % of temperatures evenly. */
function segmentEnds(hours: readonly MeteredHour[]): number[] {
  const sorted = hours.map((h) => h.temperature).sort((a, b) => a - b)
  const low = sorted[Math.floor(0.01 * sorted.length)]!
  const high = sorted[Math.floor(0.99 * (sorted.length - 1))]!
  return Array.from({ length: SEGMENTS - 1 }, (_, k) => low + ((high - low) * (k + 1)) / SEGMENTS)
}

function occupiedHours(hours: readonly MeteredHour[]): Uint8Array {
  const equations = normalEquations(SEGMENTS + 1)
  const ends = segmentEnds(hours)
  for (const h of hours) equations.add([1, ...components(h.temperature, ends)], h.kWh)
  const w = equations.solve(1e-9)
  const above = new Float64Array(168)
  const seen = new Float64Array(168)
  for (const h of hours) {
    const row = [1, ...components(h.temperature, ends)]
    const expected = w === null ? 0 : row.reduce((sum, x, k) => sum + x * w[k]!, 0)
    seen[h.hourOfWeek]! += 1
    if (h.kWh > expected) above[h.hourOfWeek]! += 1
  }
  return Uint8Array.from({ length: 168 }, (_, i) => (above[i]! > OCCUPIED_SHARE * seen[i]! ? 1 : 0))
}
