/** Reads a cell as epoch milliseconds, null where it is none. */
export type ReadTime = (cell: string) => number | null

/** A column of times: whole moments, days without a time, or times of a day, in milliseconds from midnight. */
export interface TimeColumn {
  kind: 'moment' | 'date' | 'clock'
  read: ReadTime
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const clock = String.raw`(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?([AP])\.?M\.?)?`
const zone = String.raw`(?:\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?`
const tail = String.raw`(?:(?:[ T]|, ?)\s*${clock}${zone})?$`
const isoPattern = new RegExp(String.raw`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})${tail}`, 'i')
const numericPattern = new RegExp(String.raw`^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})${tail}`, 'i')
const shortYearPattern = new RegExp(String.raw`^(\d{1,2})(/)(\d{1,2})/(\d\d)${tail}`, 'i')
const dayMonthPattern = new RegExp(
  String.raw`^(?:[a-z]{2,9},? )?(\d{1,2})[- ]([a-z]{3,9})\.?[-, ]+(\d{4})${tail}`,
  'i',
)
const monthDayPattern = new RegExp(
  String.raw`^(?:[a-z]{2,9},? )?([a-z]{3,9})\.? (\d{1,2}),? (\d{4})${tail}`,
  'i',
)
const compactPattern =
  /^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?()(Z|[+-]\d\d:?\d\d)?)?$/i
const clockPattern = new RegExp(`^${clock}$`, 'i')
const saysTime = /time|date|epoch|^ts$|stamp/i

/** Looked at to tell what a column holds; every cell is still read by itself. */
const MOST_LOOKED_AT = 2000

/** How the cells of a column write time, found from the cells alone; null if fewer than nine tenths of them are times. */
export function timeColumn(cells: readonly string[], heading: string): TimeColumn | null {
  const filled = cells.filter((cell) => cell !== '')
  if (filled.length === 0) return null
  const every = Math.ceil(filled.length / MOST_LOOKED_AT)
  const looked = filled.filter((_, i) => i % every === 0)
  const good = (read: ReadTime): boolean =>
    looked.reduce((n, cell) => n + (read(cell) === null ? 0 : 1), 0) >= 0.9 * looked.length
  const readers: ReadTime[] = [readIso, numericReader(looked, filled), readNamedMonth]
  if (saysTime.test(heading)) readers.push(readCompact, readEpoch)
  for (const read of readers)
    if (good(read)) return { kind: looked.some((cell) => cell.includes(':') || /^\d{9,}/.test(cell) || /\dT\d/.test(cell)) ? 'moment' : 'date', read } // prettier-ignore
  return good(readClock) ? { kind: 'clock', read: readClock } : null
}

/** A wall-clock time without a zone is read as UTC. */
function readIso(cell: string): number | null {
  const match = isoPattern.exec(cell)
  return match && moment(match[1]!, match[2]!, match[3]!, match.slice(4))
}

/** Days and months by number: which comes first is seen where one exceeds 12, else points and hyphens put the day first. */
function numericReader(looked: readonly string[], all: readonly string[]): ReadTime {
  const pattern = looked.some((cell) => numericPattern.test(cell)) ? numericPattern : shortYearPattern
  if (!looked.some((cell) => pattern.test(cell))) return () => null
  let dayFirst: boolean | null = null
  for (const cell of all) {
    const match = pattern.exec(cell)
    if (match && Number(match[1]) > 12) dayFirst = true
    else if (match && Number(match[3]) > 12) dayFirst = false
    if (dayFirst !== null) break
  }
  return (cell) => {
    const match = pattern.exec(cell)
    if (!match) return null
    const [, first, separator, second, year] = match as unknown as string[]
    const isDayFirst = dayFirst ?? separator !== '/'
    const whole = year!.length === 2 ? `20${year}` : year!
    return moment(whole, isDayFirst ? second! : first!, isDayFirst ? first! : second!, match.slice(5))
  }
}

function readNamedMonth(cell: string): number | null {
  const dayMonth = dayMonthPattern.exec(cell)
  const monthDay = dayMonth ? null : monthDayPattern.exec(cell)
  const match = dayMonth ?? monthDay
  if (!match) return null
  const [name, day] = dayMonth ? [match[2]!, match[1]!] : [match[1]!, match[2]!]
  const month = months.indexOf(name.slice(0, 3).toLowerCase()) + 1
  return month === 0 ? null : moment(match[3]!, String(month), day, match.slice(4))
}

function readCompact(cell: string): number | null {
  const match = compactPattern.exec(cell)
  return match && moment(match[1]!, match[2]!, match[3]!, match.slice(4))
}

/** Epoch numbers by their size: seconds below 10¹¹ (the year 5138), then milli-, micro- and nanoseconds. */
function readEpoch(cell: string): number | null {
  if (!/^\d{9,19}(\.\d+)?$/.test(cell)) return null
  const value = Number(cell)
  if (value < 1e11) return Math.round(value * 1000)
  return Math.round(value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6)
}

function readClock(cell: string): number | null {
  const match = clockPattern.exec(cell)
  return match && ofDay(match.slice(1))
}

type Parts = readonly (string | undefined)[]

/** `rest` is hour, minute, second, fraction, half of the day and zone, as far as they are given. */
function moment(year: string, month: string, day: string, rest: Parts): number | null {
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const back = new Date(midnight)
  const time = rest[0] === undefined ? 0 : ofDay(rest)
  const exists = back.getUTCMonth() === Number(month) - 1 && back.getUTCDate() === Number(day)
  return exists && time !== null ? midnight + time - zoneMs(rest[5]) : null
}

function ofDay([hour, minute, second = '0', fraction = '0', half]: Parts): number | null {
  const given = Number(hour)
  if (half && (given < 1 || given > 12)) return null
  const h = half ? (given % 12) + (/p/i.test(half) ? 12 : 0) : given
  const endsDay = h === 24 && Number(minute) === 0 && Number(second) === 0 // ISO 8601:2004
  if ((h > 23 && !endsDay) || Number(minute) > 59 || Number(second) > 59) return null
  return ((h * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Math.round(Number(`0.${fraction}`) * 1000)
}

function zoneMs(given: string | undefined): number {
  if (given === undefined || /[a-z]/i.test(given)) return 0
  const digits = given.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3) || 0)
  return (digits.startsWith('-') ? -1 : 1) * minutes * 60_000
}
