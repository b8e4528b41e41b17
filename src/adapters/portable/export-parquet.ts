import { parquetWriteBuffer } from 'hyparquet-writer'
import { zstdCompressSync } from 'node:zlib'
import { qualityNames } from '../../core/telemetry/reading.ts'
import type { SeriesReadings } from '../../ports/history.ts'

/** Readings as one Parquet file. */
export function exportParquet(series: readonly SeriesReadings[]): Uint8Array {
  const rows = series.flatMap(({ thing, measure, readings }) =>
    readings.map((r) => ({ thing, measure, ...r })),
  )
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'device', data: rows.map((r) => r.thing), type: 'STRING' },
      { name: 'measure', data: rows.map((r) => r.measure), type: 'STRING' },
      { name: 'ts', data: rows.map((r) => new Date(r.at)), type: 'TIMESTAMP' },
      {
        name: 'value',
        data: rows.map((r) => (Number.isNaN(r.value) ? null : r.value)),
        type: 'DOUBLE',
        nullable: true,
      },
      { name: 'text', data: rows.map((r) => r.text), type: 'STRING', nullable: true },
      { name: 'quality', data: rows.map((r) => qualityNames[r.quality] ?? 'good'), type: 'STRING' },
    ],
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
  })
  return new Uint8Array(buffer)
}
