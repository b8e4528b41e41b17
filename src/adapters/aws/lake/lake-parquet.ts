import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer, type BasicType, type ColumnSource } from 'hyparquet-writer'
import type { LakeKind } from '../../../core/history/lake-layout.ts'

type Columns = Readonly<Record<string, BasicType>>

const key: Columns = { device: 'STRING', measure: 'STRING', ts: 'TIMESTAMP' }
const moments: Columns = {
  n: 'INT64',
  ...Object.fromEntries(['sum', 'm2', 'min', 'max', 'first', 'last'].map((name) => [name, 'DOUBLE'])),
}

/** Columns in the files, the same as the box's (src/adapters/local/lake/relations.ts) and the catalogue's; a test holds all three together. */
export const lakeTypes: Readonly<Record<LakeKind, Columns>> = {
  readings: { ...key, value: 'DOUBLE', text: 'STRING', quality: 'INT32', received: 'TIMESTAMP', confirmed: 'TIMESTAMP' }, // prettier-ignore
  windows: { ...key, ...moments, version: 'TIMESTAMP', repaired: 'BOOLEAN' },
  quarters: { ...key, ...moments },
  days: { ...key, zone: 'STRING', part: 'INT64', ...moments },
}

const nullable = new Set(['value', 'text', 'confirmed'])
const ROWS_A_GROUP = 100_000
/** The level that DuckDB writes with; higher ones take a multiple of the time for a few percent. */
const compress = (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes)

/** Sorted rows as a Parquet file (zstd), so that a reader skips what it does not want. */
export function parquetOf(kind: LakeKind, rows: readonly object[]): Uint8Array {
  const columnData = Object.entries(lakeTypes[kind]).map(([name, type]): ColumnSource => {
    const data = rows.map((row) => (row as Record<string, unknown>)[name])
    const wide = type === 'INT64' || type === 'TIMESTAMP'
    return {
      name,
      type,
      data: wide ? data.map((value) => (value === null ? null : BigInt(value as number))) : data,
      nullable: nullable.has(name),
      // Times ascend within a series: differences are a tenth of the bytes.
      ...(type === 'TIMESTAMP' && !nullable.has(name) && { encoding: 'DELTA_BINARY_PACKED' as const }),
    }
  })
  const buffer = parquetWriteBuffer({
    columnData,
    codec: 'ZSTD',
    compressors: { ZSTD: compress },
    rowGroupSize: ROWS_A_GROUP,
  })
  return new Uint8Array(buffer)
}

/** The rows of a file of the lake, as the object that a caller knows them to be. */
export async function rowsOfParquet<T>(bytes: Uint8Array): Promise<T[]> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  // Nobody else writes these.
  const rows = await parquetReadObjects({ file, compressors: { ZSTD: (input) => zstdDecompressSync(input) } })
  return rows.map(
    (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])) as T,
  )
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.getTime()
  return value ?? null
}
