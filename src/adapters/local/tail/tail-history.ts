import type { DatabaseSync } from 'node:sqlite'
import { dayOf } from '../../../core/history/lake-layout.ts'
import { TooMuch } from '../../../core/history/too-much.ts'
import type { LakeRange } from '../../../core/history/lake-sql.ts'
import { MINUTE, type EpochMs } from '../../../core/telemetry/reading.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { SeriesReadings } from '../../../ports/history.ts'
import { copiesByHour } from './copies.ts'
import { toStored } from './recompute.ts'

const DAY_MINUTES = 1440
/** Windows of the last minutes may still be open: watermark, tick, commit. */
const OPEN_MS = 3 * MINUTE

export interface TailHistory {
  copies(range: LakeRange): SeriesReadings[]
  windows(range: LakeRange): WindowRow[]
  stale(range: LakeRange): { thing: string; minute: number }[]
  days(range: LakeRange): number[]
  measures(things: readonly string[]): string[]
  /** Readings in the newest window of the densest series, looked for among few devices; null where it holds none. */
  density(range: LakeRange): number | null
}

export type WindowColumns = [
  minute: number,
  n: number,
  sum: number,
  m2: number,
  min: number,
  max: number,
  first: number,
  last: number,
  version: number,
  repaired: number,
]

/** The tail as the hot store of the history planner. Synchronous; `now` is the box's corrected time. */
export function createTailHistory(db: DatabaseSync, now: () => EpochMs): TailHistory {
  const ids = new Map<string, number>()
  const names = new Map<number, string>()
  const learnNames = db.prepare('SELECT id, name FROM name WHERE id > ?')
  const learn = (): void => {
    for (const row of learnNames.all(names.size)) {
      ids.set(row['name'] as string, row['id'] as number)
      names.set(row['id'] as number, row['name'] as string)
    }
  }
  const idOf = (name: string): number | undefined => {
    if (!ids.has(name)) learn()
    return ids.get(name)
  }
  const nameOf = (id: number): string => {
    if (!names.has(id)) learn()
    return names.get(id) ?? `#${id}`
  }
  const wantedOf = (measures: readonly string[] | undefined): Set<number> | null =>
    measures ? new Set(measures.map(idOf).filter((id) => id !== undefined)) : null

  const nextMeasure = db.prepare('SELECT min(measure) AS m FROM window WHERE device = ? AND measure > ?')
  const nextMinute = db.prepare(
    'SELECT min(minute) AS m FROM window WHERE device = ? AND measure = ? AND minute >= ? AND minute < ?',
  )
  const selectWindows = db.prepare(
    'SELECT minute, n, sum, m2, min, max, first, last, version, repaired FROM window WHERE device = ? AND measure = ? AND minute >= ? AND minute < ? ORDER BY minute',
  )
  selectWindows.setReturnArrays(true) // rows as objects take twice as long (`npm run -s bench -- scoring`)
  const newest = db.prepare(
    'SELECT n FROM window WHERE device = ? AND measure = ? ORDER BY minute DESC LIMIT 1',
  )
  const marks = (['dirty', 'lake_dirty'] as const).map((table) =>
    db.prepare(`SELECT minute FROM ${table} WHERE device = ? AND minute >= ? AND minute < ?`),
  )

  function measuresOf(device: number, wanted: Set<number> | null): number[] {
    if (wanted) return [...wanted]
    const found: number[] = []
    for (;;) {
      const { m } = nextMeasure.get(device, found.at(-1) ?? -1) as { m: number | null }
      if (m === null) return found
      found.push(m)
    }
  }
  const devicesOf = (things: readonly string[]): [string, number][] =>
    things.flatMap((thing) => {
      const id = idOf(thing)
      return id === undefined ? [] : [[thing, id] as [string, number]]
    })
  const minutesOf = ({ from, to }: LakeRange): [number, number] => [
    Math.floor(from / MINUTE),
    Math.ceil(to / MINUTE),
  ]
  const marked = (device: number, from: number, to: number): number[] =>
    marks.flatMap((select) => select.all(device, from, to).map((r) => r['minute'] as number))

  return {
    copies: ({ things, measures, from, to, most = Infinity }) => {
      const wanted = wantedOf(measures)
      let count = 0
      return devicesOf(things).flatMap(([thing, device]) => {
        const all = new Map<number, SeriesReadings>()
        for (const { copies } of copiesByHour(db, device, from, to, (m) => wanted?.has(m) ?? true))
          for (const [id, list] of copies) {
            count += list.length
            if (count > most) throw new TooMuch(`more than ${most} readings`)
            const stored = toStored(list)
            const series = all.get(id)
            if (series) series.readings = series.readings.concat(stored)
            else all.set(id, { thing, measure: nameOf(id), readings: stored })
          }
        return [...all.values()]
      })
    },
    windows: (range) => {
      const wanted = wantedOf(range.measures)
      const [from, to] = minutesOf(range)
      const out: WindowRow[] = []
      for (const [thing, device] of devicesOf(range.things))
        for (const id of measuresOf(device, wanted)) {
          const measure = nameOf(id)
          for (const row of selectWindows.all(device, id, from, to)) {
            const [minute, n, sum, m2, min, max, first, last, version, repaired] =
              row as unknown as WindowColumns
            out.push({ thing, measure, minute, n, sum, m2, min, max, first, last, version, repaired: repaired === 1 }) // prettier-ignore
          }
        }
      return out
    },
    stale: (range) => {
      const [from, to] = minutesOf(range)
      const open = Math.max(from, Math.floor((now() - OPEN_MS) / MINUTE))
      const end = Math.min(to, Math.floor(now() / MINUTE) + 3)
      return devicesOf(range.things).flatMap(([thing, device]) => {
        const minutes = new Set(marked(device, from, to))
        for (let minute = open; minute < end; minute++) minutes.add(minute)
        return [...minutes].map((minute) => ({ thing, minute }))
      })
    },
    days: (range) => {
      const wanted = wantedOf(range.measures)
      const [from, to] = minutesOf(range)
      const days = new Set<number>()
      for (const [, device] of devicesOf(range.things)) {
        for (const minute of marked(device, from, to)) days.add(dayOf(minute * MINUTE))
        for (const id of measuresOf(device, wanted))
          for (let at = from; ;) {
            const { m } = nextMinute.get(device, id, at, to) as { m: number | null }
            if (m === null) break
            const day = Math.floor(m / DAY_MINUTES)
            days.add(day)
            at = (day + 1) * DAY_MINUTES
          }
      }
      return [...days].sort((a, b) => a - b)
    },
    measures: (things) => [
      ...new Set(devicesOf(things).flatMap(([, device]) => measuresOf(device, null).map(nameOf))),
    ],
    density: ({ things, measures }) => {
      const wanted = wantedOf(measures)
      let most: number | null = null
      for (const [, device] of devicesOf(things.slice(0, 3)))
        for (const id of measuresOf(device, wanted)) {
          const row = newest.get(device, id)
          if (row) most = Math.max(most ?? 0, row['n'] as number)
        }
      return most
    },
  }
}
