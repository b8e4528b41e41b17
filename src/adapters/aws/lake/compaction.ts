import { dateOf, dayOf, DAY, lakePath, type LakeKind } from '../../../core/history/lake-layout.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { bucketName } from './bucket-name.ts'
import type { LakeFiles } from './lake-files.ts'
import { parquetOf, rowsOfParquet } from './lake-parquet.ts'
import {
  daysOf,
  landedTables,
  quartersOf,
  settledReadings,
  settledWindows,
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
/** Rows that one function holds, settles and writes at once: about 300 bytes each. */
const MOST_ROWS = 4_000_000
/** A part of fewer readings than this is merged with what comes later. */
const FEW_ROWS = 1_000_000

type Row = ReadingRow | WindowLakeRow

const sealedAt = (day: number): EpochMs => (day + 1) * DAY + SEAL_AFTER_MS
/** Where rows of a day wait to be published. */
const landingOf = (table: LandedTable, day: number): string => `landing/${table}/dt=${dateOf(day)}/`

/**
 * Lays rows down where compaction finds them: `landing/<table>/dt=<day>/b=<bucket>.<name>.parquet`. The name is the
 * batch's, so a batch that comes again writes the same files again. Days that are over are noted before, so that a
 * question about them looks into the hot store, too, until they are published.
 */
export async function land(
  files: LakeFiles,
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
        await files.put(`${landingOf(table, day)}b=${bucket}.${name}.parquet`, parquetOf(table, part))
    }
  }
}

export interface Compacted {
  days: number
  files: number
  rows: number
}

export interface CompactOptions {
  now: EpochMs
  /** Stops before the next day and bucket once this says so. */
  outOfTime(): boolean
}

/**
 * Merges what landed for days that are over into their published files, a bucket of devices at a time, each into a new
 * generation, and then lets the manifest show that. A file is never written again; what landed is deleted after it is
 * visible, so a run that stops anywhere loses nothing and counts nothing twice: merging settles copies.
 */
export async function compact(
  files: LakeFiles,
  manifest: Manifest,
  { now, outOfTime }: CompactOptions,
): Promise<Compacted> {
  const done: Compacted = { days: 0, files: 0, rows: 0 }
  const waiting = await manifest.waiting()
  const days = new Set<number>()
  for (const table of landedTables) {
    const landed = await files.list(`landing/${table}/`, 100_000)
    const byDay = Map.groupBy(landed, (key) => dayOf(Date.parse(/\/dt=(\d{4}-\d\d-\d\d)\//.exec(key)?.[1] ?? ''))) // prettier-ignore
    for (const [day, keys] of [...byDay].sort(([a], [b]) => a - b)) {
      if (!(sealedAt(day) <= now)) continue
      const byBucket = Map.groupBy(keys, (key) => /\/b=(\d\d)\./.exec(key)?.[1] ?? '')
      for (const [bucket, found] of byBucket)
        for (let waits: readonly string[] = found; waits.length > 0;) {
          if (outOfTime()) return done // the next run says how far it came
          const { files: taken, rows } = await publish(files, manifest, { table, day, bucket }, waits)
          waits = waits.slice(taken)
          done.rows += rows
          done.files += taken
          days.add(day)
        }
    }
  }
  done.days = days.size
  for (const { day, stamp } of waiting)
    if (Number(stamp.split('/')[0]) < now - LANDING_TAKES_MS) await manifest.published(day, stamp)
  await manifest.openFrom.set(dayOf(now - SEAL_AFTER_MS))
  return done
}

interface Place {
  table: LandedTable
  day: number
  bucket: string
}

/**
 * Publishes what has landed of a day's bucket, as much of it as memory holds, and gives how many files that was. Windows
 * are merged into the one file that the bucket has, for nobody merges them later. Readings are merged while they are few;
 * then they are parts, which questions settle as they settle copies in both stores.
 */
async function publish(
  files: LakeFiles,
  manifest: Manifest,
  { table, day, bucket }: Place,
  landed: readonly string[],
): Promise<{ files: number; rows: number }> {
  const date = dateOf(day)
  const shown = await manifest.get(table, date)
  const generation = (shown?.generation ?? 0) + 1
  const rows: Row[] = []
  const read = async (key: string): Promise<void> => {
    for (const row of await rowsOfParquet<Row>(await files.get(key))) rows.push(row)
  }
  const entries = (shown?.files ?? []).map((key, i) => ({ key, rows: shown?.rows[i] ?? 0 }))
  const mine = entries.filter(({ key }) => key.includes(`/b=${bucket}.`))
  const merged = table === 'windows' ? mine : mine.filter((entry) => entry.rows < FEW_ROWS)
  for (const { key } of merged) if (key.startsWith(`${table}/`)) await read(key)
  const taken: string[] = []
  for (const key of landed) {
    if (rows.length > MOST_ROWS && taken.length > 0) break
    await read(key)
    taken.push(key)
  }
  const settled = table === 'readings' ? settledReadings(rows as ReadingRow[]) : settledWindows(rows as WindowLakeRow[]) // prettier-ignore
  const made: { key: string; rows: number }[] = []
  const write = async (kind: LakeKind, list: readonly object[]): Promise<void> => {
    const key = lakePath({ kind, day, bucket: Number(bucket), generation, tier: 'warm' })
    await files.put(key, parquetOf(kind, list))
    made.push({ key, rows: list.length })
  }
  await write(table, settled)
  if (table === 'windows') {
    await write('quarters', quartersOf(settled as WindowLakeRow[]))
    await write('days', daysOf(settled as WindowLakeRow[]))
  }
  const next = [...entries.filter((entry) => !merged.includes(entry)), ...made].sort((a, b) => (a.key < b.key ? -1 : 1)) // prettier-ignore
  const published = { generation, files: next.map(({ key }) => key), rows: next.map((entry) => entry.rows) }
  if (!(await manifest.publish(table, date, published, shown?.generation ?? 0)))
    throw new Error(`another run published ${table} of ${date} meanwhile; the next one merges what is left`)
  for (const key of [...taken, ...merged.map((entry) => entry.key)]) await files.remove(key)
  return { files: taken.length, rows: settled.length }
}
