import { Quality } from '../../../core/telemetry/reading.ts'
import type { Anomaly } from '../../../core/telemetry/stage.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { ReadingPoint } from '../hot/reading-points.ts'

/**
 * One measurement a device, so that what its measures are called and hold concerns no other device. A reading is the
 * field of its measure's name, or that name and `$` for a text; name and `~` holds receipt, quality and which of both;
 * name and `^` the last receipt of an equal value, 0 where there is none any more.
 */
export const readingsOf = (thing: string): string => `r/${thing}`
export const windowsOf = (thing: string): string => `w/${thing}`

/** Receipt, quality and kind as one float: below 2^53 until the year 19000. */
export const stampOf = (receivedAt: number, quality: number, isText: boolean): number =>
  receivedAt * 16 + quality * 2 + (isText ? 1 : 0)

const name = (text: string): string => text.replaceAll(/[,= \\]/g, '\\$&').replaceAll('\n', ' ')
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`

/** One line a device and time, floats only: InfluxDB fixes a field's type at its first value, and 21 must not be one. */
export function readingLines(points: readonly ReadingPoint[]): string[] {
  const byLine = Map.groupBy(points, (p) => `${p.thing}\n${p.at}`)
  return [...byLine.values()].map((group) => {
    const fields = group.flatMap(({ measure, value, text, quality, receivedAt, confirmedAt, careful }) => {
      const stamps = [`${name(`${measure}~`)}=${stampOf(receivedAt, Quality[quality], text !== null)}`]
      if (careful) stamps.push(`${name(`${measure}^`)}=${confirmedAt ?? 0}`)
      if (text !== null) return [`${name(`${measure}$`)}=${quoted(text)}`, ...stamps]
      return value === null ? [] : [`${name(measure)}=${value}`, ...stamps]
    })
    const { thing, at } = group[0]!
    return fields.length === 0 ? '' : `${name(readingsOf(thing))} ${fields.join(',')} ${microseconds(at)}`
  }).filter((line) => line !== '') // prettier-ignore
}

export function windowLine({ thing, measure, minute, version, repaired, ...moments }: WindowRow): string {
  const { n, sum, m2, min, max, first, last } = moments
  const fields = { n, sum, m2, min, max, first, last, version, repaired: repaired ? 1 : 0 }
  return line(`${name(windowsOf(thing))},measure=${name(measure)}`, fields, minute * 60_000)
}

export function anomalyLine({ thing, measure, at, detector, score, observed, expected }: Anomaly): string {
  const tags = `anomalies,thing=${name(thing)},measure=${name(measure)},detector=${name(detector)}`
  return line(tags, { score, observed, ...expected }, at)
}

const line = (series: string, fields: Readonly<Record<string, number>>, at: number): string =>
  `${series} ${Object.entries(fields).map(([key, value]) => `${key}=${value}`).join(',')} ${microseconds(at)}` // prettier-ignore

/** Times of offsets may lie between milliseconds. */
const microseconds = (at: number): number => Math.round(at * 1000)
