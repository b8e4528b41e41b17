import type { EpochMs } from '../telemetry/reading.ts'
import type { Buckets } from './plan.ts'
import { dayOf, type LakeKind } from './lake-layout.ts'

/**
 * The lake's questions as SQL that DuckDB and Athena (Trino) both run as it stands, over relations named like the
 * lake's folders. Names and times are the only things put into the text, quoted here.
 */
export interface LakeRange {
  things: readonly string[]
  measures?: readonly string[] | undefined
  /** Half-open. */
  from: EpochMs
  to: EpochMs
  /** For days of a zone, which begin in one lake day and end in another: where their starts may lie. */
  starts?: { from: EpochMs; to: EpochMs }
  /** Of windows, those alone of which every reading had been received by then. */
  knownBy?: EpochMs
  /** The zone whose days are meant: a device that has moved, or a site that was corrected, has days of another one. */
  zone?: string
  /** Fails with TooMuch beyond so many readings, before they fill the memory. */
  most?: number
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const list = (names: readonly string[]): string => names.map(quoted).join(', ')
const timestamp = (at: EpochMs): string =>
  `TIMESTAMP '${new Date(at).toISOString().replace('T', ' ').replace('Z', '')}'`
/** Epoch milliseconds of a timestamp column, as a double. */
const epoch = (column: string): string =>
  `CAST(date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', ${column}) AS DOUBLE)`

function where({ things, measures, from, to }: LakeRange): string {
  const device = things.length === 1 ? `device = ${quoted(things[0]!)}` : `device IN (${list(things)})`
  const named =
    measures === undefined
      ? ''
      : measures.length === 1
        ? ` AND measure = ${quoted(measures[0]!)}`
        : ` AND measure IN (${list(measures)})`
  return `${device}${named} AND ts >= ${timestamp(from)} AND ts < ${timestamp(to)}`
}

/** The parts that these lake days have in days of a zone. */
const whereDays = ({ starts, from, to, ...rest }: LakeRange): string =>
  `${where({ ...rest, ...(starts ?? { from, to }) })} AND part >= ${dayOf(from)} AND part <= ${dayOf(to - 1)}`

/** Stored readings; not ordered, since the reader settles each series by itself. */
export const readingsSql = (range: LakeRange): string =>
  `SELECT device, measure, ${epoch('ts')} AS at_ms, value, text, CAST(quality AS DOUBLE) AS quality, ` +
  `${epoch('received')} AS received_ms, ${epoch('confirmed')} AS confirmed_ms FROM readings WHERE ${where(range)}`

const moments = '"n", "sum", "m2", "min", "max", "first", "last"'

/** Windows one by one, for merging with what the hot store holds. */
export const windowsSql = (range: LakeRange): string =>
  `SELECT device, measure, ${epoch('ts')} AS at_ms, CAST("n" AS DOUBLE) AS n, "sum", "m2", "min", "max", "first", "last", ` +
  `${epoch('version')} AS version_ms, CAST(repaired AS DOUBLE) AS repaired FROM windows WHERE ${where(range)}`

/**
 * Moments merged into buckets (Chan, Golub and LeVeque 1979, pairwise form over the bucket's own mean, so that
 * nothing cancels). For days, the last column says 1 where days of another zone went in.
 */
export function momentsSql(
  kind: Exclude<LakeKind, 'readings'>,
  range: LakeRange,
  buckets: NonNullable<Buckets>,
): string {
  const days = kind === 'days'
  const known =
    kind === 'windows' && range.knownBy !== undefined ? ` AND version <= ${timestamp(range.knownBy)}` : ''
  const rows = `r AS (SELECT device, measure, ${epoch('ts')} AS at_ms, ${moments}${days ? ', zone' : ''} FROM ${kind} WHERE ${days ? whereDays(range) : where(range)}${known})`
  const bucketed = `b AS (SELECT *, ${bucketSql(buckets)} AS bucket FROM r)`
  return (
    `WITH ${rows}, ${bucketed}, g AS (SELECT device, measure, bucket, sum("sum") / sum("n") AS mean FROM b GROUP BY device, measure, bucket) ` +
    `SELECT b.device AS device, b.measure AS measure, b.bucket AS at_ms, CAST(sum("n") AS DOUBLE) AS n, sum("sum") AS "sum", ` +
    `sum("m2") + sum("n" * ("sum" / "n" - g.mean) * ("sum" / "n" - g.mean)) AS "m2", min("min") AS "min", max("max") AS "max", ` +
    `min_by("first", at_ms) AS "first", max_by("last", at_ms) AS "last"${days ? `, ${otherZone(range.zone)}` : ''} ` +
    `FROM b JOIN g ON b.device = g.device AND b.measure = g.measure AND b.bucket = g.bucket GROUP BY b.device, b.measure, b.bucket`
  )
}

const otherZone = (zone: string | undefined): string =>
  `CAST(max(${zone === undefined ? '0' : `CASE WHEN zone = ${quoted(zone)} THEN 0 ELSE 1 END`}) AS DOUBLE) AS other_zone`

/** The bucket's start. Edges fall into few runs of equal length, so that a year of days is three of them, not 365. */
function bucketSql(buckets: NonNullable<Buckets>): string {
  if ('stepMs' in buckets) return `floor(at_ms / ${buckets.stepMs}) * ${buckets.stepMs}`
  const runs = runsOf(buckets.edges)
  const start = ({ start, step }: Run): string => `${start} + floor((at_ms - ${start}) / ${step}) * ${step}`
  const last = runs.pop()!
  if (runs.length === 0) return start(last)
  return `CASE ${runs.map((run) => `WHEN at_ms < ${run.end} THEN ${start(run)}`).join(' ')} ELSE ${start(last)} END`
}

interface Run {
  start: EpochMs
  end: EpochMs
  step: number
}

/** Edges as runs of equal steps. */
export function runsOf(edges: readonly EpochMs[]): Run[] {
  const runs: Run[] = []
  for (let i = 1; i < edges.length; i++) {
    const start = edges[i - 1]!
    const end = edges[i]!
    const last = runs.at(-1)
    if (last?.step === end - start) last.end = end
    else runs.push({ start, end, step: end - start })
  }
  return runs
}

/** A text of this file over a relation that stands for a kind's table: files, or a table with its columns put right. */
export const overRelation = (kind: LakeKind, relation: string, sql: string): string =>
  `WITH ${kind} AS (${relation})${sql.startsWith('WITH ') ? `, ${sql.slice(5)}` : ` ${sql}`}`

/** Quarter-hours of windows: what the roll-ups are made of. */
export const quartersSql = (from: string): string =>
  rollUpSql(
    from,
    `date_trunc('hour', ts) + INTERVAL '15' MINUTE * CAST(floor(minute(ts) / 15) AS INTEGER)`,
    '',
  )

/** Moments merged by an expression of ts and by further columns; gives rows of the same form. */
export function rollUpSql(from: string, bucket: string, more: string): string {
  const keys = more === '' ? '' : `, ${more}`
  const joined = more === '' ? '' : ` AND b.${more} = g.${more}`
  return (
    `WITH b AS (SELECT *, ${bucket} AS bucket FROM ${from}), ` +
    `g AS (SELECT device, measure, bucket${keys}, sum("sum") / sum("n") AS mean FROM b GROUP BY device, measure, bucket${keys}) ` +
    `SELECT b.device, b.measure, b.bucket AS ts${more === '' ? '' : `, b.${more}`}, CAST(sum("n") AS BIGINT) AS "n", sum("sum") AS "sum", ` +
    `sum("m2") + sum("n" * ("sum" / "n" - g.mean) * ("sum" / "n" - g.mean)) AS "m2", min("min") AS "min", max("max") AS "max", ` +
    `min_by("first", b.ts) AS "first", max_by("last", b.ts) AS "last" ` +
    `FROM b JOIN g ON b.device = g.device AND b.measure = g.measure AND b.bucket = g.bucket${joined} GROUP BY b.device, b.measure, b.bucket${more === '' ? '' : `, b.${more}`}`
  )
}
