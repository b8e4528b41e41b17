import { DAY } from '../../core/history/lake-layout.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { SeriesReadings } from '../../ports/history.ts'
import { createSeriesReader, type HistoryStores } from './series-reader.ts'

export interface ExportQuestion {
  /** Ascending. */
  things: readonly string[]
  measures?: readonly string[] | undefined
  from: EpochMs
  to: EpochMs
  /** Where the part before ended; absent for the first. */
  after?: ExportPlace | undefined
  /** A part ends once it has so many readings. */
  rows: number
}

/** The next reading is one of this device at or after this time, or a later one by day, device, time. */
export interface ExportPlace {
  thing: string
  at: EpochMs
}

export interface ExportPart {
  /** By day, then device, then measure, then time. */
  series: SeriesReadings[]
  /** Null once everything is out. */
  next: ExportPlace | null
  /** Share of the work that is done, by days and devices. */
  done: number
}

/** Bounds of where a part is made. */
export interface ExportLimits {
  /** Devices that are read at once: so many at first, up to so many while they have little to say. */
  atOnce: { first: number; most: number }
  /** Readings of one read; beyond, it is read in pieces. */
  most?: number
  /** Ends the part before its next read, if it has come any further. */
  outOfTime(): boolean
}
const usual: ExportLimits = { atOnce: { first: 1, most: 64 }, outOfTime: () => false }

/**
 * One part of an export: the same question with `after` gives the next, so that an export can be interrupted anywhere
 * and takes no more memory than a part. What all parts hold together is every reading of the range, once.
 */
export async function exportPart(
  question: ExportQuestion,
  stores: HistoryStores,
  limits = usual,
): Promise<ExportPart> {
  const { things, measures, from, to, rows } = question
  const reader = createSeriesReader(stores, { tiersUsed: [], missing: [] })
  const series: SeriesReadings[] = []
  const most = limits.most !== undefined && { most: limits.most }
  let count = 0
  const start = question.after ?? { thing: '', at: from }
  let place = start
  let atOnce = limits.atOnce.first
  /** Of one device that has more in a day than there is room for. */
  let span = DAY
  while (place.at < to) {
    const midnight = Math.floor(place.at / DAY) * DAY
    const dayEnd = Math.min(to, midnight + DAY)
    const dayStart = Math.max(from, midnight)
    const first = things.findIndex((thing) => thing >= place.thing)
    if (first < 0) {
      place = { thing: '', at: dayEnd }
      continue
    }
    if (count >= rows || (place !== start && limits.outOfTime()))
      return { series, next: place, done: doneAt(question, place, first) }
    const within = place.at > dayStart && things[first] === place.thing
    const some = things.slice(first, first + (within || span < DAY ? 1 : atOnce))
    const since = within ? place.at : dayStart
    const end = Math.min(dayEnd, since + span)
    try {
      const found = await reader.raw({ things: some, measures, from: since, to: end, ...most })
      found.sort((a, b) => compare(a.thing, b.thing) || compare(a.measure, b.measure))
      const n = found.reduce((sum, s) => sum + s.readings.length, 0)
      series.push(...found)
      count += n
      if (n < rows / 4) {
        atOnce = Math.min(limits.atOnce.most, atOnce * 2)
        span = Math.min(DAY, span * 2)
      }
      const after = things[first + some.length]
      if (end < dayEnd) place = { thing: some[0]!, at: end }
      else if (after === undefined) place = { thing: '', at: dayEnd }
      else place = { thing: after, at: dayStart }
    } catch (error) {
      if (!(error instanceof Error && error.name === 'TooMuch')) throw error
      if (some.length > 1) atOnce = Math.ceil(some.length / 4)
      else if (span > 1000) span = Math.ceil(span / 8)
      else throw error
    }
  }
  return { series, next: null, done: 1 }
}

function doneAt({ things, from, to }: ExportQuestion, { at }: ExportPlace, index: number): number {
  const days = Math.ceil(to / DAY) - Math.floor(from / DAY)
  return (Math.floor(at / DAY) - Math.floor(from / DAY) + index / things.length) / days
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
