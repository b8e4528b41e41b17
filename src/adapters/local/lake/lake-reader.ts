import { join } from 'node:path'
import { DAY, dayOf, type LakeKind, type Tier } from '../../../core/history/lake-layout.ts'
import { momentsSql, readingsSql, windowsSql, type LakeRange } from '../../../core/history/lake-sql.ts'
import type { Extent } from '../../../core/history/plan.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { Lake, LakeAnswer, SeriesMoments, SeriesReadings } from '../../../ports/history.ts'
import { overFiles } from './relations.ts'
import type { ManifestFile, ManifestReader } from './manifest.ts'

/** Rows of an answer by series: `columns` hold what the question asks for after device and measure. */
export interface Rows {
  series: [thing: string, measure: string][]
  /** Index into `series`, a row each. */
  of: Uint32Array
  columns: (Float64Array | (string | null)[])[]
}

/** Runs the text over these files; at most this many rows. */
export type AskLake = (sql: string, limit: number) => Promise<Rows>

export interface LakeReaderOptions {
  lakeDir: string
  manifest: ManifestReader
  ask: AskLake
  /** Whether the file is still what the manifest says. */
  verify(path: string, checksum: string): Promise<boolean>
  /** A file turned out damaged. */
  onDamaged(path: string): void
  /** Zone of the stored days of the devices that are being asked about; null where they have several. */
  dayZone(): string | null
  /** Retention classes of these measures; all of them where none are named. */
  classesOf(measures: readonly string[] | undefined): string[]
  /** Readings a window, by the hot store; null where it does not know. */
  density(range: LakeRange): number | null
}

/** Rows of one answer: at a hundred bytes each, what the box has room for. */
const MOST_ROWS = 1_000_000

/** The lake behind the planner: picks files by the manifest, asks the child, and goes round damaged files. */
export function createLakeReader({
  lakeDir,
  manifest,
  ask,
  verify,
  onDamaged,
  dayZone,
  classesOf,
  density,
}: LakeReaderOptions): Lake {
  /** Found damaged, and not yet in the manifest as such. */
  const damagedPaths = new Set<string>()

  function filesFor(kind: LakeKind, { things, from, to, starts }: LakeRange): ManifestFile[] {
    // A day of a zone begins up to a day before the lake day that its rows are of.
    const of = kind === 'days' ? (starts ?? { from: from - 2 * DAY, to }) : { from, to }
    return manifest
      .filesOf(kind, things, dayOf(from), dayOf(to - 1) + 1)
      .filter(({ minAt, maxAt }) => minAt < of.to && maxAt >= of.from)
  }

  async function run<T>(
    kind: LakeKind,
    range: LakeRange,
    sql: string,
    toRows: (rows: Rows) => T[],
  ): Promise<LakeAnswer<T>> {
    const answer: LakeAnswer<T> = { rows: [], tiers: [], damaged: [] }
    for (let attempt = 1; ; attempt++) {
      const files = filesFor(kind, range)
      for (const { path, damaged } of files) if (damaged) damagedPaths.delete(path)
      const usable = files.filter((f) => !f.damaged && !damagedPaths.has(f.path))
      answer.damaged = files
        .filter((f) => !usable.includes(f))
        .map((f) => ({ from: Math.max(range.from, f.day * DAY), to: Math.min(range.to, f.until * DAY) }))
      answer.tiers = [...new Set(usable.map((f): Tier => f.tier))]
      if (usable.length === 0) return answer
      try {
        const paths = usable.map((f) => join(lakeDir, f.path))
        const rows = await ask(overFiles(kind, paths, sql), range.most ?? MOST_ROWS)
        answer.rows = toRows(rows)
        if (kind === 'days') answer.otherZone = numbers(rows, 8).includes(1)
        return answer
      } catch (error) {
        if (error instanceof Error && error.name === 'TooMuch') throw error
        // A file may have been replaced or moved since it was looked up; otherwise one of them is damaged.
        const listed = usable.every((f) => manifest.get(f.path) !== null)
        if ((listed && !(await findDamage(usable))) || attempt > 5) throw error
      }
    }
  }

  async function findDamage(files: readonly ManifestFile[]): Promise<boolean> {
    let found = false
    for (const { path, checksum } of files) {
      if ((await verify(path, checksum)) || manifest.get(path) === null) continue
      found = true
      damagedPaths.add(path)
      onDamaged(path)
    }
    return found
  }

  function extent(range: LakeRange): Extent {
    const { from, to } = range
    // What is asked for by name must all be there; of what is not, whatever is left is given.
    const classes = classesOf(range.measures)
    const state = (kind: LakeKind): EpochMs => {
      const kept = classes.map((name) => manifest.state(`expired_${kind}/${name}`) * DAY)
      return range.measures ? Math.max(...kept) : Math.min(...kept)
    }
    const open = new Set<number>()
    const settled = new Set<string>()
    for (const f of filesFor('windows', range)) {
      const key = `${f.day}/${f.bucket}`
      if (f.stage === 'hour' || settled.has(key)) open.add(f.day)
      settled.add(key)
    }
    for (const kind of ['quarters', 'days'] as const)
      for (const day of twiceCovered(filesFor(kind, range))) open.add(day)
    const readings = density(range) ?? lakeDensity(range)
    return {
      keptFrom: {
        raw: state('readings'),
        minute: state('windows'),
        quarter: state('quarters'),
        day: state('days'),
      },
      openDays: [...open].filter((day) => day * DAY < to && (day + 1) * DAY > from).sort((a, b) => a - b),
      openFrom: manifest.state('open_from'),
      dayZone: dayZone(),
      intervalMs: 60_000 / readings,
    }
  }

  function lakeDensity(range: LakeRange): number {
    const rows = (kind: LakeKind): number => filesFor(kind, range).reduce((sum, f) => sum + f.rows, 0)
    const windows = rows('windows')
    return windows === 0 ? 60 : Math.max(1, rows('readings') / windows)
  }

  return {
    extent,
    readings: (range) => run('readings', range, readingsSql(range), toReadings),
    windows: (range) => run('windows', range, windowsSql(range), toWindows),
    moments: (kind, range, buckets) => run(kind, range, momentsSql(kind, range, buckets), toMoments),
  }
}

/** Days of files that a coarser one has a say in too: they wait to be merged, and are answered from minutes. */
function* twiceCovered(files: readonly ManifestFile[]): Generator<number> {
  const coarse = files.filter((f) => f.stage === 'month' || f.stage === 'year')
  for (const { day, until, minAt, maxAt } of files)
    if (coarse.some((c) => c.day <= day && c.until >= until && c.until - c.day > until - day))
      // A row that starts on one day may be of the next.
      for (let d = Math.max(day, dayOf(minAt)); d < Math.min(until, dayOf(maxAt) + 2); d++) yield d
}

/** The number columns of a row set; text columns are asked for by themselves. */
const numbers = (rows: Rows, index: number): Float64Array => rows.columns[index] as Float64Array

/** A column without any text arrives as numbers that are none. */
const textOf = (cell: string | number | null | undefined): string | null =>
  typeof cell === 'string' ? cell : null

export function toReadings(rows: Rows): SeriesReadings[] {
  const out = rows.series.map(([thing, measure]): SeriesReadings => ({ thing, measure, readings: [] }))
  const [at, value, quality, received, confirmed] = [0, 1, 3, 4, 5].map((i) => numbers(rows, i)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const text = rows.columns[2] as (string | number | null)[]
  for (let i = 0; i < rows.of.length; i++)
    out[rows.of[i]!]!.readings.push({
      at: at[i]!,
      value: value[i]!,
      text: textOf(text[i]),
      quality: quality[i]!,
      receivedAt: received[i]!,
      confirmedAt: Number.isNaN(confirmed[i]!) ? null : confirmed[i]!,
    })
  return out
}

function toWindows(rows: Rows): WindowRow[] {
  const [at, n, sum, m2, min, max, first, last, version, repaired] = rows.columns as Float64Array[]
  return Array.from(rows.of, (series, i) => ({
    thing: rows.series[series]![0],
    measure: rows.series[series]![1],
    minute: at![i]! / 60_000,
    n: n![i]!,
    sum: sum![i]!,
    m2: m2![i]!,
    min: min![i]!,
    max: max![i]!,
    first: first![i]!,
    last: last![i]!,
    version: version![i]!,
    repaired: repaired![i] === 1,
  }))
}

function toMoments(rows: Rows): SeriesMoments[] {
  const out = rows.series.map(([thing, measure]): SeriesMoments => ({ thing, measure, moments: [] }))
  const [at, n, sum, m2, min, max, first, last] = rows.columns as Float64Array[]
  for (let i = 0; i < rows.of.length; i++)
    out[rows.of[i]!]!.moments.push({
      at: at![i]!,
      n: n![i]!,
      sum: sum![i]!,
      m2: m2![i]!,
      min: min![i]!,
      max: max![i]!,
      first: first![i]!,
      last: last![i]!,
    })
  for (const series of out) series.moments.sort((a, b) => a.at - b.at)
  return out
}
