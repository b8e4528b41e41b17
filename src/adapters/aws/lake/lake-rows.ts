import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { parquetWriteBuffer, type BasicType, type ColumnSource } from 'hyparquet-writer'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import { mean, std } from '../../../core/window/window.ts'

/** A row of the lake's table of readings; `ts` and `received` are epoch milliseconds. */
export interface ReadingRow {
  device: string
  measure: string
  ts: EpochMs
  value: number | null
  text: string | null
  quality: number
  received: EpochMs
}

export interface WindowLakeRow {
  device: string
  measure: string
  ts: EpochMs
  n: number
  mean: number
  min: number
  max: number
  std: number
  first: number
  last: number
  sum: number
  version: EpochMs
  repaired: boolean
}

export interface LakeRows {
  readings: ReadingRow[]
  windows: WindowLakeRow[]
}
export type LakeTable = keyof LakeRows
export const lakeTables: readonly LakeTable[] = ['readings', 'windows']

/** Columns in the files, as the catalogue has them (lib/constructs/catalog.ts); a test holds the two together. */
export const lakeTypes: Readonly<Record<LakeTable, Readonly<Record<string, BasicType>>>> = {
  readings: { device: 'STRING', measure: 'STRING', ts: 'INT64', value: 'DOUBLE', text: 'STRING', quality: 'INT32', received: 'INT64' },
  windows: { device: 'STRING', measure: 'STRING', ts: 'INT64', n: 'INT64', mean: 'DOUBLE', min: 'DOUBLE', max: 'DOUBLE', std: 'DOUBLE', first: 'DOUBLE', last: 'DOUBLE', sum: 'DOUBLE', version: 'INT64', repaired: 'BOOLEAN' },
} // prettier-ignore

/** The rows that effects make. Copies of a reading stay side by side: compaction settles them. */
export function lakeRowsOf(effects: readonly DataEffect[]): LakeRows {
  const rows: LakeRows = { readings: [], windows: [] }
  for (const effect of effects) {
    if (effect.kind === 'window') {
      const w = effect.window
      const { thing: device, measure, minute, n, min, max, first, last, sum, version, repaired } = w
      rows.windows.push({ device, measure, ts: minute * 60_000, n, mean: mean(w), min, max, std: std(w), first, last, sum, version, repaired }) // prettier-ignore
    } else if (effect.kind === 'readings') {
      const { thing: device, receivedAt: received, columns } = effect.batch
      for (const { measure, at, value, text, quality } of columns)
        for (let i = 0; i < at.length; i++)
          rows.readings.push({
            device,
            measure,
            ts: Math.floor(at[i]!),
            value: Number.isNaN(value[i]!) ? null : value[i]!,
            text: text?.[i] ?? null,
            quality: quality[i]!,
            received,
          })
    }
  }
  return rows
}

/** Rows as a Parquet file, sorted by device, measure and time, so that a reader skips what it does not want. */
export function parquetOf(table: LakeTable, rows: readonly object[]): Uint8Array {
  const columnData = Object.entries(lakeTypes[table]).map(([name, type]): ColumnSource => {
    const wide = type === 'INT64'
    const data = rows.map((row) => {
      const value = (row as Record<string, unknown>)[name]
      return wide ? BigInt(value as number) : value
    })
    return { name, type, data, nullable: name === 'value' || name === 'text' }
  })
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}

/** The rows of a Parquet file that `parquetOf` made, as the object that a caller knows them to be. */
export async function rowsOfParquet<T>(bytes: Uint8Array): Promise<T[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  const rows = await parquetReadObjects({ file, compressors })
  return rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(row).map(([k, v]) => [k, typeof v === 'bigint' ? Number(v) : (v ?? null)]),
      ) as T,
  )
}

const order = (a: ReadingRow | WindowLakeRow, b: ReadingRow | WindowLakeRow): number =>
  a.device === b.device
    ? a.measure === b.measure
      ? a.ts - b.ts
      : a.measure < b.measure ? -1 : 1
    : a.device < b.device ? -1 : 1 // prettier-ignore

/** Each reading once, by the identity rule: the newer receipt wins, an equal value keeps its first. Sorted. */
export function settledReadings(rows: ReadingRow[]): ReadingRow[] {
  rows.sort((a, b) => order(a, b) || a.received - b.received)
  const settled: ReadingRow[] = []
  for (const row of rows) {
    const last = settled.at(-1)
    if (!last || order(last, row) !== 0) settled.push(row)
    else if (!Object.is(last.value, row.value) || last.text !== row.text) settled[settled.length - 1] = row
  }
  return settled
}

/** Each window once: the newer version, and a repaired one before a streamed one. Sorted. */
export function settledWindows(rows: WindowLakeRow[]): WindowLakeRow[] {
  rows.sort((a, b) => order(a, b) || Number(a.repaired) - Number(b.repaired) || a.version - b.version)
  return rows.filter((row, i) => i === rows.length - 1 || order(row, rows[i + 1]!) !== 0)
}

export const dayOf = (ts: EpochMs): string => new Date(ts).toISOString().slice(0, 10)

/** The bucket of a device within a day, so that one device's history opens one file. FNV-1a, 32 bit. */
export function bucketOf(device: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < device.length; i++) hash = Math.imul(hash ^ device.charCodeAt(i), 0x01000193)
  return String((hash >>> 0) % BUCKETS).padStart(2, '0')
}
const BUCKETS = 16
