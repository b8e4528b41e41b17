import { withUnitSymbols } from './unit-symbol.ts'
import type { EpochMs } from '../telemetry/reading.ts'

interface LocalParts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  weekday: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** A moment on the calendar and clock of a zone. */
export function localParts(at: EpochMs, timeZone: string): LocalParts {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      weekday: 'short',
    })
    formats.set(timeZone, format)
  }
  const found: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(at)) found[type] = value
  const of = (type: string): number => Number(found[type])
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    weekday: found['weekday'] ?? '',
  }
}

const two = (n: number): string => String(n).padStart(2, '0')
/** ISO 8601. */
export const isoDay = ({ year, month, day }: LocalParts): string => `${year}-${two(month)}-${two(day)}`
export const isoMinute = (parts: LocalParts): string =>
  `${isoDay(parts)} ${two(parts.hour)}:${two(parts.minute)}`
/** A sentence of the platform’s with its units as people write them, its times in a zone, and without the name that it begins with. */
export const localSentence = (text: string, timeZone: string, subject = ''): string =>
  withUnitSymbols(
    subject !== '' && text.startsWith(`${subject} `) ? text.slice(subject.length + 1) : text,
  ).replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (iso) =>
    isoMinute(localParts(Date.parse(iso), timeZone)),
  )

/** “Mon 23”. */
export const shortDay = ({ weekday, day }: LocalParts): string => `${weekday} ${day}`
