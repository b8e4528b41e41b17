import type { Compressors } from 'hyparquet'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { decompressLz4Block, decompressLz4Hadoop } from './lz4.ts'

const most = (length: number) => ({ maxOutputLength: Math.max(1, length) })

/** Every codec of Parquet but LZO; hyparquet has Snappy itself. A page that is larger than it says is refused. */
export const parquetCompressors: Compressors = {
  GZIP: (input, length) => gunzipSync(input, most(length)),
  BROTLI: (input, length) => brotliDecompressSync(input, most(length)),
  ZSTD: (input, length) => zstdDecompressSync(input, most(length)),
  LZ4: decompressLz4Hadoop,
  LZ4_RAW: decompressLz4Block,
}
