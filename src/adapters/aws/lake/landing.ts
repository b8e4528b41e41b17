import { dateOf, DAY, dayOf } from '../../../core/history/lake-layout.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { bucketName } from './bucket-name.ts'
import type { LakeFiles } from './lake-files.ts'
import { parquetOf } from './lake-parquet.ts'
import {
  landedTables,
  type LakeRows,
  type LandedTable,
  type ReadingRow,
  type WindowLakeRow,
} from './lake-rows.ts'
import type { Manifest } from './manifest.ts'

/** A day is published this long after it is over, so that what is on its way needs no second generation. */
export const SEAL_AFTER_MS = 2 * 3_600_000
/** Longer than a batch takes to land: what was noted more recently may not be there yet. */
const LANDING_TAKES_MS = 15 * 60_000

/** One bucket of devices on one day of one table: what one worker publishes at a time. */
export interface Place {
  table: LandedTable
  /** Days since the epoch. */
  day: number
  bucket: string
}

type Row = ReadingRow | WindowLakeRow

const sealedAt = (day: number): EpochMs => (day + 1) * DAY + SEAL_AFTER_MS
const landingOf = (table: LandedTable, day: number): string => `landing/${table}/dt=${dateOf(day)}/`
/** What the keys of a place's landed files begin with. */
export const landedAt = ({ table, day, bucket }: Place): string => `${landingOf(table, day)}b=${bucket}.`

/**
 * Lays rows down where compaction finds them: `landing/<table>/dt=<day>/b=<bucket>.<name>.parquet`. The name is the
 * batch's, so a batch that comes again writes the same files again. Days that are over are noted before, so that a
 * question about them looks into the hot store, too, until they are published.
 */
export async function land(
  files: Pick<LakeFiles, 'put'>,
  manifest: Pick<Manifest, 'waits'>,
  rows: LakeRows,
  name: string,
  now: EpochMs,
): Promise<void> {
  for (const table of landedTables) {
    const byDay = Map.groupBy<number, Row>(rows[table], (row) => dayOf(row.ts))
    for (const [day, list] of byDay) {
      if (sealedAt(day) - LANDING_TAKES_MS <= now) await manifest.waits(day, `${now}/${name}`)
      for (const [bucket, part] of Map.groupBy(list, (row) => bucketName(row.device)))
        await files.put(`${landedAt({ table, day, bucket })}${name}.parquet`, parquetOf(table, part))
    }
  }
}

/**
 * The places of days that are over where something has landed, oldest first; a request a day and table. Before that it
 * settles what earlier runs have published: days where nothing lies any more wait no longer, and the first day that may
 * be incomplete moves on.
 */
export async function duePlaces(
  files: Pick<LakeFiles, 'folders'>,
  manifest: Pick<Manifest, 'waiting' | 'published' | 'openFrom'>,
  now: EpochMs,
): Promise<Place[]> {
  // Asked before looking: what lands after this has a newer stamp.
  const waiting = await manifest.waiting()
  const places: Place[] = []
  for (const table of landedTables)
    for (const folder of await files.folders(`landing/${table}/`, '/')) {
      const day = dayOf(Date.parse(/\/dt=(\d{4}-\d\d-\d\d)\/$/.exec(folder)?.[1] ?? ''))
      if (!(sealedAt(day) <= now)) continue
      for (const begin of await files.folders(folder, '.')) {
        const bucket = /\/b=(\d\d)\.$/.exec(begin)?.[1]
        if (bucket !== undefined) places.push({ table, day, bucket })
      }
    }
  const unfinished = new Set(places.map(({ day }) => day))
  for (const { day, stamp } of waiting)
    if (!unfinished.has(day) && Number(stamp.split('/')[0]) < now - LANDING_TAKES_MS)
      await manifest.published(day, stamp)
  const openFrom = await manifest.openFrom.get()
  const next = Math.min(dayOf(now - SEAL_AFTER_MS), ...[...unfinished].filter((day) => day >= openFrom))
  if (next > openFrom) await manifest.openFrom.set(next)
  return places.sort((a, b) => a.day - b.day)
}
