import { dateOf, lakePath, type LakeKind } from '../../../core/history/lake-layout.ts'
import { partOf } from './bucket-name.ts'
import { landedAt, type Place } from './landing.ts'
import type { LakeFiles } from './lake-files.ts'
import { parquetOf, rowsOfParquet } from './lake-parquet.ts'
import {
  daysOf,
  quartersOf,
  settledReadings,
  settledWindows,
  type ReadingRow,
  type WindowLakeRow,
} from './lake-rows.ts'
import type { Manifest } from './manifest.ts'
import { entriesOf, isOf, show, type Entry } from './shown-place.ts'

/** Bounds of what one function holds at once; a row takes about 300 bytes, and as much again while it is written. */
export interface PublishLimits {
  /** Landed rows of one generation. */
  landedRows: number
  /** A part of fewer readings than this is merged with what comes later. */
  fewReadings: number
  /** Rows of one file of windows; beyond, a bucket is split by device. */
  windowRows: number
}
const usual: PublishLimits = { landedRows: 3_000_000, fewReadings: 1_000_000, windowRows: 1_500_000 }
const MOST_SPLITS = 64
const KEYS_AT_ONCE = 1000

export interface Published {
  /** Landed files that are published now. */
  files: number
  rows: number
  /** Whether nothing is left of what had landed. */
  done: boolean
}

/**
 * Publishes what has landed of a place, a generation at a time, each within the limits, until nothing is left or time is
 * up. A published file is never written again; what landed is deleted after it is visible, so a run that stops anywhere
 * loses nothing and counts nothing twice: merging settles copies. Two runs on one place must not meet (a queue sees to
 * that); runs on other places of the day may.
 */
export async function publishBucket(
  files: LakeFiles,
  manifest: Pick<Manifest, 'get' | 'publish'>,
  place: Place,
  { outOfTime, limits = usual }: { outOfTime(): boolean; limits?: PublishLimits },
): Promise<Published> {
  const done: Published = { files: 0, rows: 0, done: false }
  for (;;) {
    const landed = await files.list(landedAt(place), KEYS_AT_ONCE)
    if (landed.length === 0) return { ...done, done: true }
    for (let waits: readonly string[] = landed; waits.length > 0;) {
      if (outOfTime()) return done
      const { taken, rows } = await publishOnce(files, manifest, place, waits, limits)
      waits = waits.slice(taken)
      done.files += taken
      done.rows += rows
    }
  }
}

async function publishOnce(
  files: LakeFiles,
  manifest: Pick<Manifest, 'get' | 'publish'>,
  place: Place,
  landed: readonly string[],
  limits: PublishLimits,
): Promise<{ taken: number; rows: number }> {
  const date = dateOf(place.day)
  const shown = await manifest.get(place.table, date)
  const mine = entriesOf(shown).filter(({ key }) => isOf(place, key))
  const generation = (shown?.generation ?? 0) + 1
  const next =
    place.table === 'readings'
      ? await nextReadings(files, place, generation, mine, landed, limits)
      : await nextWindows(files, place, generation, mine, landed, limits)
  await show(manifest, place, mine, next)
  for (const key of [...landed.slice(0, next.taken), ...next.replaced]) await files.remove(key)
  return { taken: next.taken, rows: next.rows }
}

interface Next {
  /** How many of the landed files went in. */
  taken: number
  rows: number
  made: Entry[]
  /** Keys that the made ones stand for from now on. */
  replaced: string[]
}

/** Readings are merged while they are few; then they are parts, which questions settle as they settle copies in both stores. */
async function nextReadings(
  files: LakeFiles,
  { day, bucket }: Place,
  generation: number,
  mine: readonly Entry[],
  landed: readonly string[],
  limits: PublishLimits,
): Promise<Next> {
  const merged = mine.filter((entry) => entry.rows < limits.fewReadings)
  const rows: ReadingRow[] = []
  for (const { key } of merged) await readInto(files, key, rows)
  const taken = await readLanded(files, landed, rows, limits.landedRows)
  const settled = settledReadings(rows)
  const key = lakePath({ kind: 'readings', day, bucket: Number(bucket), generation, tier: 'warm' })
  await files.put(key, parquetOf('readings', settled))
  return {
    taken,
    rows: settled.length,
    made: [{ key, rows: settled.length }],
    replaced: merged.map((entry) => entry.key),
  }
}

/**
 * Windows are merged with all that the bucket has, for nobody merges them later. Where that is more than memory holds,
 * the bucket is split by device into files that are merged one after the other; a split is never undone.
 */
async function nextWindows(
  files: LakeFiles,
  { day, bucket }: Place,
  generation: number,
  mine: readonly Entry[],
  landed: readonly string[],
  limits: PublishLimits,
): Promise<Next> {
  const fresh: WindowLakeRow[] = []
  const taken = await readLanded(files, landed, fresh, limits.landedRows)
  const before = mine.filter(({ key }) => key.startsWith('windows/'))
  // Roll-ups outlive their windows: a few late ones would take their place. What is sent again so late is let go.
  if (before.length === 0 && mine.length > 0) return { taken, rows: 0, made: [], replaced: [] }
  const known = before.reduce((sum, entry) => sum + entry.rows, 0)
  const splitsBefore = before.reduce((most, { key }) => Math.max(most, splitOf(key).of), 1)
  const splits = splitsFor(known + fresh.length, limits.windowRows, splitsBefore)
  const next: Next = { taken, rows: 0, made: [], replaced: mine.map(({ key }) => key) }
  for (let split = 0; split < splits; split++) {
    const isHere = ({ device }: { device: string }): boolean => partOf(device, splits) === split
    const rows: WindowLakeRow[] = []
    for (const { key } of before.filter((entry) => splitOf(entry.key).split === split % splitsBefore)) {
      const all: WindowLakeRow[] = []
      await readInto(files, key, all)
      for (const row of all) if (isHere(row)) rows.push(row)
    }
    for (const row of fresh) if (isHere(row)) rows.push(row)
    if (rows.length === 0) continue
    const settled = settledWindows(rows)
    next.rows += settled.length
    next.made.push(...(await putWindows(files, { day, bucket: Number(bucket), generation }, settled, { split, of: splits }))) // prettier-ignore
  }
  return next
}

/** Writes a part of a bucket’s windows, and their roll-ups. */
export async function putWindows(
  files: Pick<LakeFiles, 'put'>,
  place: { day: number; bucket: number; generation: number },
  windows: readonly WindowLakeRow[],
  { split, of }: { split: number; of: number },
): Promise<Entry[]> {
  const kinds: [LakeKind, readonly object[]][] = [
    ['windows', windows],
    ['quarters', quartersOf(windows)],
    ['days', daysOf(windows)],
  ]
  const made: Entry[] = []
  for (const [kind, list] of kinds) {
    const path = lakePath({ kind, ...place, tier: 'warm' })
    const key = of === 1 ? path : path.replace(/\.parquet$/, `.${split}-${of}.parquet`)
    await files.put(key, parquetOf(kind, list))
    made.push({ key, rows: list.length })
  }
  return made
}

/** How many parts so many rows are written in, a power of two, and no fewer than there were. */
export function splitsFor(rows: number, most: number, atLeast = 1): number {
  let splits = atLeast
  while (splits < MOST_SPLITS && rows / splits > most) splits *= 2
  return splits
}

/** Which part of its bucket a file of windows holds: `b=NN.<generation>.<split>-<of>.parquet`, or all of it. */
function splitOf(key: string): { split: number; of: number } {
  const found = /\.(\d+)-(\d+)\.parquet$/.exec(key)
  return found ? { split: Number(found[1]), of: Number(found[2]) } : { split: 0, of: 1 }
}

async function readInto(files: LakeFiles, key: string, rows: object[]): Promise<void> {
  for (const row of await rowsOfParquet<object>(await files.get(key))) rows.push(row)
}

/** Reads landed files until the limit, at least one; gives how many. */
async function readLanded(
  files: LakeFiles,
  landed: readonly string[],
  rows: object[],
  most: number,
): Promise<number> {
  const before = rows.length
  let taken = 0
  for (const key of landed) {
    if (taken > 0 && rows.length - before >= most) break
    await readInto(files, key, rows)
    taken++
  }
  return taken
}
