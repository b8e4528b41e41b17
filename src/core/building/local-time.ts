import type { EpochMs } from '../telemetry/reading.ts'

const HALF_HOUR = 1_800_000
const HOUR = 3_600_000
const DAY = 86_400_000
/** Half-hours whose offset is remembered: two years; a query over more starts over instead of growing. */
const REMEMBERED = 35_040

/** A moment on the wall clock of one time zone. */
export interface LocalTime {
  /** Days since 1970-01-01 on the local calendar. */
  day: number
  /** 0 Monday to 6 Sunday. */
  weekday: number
  /** 1 to 12. */
  month: number
  /** Minutes since local midnight by the wall clock: repeats and skips at changes to and from daylight saving. */
  minuteOfDay: number
  /** 0 to 167, Monday's first hour first. */
  hourOfWeek: number
  /** Local minus universal time. */
  offsetMs: number
}

export type LocalClock = (at: EpochMs) => LocalTime

/** Formats are dear to make and zones are few: about 600 names. */
const clocks = new Map<string, LocalClock>()

/** The wall clock of an IANA zone, daylight saving included; throws RangeError for an unknown zone. */
export function localClock(timeZone: string): LocalClock {
  let clock = clocks.get(timeZone)
  if (clock === undefined) clocks.set(timeZone, (clock = newClock(timeZone)))
  return clock
}

function newClock(timeZone: string): LocalClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const offsets = new Map<number, number>()
  // Zones change their offset on half-hours of universal time at the finest (Lord Howe).
  const offsetAt = (at: EpochMs): number => {
    const block = Math.floor(at / HALF_HOUR)
    const known = offsets.get(block)
    if (known !== undefined) return known
    const start = block * HALF_HOUR
    const parts: Record<string, number> = {}
    for (const part of format.formatToParts(start)) parts[part.type] = Number(part.value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts
    const offset = Date.UTC(year, month - 1, day, hour, minute) - start
    if (offsets.size >= REMEMBERED) offsets.clear()
    offsets.set(block, offset)
    return offset
  }
  return (at) => {
    const offsetMs = offsetAt(at)
    const local = at + offsetMs
    const day = Math.floor(local / DAY)
    // 1970-01-01 was a Thursday.
    const weekday = (((day + 3) % 7) + 7) % 7
    const minuteOfDay = Math.floor((local - day * DAY) / 60_000)
    return {
      day,
      weekday,
      month: new Date(local).getUTCMonth() + 1,
      minuteOfDay,
      hourOfWeek: weekday * 24 + Math.floor(minuteOfDay / 60),
      offsetMs,
    }
  }
}

/** Half-open spans between local midnights that cover a range: 23, 24 or 25 hours long. Clipped to the range. */
export function localDays(clock: LocalClock, from: EpochMs, to: EpochMs): { from: EpochMs; to: EpochMs }[] {
  const days: { from: EpochMs; to: EpochMs }[] = []
  let start = from
  while (start < to) {
    const { day } = clock(start)
    let end = Math.floor(start / HOUR) * HOUR + HOUR
    while (end < to && clock(end).day === day) end += HOUR
    // Zones off the hour: step back to the first half or quarter of the new day.
    while (end - 900_000 > start && clock(end - 900_000).day !== day) end -= 900_000
    days.push({ from: start, to: Math.min(end, to) })
    start = end
  }
  return days
}
