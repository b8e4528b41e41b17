import { qualityNames } from '../../../core/telemetry/reading.ts'
import type { Anomaly } from '../../../core/telemetry/stage.ts'
import type { Range } from '../../../ports/telemetry-reader.ts'
import type { HotTelemetry } from '../hot/hot-store.ts'
import type { KeptReading } from '../hot/reading-points.ts'
import type { Influx } from './influx-http.ts'
import { readingsOf, windowsOf } from './line-protocol.ts'

/** Reads what `influxStore` wrote. */
export function influxReader(influx: Influx): HotTelemetry {
  return {
    readings: async (range) =>
      (await keptReadings(influx, range)).map(({ confirmedAt: _, ...reading }) => reading),
    windows: async (range) => {
      const { thing, measures, limit, after } = range
      const from = Math.ceil(Math.max(range.from, after?.at ?? range.from) / 60_000) * 60_000
      const only = measures
        ? ` AND (${measures.map((m) => `measure = ${literal(m)}`).join(' OR ') || 'time < 0'})`
        : ''
      const rows = await influx.query(`SELECT * FROM ${identifier(windowsOf(thing))} WHERE ${between({ ...range, from })}${only} ORDER BY time LIMIT ${limit + (after ? 1000 : 0)}`) // prettier-ignore
      const n = (row: Record<string, unknown>, name: string): number => row[name] as number
      return rows
        .map((row) => ({
          thing,
          measure: row['measure'] as string,
          minute: n(row, 'time') / 60_000_000,
          n: n(row, 'n'),
          sum: n(row, 'sum'),
          m2: n(row, 'm2'),
          min: n(row, 'min'),
          max: n(row, 'max'),
          first: n(row, 'first'),
          last: n(row, 'last'),
          version: n(row, 'version'),
          repaired: row['repaired'] === 1,
        }))
        .filter((w) => !after || w.minute * 60_000 > after.at || w.measure > after.measure)
        .sort((a, b) => a.minute - b.minute || (a.measure < b.measure ? -1 : 1))
        .slice(0, limit)
    },
    anomalies: async ({ thing, from, to, limit }) => {
      const only = thing === undefined ? '' : ` AND thing = ${literal(thing)}`
      const rows = await influx.query(`SELECT * FROM anomalies WHERE ${between({ from, to })}${only} ORDER BY time LIMIT ${limit}`) // prettier-ignore
      return rows.map((row): Anomaly => ({
        thing: row['thing'] as string,
        measure: row['measure'] as string,
        at: (row['time'] as number) / 1000,
        detector: row['detector'] as string,
        score: row['score'] as number,
        observed: row['observed'] as number,
        expected: {
          ...(typeof row['low'] === 'number' && { low: row['low'] }),
          ...(typeof row['high'] === 'number' && { high: row['high'] }),
        },
      }))
    },
  }
}

/** Readings with what only the store itself needs to know of them. */
export async function keptReadings(influx: Influx, range: Range): Promise<KeptReading[]> {
  const { thing, measures, limit, after } = range
  const fields = measures?.flatMap((m) => [m, `${m}$`, `${m}~`, `${m}^`].map(identifier)).join(', ') ?? '*'
  if (fields === '') return []
  const rows = await influx.query(`SELECT ${fields} FROM ${identifier(readingsOf(thing))} WHERE ${between(range)} ORDER BY time LIMIT ${limit + 1}`) // prettier-ignore
  return rows
    .flatMap(readingsOfRow)
    .filter((r) => !after || r.at > after.at || (r.at === after.at && r.measure > after.measure))
    .sort((a, b) => a.at - b.at || (a.measure < b.measure ? -1 : 1))
    .slice(0, limit)
}

/** InfluxQL's own quoting. */
export const identifier = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
export const literal = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`

const between = ({ from, to, after }: Pick<Range, 'from' | 'to' | 'after'>): string =>
  `time >= ${Math.round(Math.max(from, after?.at ?? from) * 1000)}u AND time < ${Math.round(Math.min(to, 9e15 / 1000) * 1000)}u`

function readingsOfRow(row: Record<string, unknown>): KeptReading[] {
  const at = (row['time'] as number) / 1000
  return Object.entries(row).flatMap(([column, stamp]) => {
    if (!column.endsWith('~') || typeof stamp !== 'number') return []
    const measure = column.slice(0, -1)
    const isText = stamp % 2 === 1
    return {
      measure,
      at,
      value: isText ? null : (row[measure] as number),
      text: isText ? (row[`${measure}$`] as string) : null,
      quality: qualityNames[Math.floor(stamp / 2) % 8]!,
      receivedAt: Math.floor(stamp / 16),
      // None, or one that another value has put aside.
      confirmedAt: (row[`${measure}^`] as number | null | undefined) || null,
    }
  })
}
