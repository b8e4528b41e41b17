import { join } from 'node:path'
import { bucketOf, DAY, dayOf, type LakeKind, type Tier } from '../../../core/history/lake-layout.ts'
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
  zoneOf(thing: string): string
  /** Retention classes of these measures; all of them where none are named. */
  classesOf(measures: readonly string[] | undefined): string[]
  /** Readings a window, by the hot store; null where it does not know. */
  density(things: readonly string[]): number | null
}

const MOST_ROWS = 2_000_000

/** The lake behind the planner: picks files by the manifest, asks the child, and goes round damaged files. */
export function createLakeReader({
  lakeDir,
  manifest,
  ask,
  verify,
  onDamaged,
  zoneOf,
  classesOf,
  density,
}: LakeReaderOptions): Lake {
  const damagedPaths = new Set<string>()

  function filesFor(kind: LakeKind, { things, from, to, starts }: LakeRange): ManifestFile[] {
    const files = manifest.files(kind, dayOf(from), dayOf(to - 1) + 1)
    const of = (kind === 'days' && starts) || { from, to }
    const bucketsSeen = new Map<number, Set<number>>()
    return files.filter(({ bucket, buckets, minAt, maxAt }) => {
      if (minAt >= of.to || maxAt < of.from) return false
      let mine = bucketsSeen.get(buckets)
      if (!mine) bucketsSeen.set(buckets, (mine = new Set(things.map((thing) => bucketOf(thing, buckets)))))
      return mine.has(bucket)
    })
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
      const usable = files.filter((f) => !f.damaged && !damagedPaths.has(f.path))
      answer.damaged = files
        .filter((f) => !usable.includes(f))
        .map((f) => ({ from: Math.max(range.from, f.day * DAY), to: Math.min(range.to, f.until * DAY) }))
      answer.tiers = [...new Set(usable.map((f): Tier => f.tier))]
      if (usable.length === 0) return answer
      try {
        answer.rows = toRows(
          await ask(
            overFiles(
              kind,
              usable.map((f) => join(lakeDir, f.path)),
              sql,
            ),
            range.most ?? MOST_ROWS,
          ),
        )
        return answer
      } catch (error) {
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
    const { things, from, to } = range
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
    const rolled = filesFor('quarters', range)
    const months = rolled.filter((f) => f.stage === 'month')
    if (months.length > 0)
      for (const f of rolled)
        if (f.stage === 'day' && months.some((m) => m.day <= f.day && f.day < m.until)) open.add(f.day)
    const zones = new Set(things.map(zoneOf))
    const readings = density(things) ?? lakeDensity(range)
    return {
      keptFrom: {
        raw: state('readings'),
        minute: state('windows'),
        quarter: state('quarters'),
        day: state('days'),
      },
      openDays: [...open].filter((day) => day * DAY < to && (day + 1) * DAY > from).sort((a, b) => a - b),
      openFrom: manifest.state('open_from'),
      dayZone: zones.size === 1 ? [...zones][0]! : null,
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
