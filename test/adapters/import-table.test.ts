import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { exportParquet } from '../../src/adapters/portable/export-parquet.ts'
import { parquetCompressors } from '../../src/adapters/portable/parquet-compressors.ts'
import { readImportTable } from '../../src/adapters/portable/import-table.ts'

const AT = 1_763_812_800_000
const csv = (text: string) => readImportTable(Buffer.from(text))
const rowsOf = async (text: string) =>
  (await csv(text)).rows.map(({ thing, measure, at, value }) => [thing, measure, at, value])

describe('readImportTable', () => {
  it.each([
    ['a byte-order mark and CRLF', `\uFEFFdevice,measure,ts,value\r\np,t,${AT},1\r\n`],
    ['another order, other names, semicolons', `value;time;metric;thing\n1;${AT};t;p`],
    ['tabs, quotes and no last line break', `"device"\t"measure"\t"ts"\t"value"\n"p"\t"t"\t"2025-11-22T12:00:00Z"\t"1"`],
    ['a time without an offset, which is UTC', 'device,measure,ts,value\np,t,2025-11-22 12:00:00,1'],
    ['an offset', 'device,measure,ts,value\np,t,2025-11-22T17:30:00+05:30,1.0'],
    ['empty lines', `\n\ndevice,measure,ts,value\n\np,t,${AT},+1e0\n\n`],
    ['columns that nobody asked for', `device,measure,ts,value,quality,unit\np,t,${AT},1,good,°C`],
  ])('reads CSV with %s', async (_what, text) => {
    expect(await rowsOf(text)).toEqual([['p', 't', AT, 1]])
  }) // prettier-ignore

  it('says what is wrong with each row, and takes the others', async () => {
    const { rows, faults } = await csv(
      [
        'device,measure,ts,value,text',
        `p,t,${AT},1,`,
        'p,t,99999999999999999999,1,',
        'p,t,1999-12-31,1,',
        'p,t,2025-02-30T00:00:00Z,1,',
        `p,t,${AT},NaN,`,
        `p,t,${AT},1e999,`,
        `p,t,${AT},"1,5",`,
        `p,t,${AT},,${'x'.repeat(10_000)}`,
        `a/b,t,${AT},1,`,
        'p',
        `p,s,${AT},,"a ""b""\nc"`,
      ].join('\n'),
    )
    expect(rows.map((r) => [r.row, r.value])).toEqual([
      [1, 1],
      [11, 'a "b"\nc'],
    ])
    expect(faults.map((f) => f.row)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['other columns', Buffer.from('a,b\n1,2\n')],
    ['bytes that are not UTF-8', Buffer.from('device,measure,ts,value\np,t,1,\xff', 'latin1')],
    ['a quote that is never closed', Buffer.from(`device,measure,ts,value\n"p,t,${AT},1`)],
    ['the beginning of a Parquet file', Buffer.from('PAR1')],
    ['a Parquet file that was cut off', whole().subarray(0, 150)],
    ['a Parquet file with other bytes within', damaged()],
  ])('refuses %s as a whole', async (_what, bytes) => {
    await expect(readImportTable(bytes)).rejects.toMatchObject({ name: 'BadTable' })
  })

  it.each(['uncompressed', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4', 'lz4_raw'])(
    'reads Parquet of DuckDB in %s',
    async (codec) => {
      const dir = mkdtempSync(join(tmpdir(), 'telltale-codec-'))
      const connection = await (await DuckDBInstance.create(':memory:')).connect()
      try {
        // Long repetitions, short ones and none: matches that overlap themselves, and lengths of more than a byte.
        await connection.run(
          `COPY (SELECT 'pump-' || (i % 3) AS device, 't' AS measure, TIMESTAMP '2025-11-22 12:00:00' + INTERVAL (i) SECOND AS ts, CASE WHEN i < 5000 THEN 1.5 ELSE (i * 7919 % 10007) / 8.0 END AS value FROM range(9000) r(i)) TO '${dir}/x.parquet' (FORMAT parquet, COMPRESSION ${codec})`,
        )
        const { rows, faults } = await readImportTable(readFileSync(`${dir}/x.parquet`))
        expect(faults).toEqual([])
        expect(rows).toEqual(Array.from({ length: 9000 }, (_, i) => ({ row: i + 1, thing: `pump-${i % 3}`, measure: 't', at: AT + i * 1000, value: i < 5000 ? 1.5 : ((i * 7919) % 10007) / 8 }))) // prettier-ignore
      } finally {
        connection.closeSync()
        rmSync(dir, { recursive: true })
      }
    },
  )

  it('takes no page that is larger than it says, and no block that refers to nothing', () => {
    const { GZIP, ZSTD, LZ4, LZ4_RAW } = parquetCompressors
    expect(() => GZIP!(gzipSync(Buffer.alloc(1 << 20)), 100)).toThrow()
    expect(() => ZSTD!(zstdCompressSync(Buffer.alloc(1 << 20)), 100)).toThrow()
    // Hadoop’s frame around a block: four literals, then eight bytes from four before.
    const block = Uint8Array.of(0x44, 1, 2, 3, 4, 4, 0, 0x10, 9)
    const plain = Uint8Array.of(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 9)
    const framed = Uint8Array.of(0, 0, 0, 13, 0, 0, 0, block.length, ...block)
    expect(LZ4_RAW!(block, 13)).toEqual(plain)
    expect([LZ4!(framed, 13), LZ4!(block, 13)]).toEqual([plain, plain])
    for (const [bytes, length] of [
      [Uint8Array.of(0x44, 1, 2, 3, 4, 5, 0), 12], // before the beginning
      [Uint8Array.of(0x44, 1, 2, 3, 4, 0, 0), 12], // no distance
      [Uint8Array.of(0x40, 1, 2), 4], // ends within its literals
      [Uint8Array.of(0xf0, 255, 255), 4], // ends within a length
      [block, 12],
      [block, 14],
    ] as const)
      expect(() => LZ4_RAW!(bytes, length), String(bytes)).toThrow(/LZ4/)
  })

  it('reads Parquet of the export, and of others with whole numbers and microseconds', async () => {
    expect((await readImportTable(whole())).rows.slice(0, 2)).toEqual([
      { row: 1, thing: 'p', measure: 't', at: AT, value: 0 },
      { row: 2, thing: 'p', measure: 't', at: AT + 1000, value: 0.5 },
    ])
    const other = parquetWriteBuffer({
      columnData: [
        { name: 'metric', data: ['t', 't'], type: 'STRING' },
        { name: 'device', data: ['p', 'p'], type: 'STRING' },
        { name: 'ts', data: [BigInt(AT), 10n ** 18n], type: 'INT64' },
        { name: 'value', data: [7, 8], type: 'INT32' },
      ],
    })
    const { rows, faults } = await readImportTable(new Uint8Array(other))
    expect(rows).toEqual([{ row: 1, thing: 'p', measure: 't', at: AT, value: 7 }])
    expect(faults).toHaveLength(1)
  })
})

function whole(): Uint8Array {
  const readings = Array.from({ length: 300 }, (_, i) => ({ at: AT + i * 1000, value: i / 2, text: null, quality: 0, receivedAt: AT, confirmedAt: null })) // prettier-ignore
  return exportParquet([{ thing: 'p', measure: 't', readings }])
}

function damaged(): Uint8Array {
  const bytes = Buffer.from(whole())
  bytes.fill(0xa5, 8, 60)
  return bytes
}
