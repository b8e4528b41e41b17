import { BadRecord } from './errors.ts'
import { limits } from './limits.ts'
import type { EpochMs } from './reading.ts'
import { shown } from './shown.ts'

/** A moment as devices write it: epoch milliseconds, or RFC 3339 text with a zone; rounded to a whole millisecond. */
export function parseTimestamp(value: unknown, field: string): EpochMs {
  const at = typeof value === 'number' ? value : typeof value === 'string' ? parseRfc3339(value) : Number.NaN
  if (Number.isNaN(at))
    throw new BadRecord(
      'bad_time',
      `${field} is ${shown(value)}; allowed are epoch milliseconds or RFC 3339 with a zone, such as "2026-03-01T12:00:00.5Z"`,
    )
  return checkedTime(at, field)
}

/** A whole millisecond within the years that the platform accepts. */
export function checkedTime(at: number, field: string): EpochMs {
  const whole = Math.round(at)
  if (isTime(whole)) return whole
  throw new BadRecord(
    'bad_time',
    `${field} is ${shown(at)}; allowed are ${limits.earliestAt} (2000-01-01) to ${limits.latestAt} (2100-01-01), in milliseconds`,
  )
}

/** Whether a whole millisecond lies within those years. */
export const isTime = (at: number): boolean => at >= limits.earliestAt && at <= limits.latestAt

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** RFC 3339 section 5.6 `date-time`, every field within its range; NaN for anything else. */
export function parseRfc3339(text: string): number {
  const match = text.length <= 64 ? rfc3339.exec(text) : null
  if (!match) return Number.NaN
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return Number.NaN
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN
  const offset = zoneMinutes(match[8], match[9], match[10])
  const start = Date.UTC(year, month - 1, day, hour, minute, second) - offset * 60_000
  if (second === 60 && !endsMonth(start)) return Number.NaN
  return start + Number(match[7] ?? 0) * 1000
}

function zoneMinutes(sign?: string, hours = '0', minutes = '0'): number {
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

// RFC 3339 appendix D: a leap second closes a month in UTC; POSIX time counts it as the next second.
const endsMonth = (next: number): boolean => {
  const date = new Date(next)
  return date.getUTCDate() === 1 && next % 86_400_000 === 0
}
