import { dateOf, DAY, dayOf, type LakeKind, type Tier } from '../../../core/history/lake-layout.ts'
import {
  momentsSql,
  quoted,
  readingsSql,
  windowsSql,
  type LakeRange,
} from '../../../core/history/lake-sql.ts'
import { TooMuch } from '../../../core/history/too-much.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { Lake, LakeAnswer, SeriesMoments, SeriesReadings } from '../../../ports/history.ts'
import type { AskAthena } from './athena.ts'
import { bucketName } from './bucket-name.ts'
import type { Manifest, PublishedDay } from './manifest.ts'

export interface AthenaLakeOptions {
  ask: AskAthena
  manifest: Pick<Manifest, 'between' | 'waiting' | 'openFrom' | 'expired'>
  bucket: string
  database: string
  now(): EpochMs
  /** From this age on a day is warm, then cold (lib/deployment.ts, retentionDays). */
  warmAfterDays: number
  coldAfterDays: number
  /** AWS: what lies in Deep Archive cannot be queried. */
  deepAfterDays: number
}

/** AWS: the most characters of a query's text are 262,144; a file's name takes about a hundred. */
const MOST_FILES = 1500
/** Rows of one answer: as text and as objects, at half a kilobyte each, what a function has room for. */
const MOST_ROWS = 250_000

/**
 * The lake behind the planner, on S3 and Athena: the planner's own text over just the files that the manifest shows, so
 * that a file which is being written or about to be removed is never counted.
 */
export function athenaLake(options: AthenaLakeOptions): Lake {
  const { ask, manifest, now, warmAfterDays, coldAfterDays, deepAfterDays } = options

  async function filesFor(
    kind: LakeKind,
    { things, from, to }: LakeRange,
  ): Promise<{ day: number; key: string }[]> {
    // prettier-ignore
    const table = kind === 'readings' ? 'readings' : 'windows'
    const days = await manifest.between(table, dayOf(from), dayOf(to - 1) + 1)
    return days.flatMap(({ day, files }) => keysOf(kind, files, things).map((key) => ({ day, key })))
  }

  const tierOf = (day: number): Tier => {
    const age = now() / DAY - day
    return age > coldAfterDays ? 'cold' : age > warmAfterDays ? 'warm' : 'hot'
  }

  async function run<T>(
    kind: LakeKind,
    range: LakeRange,
    sql: string,
    toRows: (rows: (string | null)[][]) => T[],
  ): Promise<LakeAnswer<T>> {
    const files = await filesFor(kind, range)
    const answer: LakeAnswer<T> = { rows: [], tiers: [...new Set(files.map(({ day }) => tierOf(day)))], damaged: [] }
    const rows: (string | null)[][] = []
    const most = range.most ?? MOST_ROWS
    for (let i = 0; i < files.length; i += MOST_FILES) {
      const limited = `${overObjects(kind, options, files.slice(i, i + MOST_FILES), sql)} LIMIT ${most - rows.length + 1}`
      for (const row of await ask(limited)) rows.push(row)
      if (rows.length > most) throw new TooMuch(`more than ${most} rows: ask for a shorter range, or for buckets`)
    }
    answer.rows = toRows(rows)
    return answer
  } // prettier-ignore

  return {
    extent: async ({ from, to }) => {
      const [waiting, openFrom, expired] = await Promise.all([manifest.waiting(), manifest.openFrom.get(), manifest.expired.get()]) // prettier-ignore
      const openDays = [...new Set(waiting.map(({ day }) => day))].filter((day) => day * DAY < to && (day + 1) * DAY > from) // prettier-ignore
      const deep = Math.floor(now() / DAY) - deepAfterDays
      const keptFrom = (kind: LakeKind, queryable = 0): EpochMs => Math.max(expired[kind], queryable) * DAY
      return {
        // Roll-ups never go to Deep Archive.
        keptFrom: {
          raw: keptFrom('readings', deep),
          minute: keptFrom('windows', deep),
          quarter: keptFrom('quarters'),
          day: keptFrom('days'),
        },
        openDays: openDays.sort((a, b) => a - b),
        openFrom,
        dayZone: 'UTC',
        intervalMs: TYPICAL_INTERVAL_MS,
      }
    },
    readings: (range) => run('readings', range, readingsSql(range), toReadings),
    windows: (range) => run('windows', range, windowsSql(range), toWindows),
    moments: (kind, range, buckets) => run(kind, range, momentsSql(kind, range, buckets), toMoments),
  }
}

/** Nothing here knows how dense a device's readings are without looking; a reading a second is a fast one. */
const TYPICAL_INTERVAL_MS = 1000

/** Those of a day's files that can hold one of these devices. */
function keysOf(kind: LakeKind, files: PublishedDay['files'], things: readonly string[]): string[] {
  const buckets = new Set(things.map(bucketName))
  return files.filter((key) => key.startsWith(`${kind}/`) && buckets.has(/\/b=(\d\d)\./.exec(key)?.[1] ?? ''))
}

/** The same text that DuckDB runs over a box's files, here over the catalogue's table, cut down to these objects. */
export function overObjects(
  kind: LakeKind,
  { bucket, database }: Pick<AthenaLakeOptions, 'bucket' | 'database'>,
  files: readonly { day: number; key: string }[],
  sql: string,
): string {
  const list = (texts: Iterable<string>): string => [...texts].map(quoted).join(', ')
  const days = list(new Set(files.map(({ day }) => dateOf(day))))
  const paths = list(files.map(({ key }) => `s3://${bucket}/${key}`))
  return (
    // The name in the text is this one; the table's own is reached by its database.
    `WITH ${kind} AS (SELECT * FROM "${database}"."${kind}" WHERE dt IN (${days}) AND "$path" IN (${paths}))` +
    (sql.startsWith('WITH ') ? `, ${sql.slice(5)}` : ` ${sql}`)
  )
}

const number = (cell: string | null | undefined): number =>
  cell === null || cell === undefined ? NaN : Number(cell)

function bySeries<T>(rows: (string | null)[][], make: (row: (string | null)[]) => T): { thing: string; measure: string; list: T[] }[] {
  const series = new Map<string, { thing: string; measure: string; list: T[] }>()
  for (const row of rows) {
    const [thing, measure] = [row[0] ?? '', row[1] ?? '']
    const key = `${thing}\n${measure}`
    let found = series.get(key)
    if (!found) series.set(key, (found = { thing, measure, list: [] }))
    found.list.push(make(row))
  }
  return [...series.values()]
} // prettier-ignore

const toReadings = (rows: (string | null)[][]): SeriesReadings[] =>
  bySeries(rows, ([, , at, value, text, quality, received, confirmed]) => ({
    at: number(at),
    value: number(value),
    text: text ?? null,
    quality: number(quality),
    receivedAt: number(received),
    confirmedAt: confirmed === null ? null : number(confirmed),
  })).map(({ thing, measure, list }) => ({ thing, measure, readings: list }))

const toWindows = (rows: (string | null)[][]): WindowRow[] =>
  rows.map(([thing, measure, ...cells]) => {
    const [at, n, sum, m2, min, max, first, last, version, repaired] = cells.map(number) as Ten
    return { thing: thing ?? '', measure: measure ?? '', minute: at / 60_000, n, sum, m2, min, max, first, last, version, repaired: repaired === 1 } // prettier-ignore
  })
type Ten = [number, number, number, number, number, number, number, number, number, number]

const toMoments = (rows: (string | null)[][]): SeriesMoments[] =>
  bySeries(rows, ([, , ...cells]) => {
    const [at, n, sum, m2, min, max, first, last] = cells.map(number) as Ten
    return { at, n, sum, m2, min, max, first, last }
  }).map(({ thing, measure, list }) => ({
    thing,
    measure,
    moments: list.sort((a, b) => a.at - b.at),
  }))
