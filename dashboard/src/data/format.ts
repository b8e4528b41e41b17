import { signal } from '@preact/signals'

/** The zone that times are shown in: this computer's, or UTC. */
export const zoneChoice = signal<'local' | 'utc'>(
  localStorage.getItem('telltale.zone') === 'utc' ? 'utc' : 'local',
)
export function chooseZone(choice: 'local' | 'utc'): void {
  localStorage.setItem('telltale.zone', choice)
  zoneChoice.value = choice
}

/** Asked for once: making a format takes longer than drawing a chart. */
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone
export const zone = (): string => (zoneChoice.value === 'utc' ? 'UTC' : ownZone)

const formats = new Map<string, Intl.DateTimeFormat>()
function format(kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${kind} ${zone()}`
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone() })
    formats.set(key, found)
  }
  return found
}

/** “UTC+1”, as it holds now. */
export const zoneOffset = (): string =>
  format('offset', { timeZoneName: 'shortOffset' })
    .formatToParts(Date.now())
    .find(({ type }) => type === 'timeZoneName')
    ?.value.replace('GMT', 'UTC').replace(/\+0$/, '') ?? zone()
/** “Europe/Berlin (UTC+1)”. */
export const zoneLabel = (): string =>
  [zone(), zoneOffset()].includes('UTC') ? 'UTC' : `${zone()} (${zoneOffset()})`

const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit' }
const day: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: '2-digit' }
export const timeOfDay = (at: number): string => format('time', time).format(at)
export const date = (at: number): string => format('day', day).format(at)
export const dateTime = (at: number): string => `${date(at)}, ${timeOfDay(at)}`
/** Today's times without their date, this year's without their year. */
export const moment = (at: number): string => {
  const today = date(Date.now())
  if (date(at) === today) return timeOfDay(at)
  return date(at).slice(-4) === today.slice(-4) ? `${dayOfYear(at)}, ${timeOfDay(at)}` : dateTime(at)
}

const minuteOfDay = (at: number): string =>
  format('minute', { hour: '2-digit', minute: '2-digit' }).format(at)
const dayOfYear = (at: number): string => format('dayOfYear', { day: 'numeric', month: 'short' }).format(at)
/** A tick’s label: as fine as the step to the next, with the date where it changes. */
export function axisTime(at: number, stepMs: number, before: number | undefined): string {
  if (stepMs >= 300 * 86_400_000) return format('year', { year: 'numeric' }).format(at)
  if (stepMs >= 27 * 86_400_000) return format('month', { month: 'short', year: 'numeric' }).format(at)
  if (stepMs >= 86_400_000) return dayOfYear(at)
  if (before !== undefined && dayOfYear(before) !== dayOfYear(at)) return dayOfYear(at)
  return stepMs >= 60_000 ? minuteOfDay(at) : timeOfDay(at)
}

const units: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
]
/** “3 min”, “2.5 h”: two digits at most. */
export function duration(ms: number): string {
  const size = Math.abs(ms)
  if (size < 1000) return `${Math.round(ms)} ms`
  const [unit, name] = units.find(([unit]) => size >= unit) ?? [1000, 's']
  const value = ms / unit
  return `${Math.abs(value) < 10 && unit > 1000 ? value.toFixed(1).replace('.0', '') : Math.round(value)} ${name}`
}

const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 4, useGrouping: false })
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
export const value = (x: number | null | undefined): string =>
  x === null || x === undefined || Number.isNaN(x) ? '–' : significant.format(x)
export const count = (x: number): string => grouped.format(x)
export const short = (x: number): string => compact.format(x)
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`

const symbols: ReadonlyMap<string, string> = new Map([
  ['Cel', '°C'],
  ['[degF]', '°F'],
  ['K', 'K'],
  ['/min', 'rpm'],
  ['%', '%'],
  ['[g]', 'g'],
  ['deg', '°'],
  ['[ppm]', 'ppm'],
  ['kW.h', 'kWh'],
])
/** A UCUM unit as people write it. */
export const unitText = (ucum: string | undefined): string =>
  ucum === undefined ? '' : (symbols.get(ucum) ?? ucum.replace(/(?<=m)[23]\b/, (n) => (n === '2' ? '²' : '³')))

/** A sentence of the platform’s: numbers as long as a person reads them, units as people write them, times in their zone. */
export const readable = (sentence: string): string =>
  sentence
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (iso) => moment(Date.parse(iso)))
    .replaceAll(/-?\d+\.\d{3,}/g, (number) => value(Number(number)))
    .replaceAll(/(?<=\d )(Cel|\[degF\]|\/min|\[ppm\]|\[g\]|kW\.h|(?:\w+\/)?m[23](?:\/\w+)?)(?=[\s,.;]|$)/g, (unit) => unitText(unit))

const names = new Intl.Collator('en', { numeric: true })
/** motor-2 before motor-10. */
export const byName = (a: string, b: string): number => names.compare(a, b)

/** “temperature@bearing” as “temperature · bearing”. */
export const measureText = (measure: string): string => measure.replace('@', ' · ')

export const bytes = (n: number): string => {
  const [size, name] = n >= 1e9 ? [1e9, 'GB'] : n >= 1e6 ? [1e6, 'MB'] : n >= 1e3 ? [1e3, 'kB'] : [1, 'B']
  return `${significant.format(Math.round((n / size) * 10) / 10)} ${name}`
}
