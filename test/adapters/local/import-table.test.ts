import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { exportParquet } from '../../../src/adapters/local/export-parquet.ts'
import { readImportTable } from '../../../src/adapters/local/import-table.ts'

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
