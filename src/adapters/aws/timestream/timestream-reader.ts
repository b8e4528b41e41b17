import {
  QueryCommand,
  type QueryResponse,
  type TimestreamQueryClient,
} from '@aws-sdk/client-timestream-query'
import { qualityNames } from '../../../core/telemetry/reading.ts'
import type { Range } from '../../../ports/telemetry-reader.ts'
import type { HotTelemetry } from '../hot/hot-store.ts'
import type { KeptReading } from '../hot/reading-points.ts'

export interface TimestreamReaderOptions {
  query: Pick<TimestreamQueryClient, 'send'>
  database: string
  readingsTable: string
  windowsTable: string
}

type Row = Record<string, string | undefined>

/** Reads what `timestreamStore` wrote, by SQL. */
export function timestreamReader({
  query,
  database,
  readingsTable,
  windowsTable,
}: TimestreamReaderOptions): HotTelemetry & { kept(range: Range): Promise<KeptReading[]> } {
  const readings = `"${database}"."${readingsTable}"`
  const windows = `"${database}"."${windowsTable}"`

  async function rows(sql: string): Promise<Row[]> {
    try {
      return await pages(sql)
    } catch (error) {
      // AWS: a table has just the columns that have been written, none at first.
      if (error instanceof Error && /column .* does not exist/i.test(error.message)) return []
      throw error
    }
  }

  async function pages(sql: string): Promise<Row[]> {
    const found: Row[] = []
    let token: string | undefined
    do {
      const page: QueryResponse = await query.send(
        new QueryCommand({ QueryString: sql, ...(token !== undefined && { NextToken: token }) }),
      )
      const names = (page.ColumnInfo ?? []).map((column) => column.Name ?? '')
      for (const { Data = [] } of page.Rows ?? [])
        found.push(Object.fromEntries(names.map((name, i) => [name, Data[i]?.ScalarValue])))
      token = page.NextToken
    } while (token !== undefined)
    return found
  }

  async function kept({ thing, measures, from, to, limit, after }: Range): Promise<KeptReading[]> {
    const sql = `SELECT *, to_nanoseconds(time) AS at FROM ${readings}
      WHERE measure_name = 'reading' AND thing = ${literal(thing)} AND ${between(from, to)}${among(measures)}${beyond(after)}
      ORDER BY time, measure LIMIT ${limit}`
    return (await rows(sql)).map((row) => ({
      measure: row['measure'] ?? '',
      at: atOf(row),
      value: row['kind'] === '1' ? null : Number(row['value']),
      text: row['kind'] === '1' ? (row['text'] ?? '') : null,
      quality: qualityNames[Number(row['quality'])]!,
      receivedAt: Number(row['received']),
      // None, or one that another value has put aside.
      confirmedAt: Number(row['confirmed'] ?? 0) || null,
    }))
  }

  return {
    kept,
    readings: async (range) => (await kept(range)).map(({ confirmedAt: _, ...reading }) => reading),
    windows: async ({ thing, measures, from, to, limit, after }) => {
      const sql = `SELECT *, to_nanoseconds(time) AS at FROM ${windows}
        WHERE thing = ${literal(thing)} AND ${between(from, to)}${among(measures)}${beyond(after)}
        ORDER BY time, measure LIMIT ${limit}`
      const number = (row: Row, name: string): number => Number(row[name])
      return (await rows(sql)).map((row) => ({
        thing,
        measure: row['measure'] ?? '',
        minute: atOf(row) / 60_000,
        n: number(row, 'n'),
        sum: number(row, 'sum'),
        m2: number(row, 'm2'),
        min: number(row, 'min'),
        max: number(row, 'max'),
        first: number(row, 'first'),
        last: number(row, 'last'),
        version: number(row, 'version'),
        repaired: row['repaired'] === '1',
      }))
    },
    anomalies: async ({ thing, from, to, limit }) => {
      const sql = `SELECT *, to_nanoseconds(time) AS at FROM ${readings}
        WHERE measure_name = 'anomaly' AND ${between(from, to)}${thing === undefined ? '' : ` AND thing = ${literal(thing)}`}
        ORDER BY time LIMIT ${limit}`
      return (await rows(sql)).map((row) => ({
        thing: row['thing'] ?? '',
        measure: row['measure'] ?? '',
        at: atOf(row),
        detector: row['detector'] ?? '',
        score: Number(row['score']),
        observed: Number(row['observed']),
        expected: {
          ...(row['low'] !== undefined && { low: Number(row['low']) }),
          ...(row['high'] !== undefined && { high: Number(row['high']) }),
        },
      }))
    },
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
/** The latest time that nanoseconds of 64 bits can say, in the year 2262. */
const LAST_MS = 9_223_372_036_854
/** Times of offsets may lie between milliseconds; they are stored by the microsecond. */
const instant = (at: number): string => `from_nanoseconds(${BigInt(Math.round(Math.min(Math.max(at, 0), LAST_MS) * 1000)) * 1000n})` // prettier-ignore
const atOf = (row: Row): number => Number(BigInt(row['at'] ?? 0) / 1000n) / 1000
const between = (from: number, to: number): string => `time >= ${instant(from)} AND time < ${instant(to)}`
const among = (measures: readonly string[] | undefined): string =>
  measures ? ` AND measure IN (${measures.map(literal).join(', ') || "''"})` : ''
const beyond = (after: { at: number; measure: string } | undefined): string =>
  after
    ? ` AND (time > ${instant(after.at)} OR (time = ${instant(after.at)} AND measure > ${literal(after.measure)}))`
    : ''
