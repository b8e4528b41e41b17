import { MINUTE, type EpochMs } from '../telemetry/reading.ts'
import type { WindowRow } from '../window/window.ts'
import type { SpansByMeasure } from './features.ts'
import { floatsToText, textToFloats } from './float-text.ts'
import type { FeatureRow } from './health-index.ts'
import {
  columnsOf,
  endedBy,
  firstFrom,
  HOUR_MINUTES,
  pool,
  spanOfWindow,
  type MeasureSpans,
  type Span,
} from './measure-spans.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Hours of one measure, by the number of the hour since the epoch. */
export type Hours = Map<number, Span>
export type HoursByMeasure = Map<string, Hours>

/** A day of hours by measure, as it is kept: float32 of [hour of the day, n, mean, m2, min, max] for each hour, in base64. */
export type MachineDay = Readonly<Record<string, string>>
const FIELDS = 6

export const dayOf = (at: EpochMs): number => Math.floor(at / DAY)

/** Pools one-minute windows into clock hours. Numbers are float32 from here on, so that hours are the same whether they were kept or read anew. */
export function hoursOf(windows: Iterable<WindowRow>): HoursByMeasure {
  const all: HoursByMeasure = new Map()
  for (const window of windows) {
    if (window.n === 0) continue
    const hours = hoursFor(all, window.measure)
    const hour = Math.floor(window.minute / HOUR_MINUTES)
    const span = spanOfWindow(window)
    const known = hours.get(hour)
    if (known) pool(known, span.n, span.mean, span.m2, span.min, span.max)
    else
      hours.set(hour, {
        ...span,
        start: hour * HOUR_MINUTES,
        end: (hour + 1) * HOUR_MINUTES,
      })
  }
  for (const hours of all.values()) for (const span of hours.values()) toSingle(span)
  return all
}

export function hoursFor(all: HoursByMeasure, measure: string): Hours {
  let hours = all.get(measure)
  if (!hours) all.set(measure, (hours = new Map()))
  return hours
}

export function toSingle(span: Span): void {
  span.n = Math.fround(span.n)
  span.mean = Math.fround(span.mean)
  span.m2 = Math.fround(span.m2)
  span.min = Math.fround(span.min)
  span.max = Math.fround(span.max)
}

/** The hours of one day, to be kept. */
export function packDay(day: number, all: HoursByMeasure): MachineDay {
  const packed: Record<string, string> = {}
  for (const [measure, hours] of all) {
    const values: number[] = []
    for (let h = 0; h < 24; h++) {
      const span = hours.get(day * 24 + h)
      if (span) values.push(h, span.n, span.mean, span.m2, span.min, span.max)
    }
    if (values.length > 0) packed[measure] = floatsToText(values)
  }
  return packed
}

/** Adds a kept day to the hours. */
export function unpackDay(day: number, packed: MachineDay, into: HoursByMeasure): void {
  for (const [measure, text] of Object.entries(packed)) {
    const values = textToFloats(text)
    const hours = hoursFor(into, measure)
    for (let i = 0; i + FIELDS <= values.length; i += FIELDS) {
      const hour = day * 24 + values[i]!
      hours.set(hour, {
        start: hour * HOUR_MINUTES,
        end: (hour + 1) * HOUR_MINUTES,
        n: values[i + 1]!,
        mean: values[i + 2]!,
        m2: values[i + 3]!,
        min: values[i + 4]!,
        max: values[i + 5]!,
      })
    }
  }
}

/**
 * What features look at: hours up to the last whole hour before the cut-off's own, then minutes, so that the last hour is
 * the one before the cut-off and not before the clock's stroke.
 */
export function spansAt(
  hours: HoursByMeasure,
  minutes: readonly WindowRow[],
  cutoff: EpochMs,
): SpansByMeasure {
  const minutesFrom = minutesStart(cutoff) / MINUTE
  const spans = new Map<string, Span[]>()
  for (const [measure, of] of hours) {
    const before = [...of.values()].filter(({ end }) => end <= minutesFrom)
    spans.set(
      measure,
      before.sort((a, b) => a.start - b.start),
    )
  }
  for (const window of minutes) {
    if (window.n === 0 || window.minute < minutesFrom || (window.minute + 1) * MINUTE > cutoff) continue
    const of = spans.get(window.measure)
    const span = spanOfWindow(window)
    toSingle(span)
    if (of) of.push(span)
    else spans.set(window.measure, [span])
  }
  return Object.fromEntries([...spans].map(([measure, of]) => [measure, columnsOf(of)]))
}

/** From when on minutes are wanted: the beginning of the hour in which the hour before the cut-off began. */
export const minutesStart = (cutoff: EpochMs): EpochMs => Math.floor((cutoff - HOUR) / HOUR) * HOUR

/** What each whole hour was like, named as `featuresAt` names the last hour: mean and spread of every measure. Minutes are pooled. */
export function hourlyRows(
  series: SpansByMeasure,
  from: EpochMs,
  to: EpochMs,
): { at: EpochMs; row: FeatureRow }[] {
  const byHour = new Map<number, Record<string, number>>()
  for (const [measure, spans] of Object.entries(series)) {
    const [meanName, deviationName] = [`${measure}.mean.1h`, `${measure}.std.1h`]
    for (const { start, end, n, mean, m2 } of clockHours(
      spans,
      firstFrom(spans, from / MINUTE),
      endedBy(spans, to),
    )) {
      if (start * MINUTE < from || end * MINUTE > to) continue
      let row = byHour.get(start)
      if (!row) byHour.set(start, (row = {}))
      row[meanName] = mean
      row[deviationName] = n > 1 ? Math.sqrt(m2 / (n - 1)) : 0
    }
  }
  return [...byHour].sort(([a], [b]) => a - b).map(([start, row]) => ({ at: start * MINUTE, row }))
}

/** A range of stretches by clock hours. */
function* clockHours(
  { start, n, mean, m2, min, max }: MeasureSpans,
  first: number,
  last: number,
): Generator<Span> {
  let open = null as Span | null
  for (let i = first; i < last; i++) {
    const hour = Math.floor(start[i]! / HOUR_MINUTES) * HOUR_MINUTES
    if (open?.start === hour) {
      pool(open, n[i]!, mean[i]!, m2[i]!, min[i]!, max[i]!)
      continue
    }
    if (open) yield open
    const end = hour + HOUR_MINUTES
    open = { start: hour, end, n: n[i]!, mean: mean[i]!, m2: m2[i]!, min: min[i]!, max: max[i]! }
  }
  if (open) yield open
}
