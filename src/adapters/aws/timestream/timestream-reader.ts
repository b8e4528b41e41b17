import {
  QueryCommand,
  type QueryResponse,
  type TimestreamQueryClient,
} from '@aws-sdk/client-timestream-query'
import { qualityNames } from '../../../core/telemetry/reading.ts'
import type { HotTelemetry } from '../hot/hot-store.ts'

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
}: TimestreamReaderOptions): HotTelemetry {
  const readings = `"${database}"."${readingsTable}"`
  const windows = `"${database}"."${windowsTable}"`

  async function rows(sql: string): Promise<Row[]> {
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

  return {
    readings: async ({ thing, measures, from, to, limit, after }) => {
      const sql = `SELECT measure, to_milliseconds(time) AS at, value, text, quality, received FROM ${readings}
        WHERE measure_name = 'reading' AND thing = ${literal(thing)} AND ${between(from, to)}${among(measures)}${beyond(after)}
        ORDER BY time, measure LIMIT ${limit}`
      return (await rows(sql)).map((row) => ({
        measure: row['measure'] ?? '',
        at: Number(row['at']),
        value: row['text'] === undefined ? Number(row['value']) : null,
        text: row['text'] ?? null,
        quality: qualityNames[Number(row['quality'])]!,
        receivedAt: Number(row['received']),
      }))
    },
    windows: async ({ thing, measures, from, to, limit, after }) => {
      const sql = `SELECT *, to_milliseconds(time) AS at FROM ${windows}
        WHERE thing = ${literal(thing)} AND ${between(from, to)}${among(measures)}${beyond(after)}
        ORDER BY time, measure LIMIT ${limit}`
      const number = (row: Row, name: string): number => Number(row[name])
      return (await rows(sql)).map((row) => ({
        thing,
        measure: row['measure'] ?? '',
        minute: number(row, 'at') / 60_000,
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
      const sql = `SELECT thing, measure, detector, score, observed, low, high, to_milliseconds(time) AS at FROM ${readings}
        WHERE measure_name = 'anomaly' AND ${between(from, to)}${thing === undefined ? '' : ` AND thing = ${literal(thing)}`}
        ORDER BY time LIMIT ${limit}`
      return (await rows(sql)).map((row) => ({
        thing: row['thing'] ?? '',
        measure: row['measure'] ?? '',
        at: Number(row['at']),
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
const between = (from: number, to: number): string =>
  `time >= from_milliseconds(${Math.floor(from)}) AND time < from_milliseconds(${Math.ceil(to)})`
const among = (measures: readonly string[] | undefined): string =>
  measures ? ` AND measure IN (${measures.map(literal).join(', ') || "''"})` : ''
const beyond = (after: { at: number; measure: string } | undefined): string =>
  after
    ? ` AND (time > from_milliseconds(${after.at}) OR (time = from_milliseconds(${after.at}) AND measure > ${literal(after.measure)}))`
    : ''
