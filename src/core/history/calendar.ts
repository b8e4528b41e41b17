import type { EpochMs } from '../telemetry/reading.ts'

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month' | 'year'
export const calendarUnits: readonly CalendarUnit[] = ['hour', 'day', 'week', 'month', 'year']

const HOUR = 3_600_000
const DAY = 86_400_000

/** Whether this runtime's time zone database knows the zone. */
export function isZone(zone: string): boolean {
  try {
    zoneOf(zone)
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
  const { offset, stretches } = zoneOf(zone)
  if (unit === 'hour') return hourEdges(stretches(from - 3 * HOUR, to + 3 * HOUR), from, to)
  const edges: EpochMs[] = []
  let date = startOfUnit(unit, Math.floor((from + offset(from)) / DAY))
  for (;;) {
    const start = startOfDate(date, offset)
    if (edges.at(-1) !== start) edges.push(start)
    if (start >= to) return edges
    date = nextUnit(unit, date)
  }
}

function hourEdges(stretches: readonly Stretch[], from: EpochMs, to: EpochMs): EpochMs[] {
  const edges: EpochMs[] = []
  for (const { from: start, to: end, offset } of stretches)
    for (let at = Math.ceil((start + offset) / HOUR) * HOUR - offset; at < end; at += HOUR) {
      if (at <= from) edges.length = 0
      edges.push(at)
      if (at >= to) return edges
    }
  return edges
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

interface Stretch {
  from: EpochMs
  to: EpochMs
  /** Milliseconds to add to UTC. */
  offset: number
}

interface Zone {
  offset(t: EpochMs): number
  /** Stretches of one offset each that cover [from, to), ascending. */
  stretches(from: EpochMs, to: EpochMs): Stretch[]
}

const zones = new Map<string, Zone>()
/** A caller that walks through centuries must not fill memory. */
const MOST_YEARS = 400

/** A zone's offsets, found a year at a time by asking Intl, and then remembered. */
function zoneOf(name: string): Zone {
  const known = zones.get(name)
  if (known) return known
  const { look, canonical } = offsetFinder(name)
  const years = new Map<number, Stretch[]>()

  function yearOf(t: EpochMs): Stretch[] {
    const year = new Date(t).getUTCFullYear()
    let found = years.get(year)
    if (!found) {
      if (years.size >= MOST_YEARS) years.clear()
      years.set(year, (found = findStretches(look, Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1))))
    }
    return found
  }

  const zone: Zone = {
    offset: (t) => yearOf(t).find((s) => t < s.to)!.offset,
    stretches: (from, to) => {
      const out: Stretch[] = []
      for (let t = from; t < to;) {
        for (const s of yearOf(t)) {
          if (s.to <= t || s.from >= to) continue
          const last = out.at(-1)
          if (last?.offset === s.offset) last.to = s.to
          else out.push({ ...s })
        }
        t = Date.UTC(new Date(t).getUTCFullYear() + 1, 0, 1)
      }
      return out
    },
  }
  // Names in other letters are not remembered: there is no end of them.
  if (canonical === name) zones.set(name, zone)
  return zone
}

/** Since 1970 no zone has changed its clocks and back again within so short a time. */
const PROBE = 4 * DAY

function findStretches(look: (t: EpochMs) => number, from: EpochMs, to: EpochMs): Stretch[] {
  const out: Stretch[] = [{ from, to, offset: look(from) }]
  for (let probe = from + PROBE; probe < to + PROBE; probe += PROBE) {
    const last = out.at(-1)!
    const offset = look(Math.min(probe, to - 1))
    if (offset === last.offset) continue
    let low = Math.max(probe - PROBE, last.from)
    let high = Math.min(probe, to - 1)
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (look(middle) === last.offset) low = middle
      else high = middle
    }
    last.to = high
    out.push({ from: high, to, offset })
  }
  return out
}

/** Throws where the zone is unknown. */
function offsetFinder(zone: string): { look: (t: EpochMs) => number; canonical: string } {
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
  // As in 11/22/2026, 17:04:05
  const look = (t: EpochMs): number => {
    const [month, day, year, hour, minute, second] = format.format(t).split(/\D+/).map(Number) as [
      number, number, number, number, number, number,
    ] // prettier-ignore
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(t / 1000) * 1000
  }
  return { look, canonical: format.resolvedOptions().timeZone }
}
