import { dayOf } from '../../../core/history/lake-layout.ts'
import { MINUTE, Quality, type EpochMs } from '../../../core/telemetry/reading.ts'
import { TooMuch } from '../../../core/history/too-much.ts'
import type { LakeRange } from '../../../core/history/lake-sql.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { HotReader, SeriesReadings } from '../../../ports/history.ts'
import type { Reading, TelemetryReader } from '../../../ports/telemetry-reader.ts'
import { inParallel } from '../back-off.ts'

export interface HotHistoryOptions {
  telemetry: Pick<TelemetryReader, 'readings' | 'windows'>
  /** Dirty minutes of a device within [from, to). */
  marks(thing: string, from: number, to: number): Promise<number[]>
  now(): EpochMs
  /** First instant that the hot store still keeps. */
  keptFrom(): EpochMs
}

/** Rows of one question: an answer of the hot store's function has at most 6 MB. */
const PAGE = 20_000
const THINGS_AT_ONCE = 8
/** A window is written when the minute after it has begun or a tick finds it 60 s over; then the store must take it. */
const OPEN_MS = 3 * MINUTE

/** The hot store behind the history planner. It holds each reading once, so its copies are what it has settled. */
export function hotHistory({ telemetry, marks, now, keptFrom }: HotHistoryOptions): HotReader {
  const within = ({ from, to }: LakeRange) => ({ from: Math.max(from, keptFrom()), to })

  async function ofEach<Row>(
    range: LakeRange,
    page: (question: Parameters<TelemetryReader['readings']>[0]) => Promise<Row[]>,
    placeOf: (row: Row) => { at: EpochMs; measure: string },
    take: (thing: string, rows: Row[]) => void,
  ): Promise<void> {
    const { from, to } = within(range)
    if (from >= to) return
    const measures = range.measures && { measures: range.measures }
    await inParallel(range.things, THINGS_AT_ONCE, async (thing) => {
      let after: { at: EpochMs; measure: string } | undefined
      for (;;) {
        const rows = await page({ thing, from, to, limit: PAGE, ...measures, ...(after && { after }) })
        take(thing, rows)
        const last = rows.at(-1)
        if (rows.length < PAGE || last === undefined) return
        after = placeOf(last)
      }
    })
  }

  return {
    copies: async (range) => {
      let room = range.most ?? Infinity
      const series = new Map<string, SeriesReadings>()
      await ofEach(range, telemetry.readings, (reading) => reading, (thing, rows) => {
        room -= rows.length
        if (room < 0) throw new TooMuch(`more than ${range.most} readings`)
        for (const reading of rows) {
          const key = `${thing}\n${reading.measure}`
          let found = series.get(key)
          if (!found) series.set(key, (found = { thing, measure: reading.measure, readings: [] }))
          found.readings.push(storedOf(reading))
        }
      }) // prettier-ignore
      return [...series.values()]
    },
    windows: async (range) => {
      const all: WindowRow[] = []
      const placeOf = ({ minute, measure }: WindowRow) => ({ at: minute * MINUTE, measure })
      await ofEach(range, telemetry.windows, placeOf, (_thing, rows) => {
        for (const row of rows) all.push(row)
      })
      return all
    },
    stale: async (range) => {
      const { from, to } = within(range)
      const open = Math.max(Math.floor(from / MINUTE), Math.floor((now() - OPEN_MS) / MINUTE))
      const end = Math.min(Math.ceil(to / MINUTE), Math.floor(now() / MINUTE) + 3)
      const found: { thing: string; minute: number }[] = []
      await inParallel(range.things, THINGS_AT_ONCE, async (thing) => {
        const minutes = new Set(await marks(thing, Math.floor(from / MINUTE), Math.ceil(to / MINUTE)))
        for (let minute = open; minute < end; minute++) minutes.add(minute)
        for (const minute of minutes) found.push({ thing, minute })
      })
      return found
    },
    /** What is not published yet is open by the lake's own word; here are only days with minutes to repair. */
    days: async (range) => {
      const { from, to } = within(range)
      const days = new Set<number>()
      await inParallel(range.things, THINGS_AT_ONCE, async (thing) => {
        for (const minute of await marks(thing, Math.floor(from / MINUTE), Math.ceil(to / MINUTE)))
          days.add(dayOf(minute * MINUTE))
      })
      return [...days].sort((a, b) => a - b)
    },
    measures: async (things) => {
      const names = new Set<string>()
      const to = now()
      const rows: WindowRow[] = []
      await ofEach({ things, from: to - LATELY_MS, to }, telemetry.windows, ({ minute, measure }) => ({ at: minute * MINUTE, measure }), (_thing, page) => void rows.push(...page)) // prettier-ignore
      for (const { measure } of rows) names.add(measure)
      return [...names]
    },
  }
}
const LATELY_MS = 3_600_000

const storedOf = ({ at, value, text, quality, receivedAt }: Reading) => ({
  at,
  value: value ?? NaN,
  text,
  quality: Quality[quality],
  receivedAt,
  confirmedAt: null,
})
