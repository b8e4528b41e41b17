import type { EpochMs } from '../telemetry/reading.ts'

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month' | 'year'
export const calendarUnits: readonly CalendarUnit[] = ['hour', 'day', 'week', 'month', 'year']

const HOUR = 3_600_000
const DAY = 86_400_000

/** Whether this runtime's time zone database knows the zone. */
export function isZone(zone: string): boolean {
  try {
    offsetOf(zone)
    return true
  } catch {
    return false
  }
}

/**
 * Starts of the calendar's units in an IANA zone, ascending: from the unit that holds `from` to the first start at or
 * after `to`, both included. A day that a change of clocks makes 23, 23.5, 24.5 or 25 hours long is one unit; a day
 * whose midnight does not exist starts when its clocks do (Asia/Beirut, America/Havana). Hours are those of the clock
 * on the wall: they start where its minutes are zero, so Lord Howe's half-hour change gives one of 90 minutes.
 */
export function calendarEdges(zone: string, unit: CalendarUnit, from: EpochMs, to: EpochMs): EpochMs[] {
  const offset = offsetOf(zone)
  const edges: EpochMs[] = []
  if (unit === 'hour') {
    // Quarter-hours are the finest step of any zone's offset since 1972.
    const QUARTER = HOUR / 4
    const starts = (t: EpochMs): boolean => mod(t + offset(t), HOUR) === 0
    let t = Math.floor(from / QUARTER) * QUARTER
    while (!starts(t)) t -= QUARTER
    for (; t < to; t += QUARTER) if (starts(t)) edges.push(t)
    while (!starts(t)) t += QUARTER
    edges.push(t)
    return edges
  }
  let date = startOfUnit(unit, Math.floor((from + offset(from)) / DAY))
  for (;;) {
    const start = startOfDate(date, offset)
    if (edges.at(-1) !== start) edges.push(start)
    if (start >= to) return edges
    date = nextUnit(unit, date)
  }
}

/** Local dates are counted in days since 1970-01-01 of the local calendar. */
function startOfUnit(unit: CalendarUnit, date: number): number {
  if (unit === 'week') return date - mod(date + 3, 7) // 1970-01-01 was a Thursday; weeks start on Monday (ISO 8601)
  if (unit === 'day') return date
  const d = new Date(date * DAY)
  return Date.UTC(d.getUTCFullYear(), unit === 'year' ? 0 : d.getUTCMonth(), 1) / DAY
}

function nextUnit(unit: CalendarUnit, date: number): number {
  if (unit === 'day') return date + 1
  if (unit === 'week') return date + 7
  const d = new Date(date * DAY)
  return (
    (unit === 'year'
      ? Date.UTC(d.getUTCFullYear() + 1, 0, 1)
      : Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1)) / DAY
  )
}

/** The first instant whose local date is this one. */
function startOfDate(date: number, offset: (t: EpochMs) => number): EpochMs {
  const local = date * DAY
  // Offsets lie within a day of each other, so the start lies between these two.
  const candidates = [local - offset(local - DAY), local - offset(local + DAY)].sort((a, b) => a - b)
  for (const t of candidates) if (t + offset(t) === local && t - 1 + offset(t - 1) < local) return t
  for (const t of candidates) if (t + offset(t) === local) return t
  // Midnight was skipped: the change itself is the start.
  let low = candidates[0]! - 3 * HOUR
  let high = candidates[1]! + 3 * HOUR
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (middle + offset(middle) < local) low = middle
    else high = middle
  }
  return high
}

const mod = (a: number, b: number): number => ((a % b) + b) % b

const zones = new Map<string, (t: EpochMs) => number>()

/** Milliseconds to add to UTC. Looked up once a quarter-hour's year-long run of equal offsets. */
function offsetOf(zone: string): (t: EpochMs) => number {
  const known = zones.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const remembered = new Map<number, number>()
  const look = (t: EpochMs): number => {
    const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
    for (const { type, value } of format.formatToParts(t))
      if (type in part) part[type as 'year'] = Number(value)
    return (
      Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) -
      Math.floor(t / 1000) * 1000
    )
  }
  const offset = (t: EpochMs): number => {
    const quarter = Math.floor(t / (HOUR / 4))
    let found = remembered.get(quarter)
    if (found === undefined) {
      if (remembered.size > 20_000) remembered.clear() // a caller that walks through centuries must not fill memory
      remembered.set(quarter, (found = look(t)))
    }
    return found
  }
  zones.set(zone, offset)
  return offset
}
