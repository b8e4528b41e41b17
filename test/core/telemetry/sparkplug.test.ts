import { describe, expect, it } from 'vitest'
import type { BirthTable, SparkplugMetric } from '../../../src/core/telemetry/birth-table.ts'
import { applySparkplug } from '../../../src/core/telemetry/sparkplug.ts'
import { toMetricSample } from '../../../src/core/telemetry/sparkplug-value.ts'
import type { SparkplugTopic, SparkplugType } from '../../../src/core/telemetry/topic.ts'

const at = 1_763_806_800_000
const topic = (type: SparkplugType): SparkplugTopic => ({
  format: 'sparkplug',
  trade: 'plant',
  type,
  thing: 'edge-1',
  child: type.startsWith('D') ? 'pump-1' : null,
})
const metric = (fields: Partial<SparkplugMetric>): SparkplugMetric => ({
  name: null,
  alias: null,
  timestamp: null,
  datatype: null,
  value: null,
  ...fields,
})
const double = (value: number) => ({ field: 'double' as const, value })
const bdSeq = (value: bigint) => metric({ name: 'bdSeq', datatype: 8, value: { field: 'long', value } })
const apply = (
  table: BirthTable | undefined,
  type: SparkplugType,
  seq: number | null,
  ...metrics: SparkplugMetric[]
) => applySparkplug(table, topic(type), { timestamp: at, seq, metrics }, at + 5)
const readingsOf = ({ columns }: ReturnType<typeof applySparkplug>) =>
  columns.flatMap(({ child, columns }) =>
    columns.map(({ measure, at, value, text }) => ({ child, measure, at: [...at], value: [...value], text })),
  )

const nodeBirth = () =>
  apply(
    undefined,
    'NBIRTH',
    0,
    bdSeq(7n),
    metric({ name: 'Node Control/Rebirth', datatype: 11, value: { field: 'boolean', value: false } }),
    metric({ name: 'Supply Voltage', alias: '1', datatype: 10, value: double(12) }),
  )
const deviceBirth = () =>
  apply(
    nodeBirth().table,
    'DBIRTH',
    1,
    metric({ name: 'temperature', alias: '10', datatype: 10, value: double(21.5) }),
    metric({ name: 'level', alias: '11', datatype: 1, value: { field: 'int', value: 5 } }),
  )

describe('applySparkplug', () => {
  it('takes a birth’s values as readings, session and control metrics aside', () => {
    const born = nodeBirth()
    expect(born).toMatchObject({ rebirth: false, died: null, refusal: null, skipped: [] })
    expect(born.table).toMatchObject({ thing: 'edge-1', bdSeq: 7, seq: 0, born: true, devices: [] })
    expect(readingsOf(born)).toEqual([
      { child: null, measure: 'Supply_Voltage', at: [at], value: [12], text: null },
    ])
    expect(deviceBirth().table.devices).toEqual(['pump-1'])
  })

  it('keeps a table that survives JSON', () => {
    const { table } = deviceBirth()
    expect(JSON.parse(JSON.stringify(table))).toEqual(table)
  })

  it('reads data by alias and by name with the birth’s data type', () => {
    const { table } = deviceBirth()
    const data = apply(
      table,
      'DDATA',
      2,
      metric({ alias: '10', timestamp: at - 1000, value: double(22) }),
      metric({ name: 'level', value: { field: 'int', value: 0xfffffffb } }),
      metric({ alias: '10', timestamp: at - 2000, value: double(20) }),
    )
    expect(readingsOf(data)).toEqual([
      { child: 'pump-1', measure: 'temperature', at: [at - 2000, at - 1000], value: [20, 22], text: null },
      { child: 'pump-1', measure: 'level', at: [at], value: [-5], text: null },
    ])
    expect(data).toMatchObject({ rebirth: false, refusal: null })
  })

  it('asks for a rebirth on a gap in the sequence, and still takes the readings', () => {
    const { table } = deviceBirth()
    const data = apply(table, 'DDATA', 5, metric({ alias: '10', value: double(22) }))
    expect(data.rebirth).toBe(true)
    expect(readingsOf(data)).toHaveLength(1)
    expect(apply(data.table, 'DDATA', 6, metric({ alias: '10', value: double(22) })).rebirth).toBe(false)
  })

  it('wraps the sequence at 256 and takes a repeated number as a redelivery', () => {
    const table = { ...deviceBirth().table, seq: 255 }
    const reading = metric({ alias: '10', value: double(22) })
    expect(apply(table, 'DDATA', 0, reading).rebirth).toBe(false)
    expect(apply(table, 'DDATA', 255, reading).rebirth).toBe(false)
    expect(apply(table, 'DDATA', 1, reading).rebirth).toBe(true)
  })

  it('refuses an unknown alias, asks for a rebirth, and moves the session on', () => {
    const { table } = deviceBirth()
    const data = apply(table, 'DDATA', 2, metric({ alias: '99', value: double(1) }))
    expect(data).toMatchObject({ rebirth: true, columns: [], table: { seq: 2 } })
    expect(data.refusal).toMatchObject({ reason: 'unknown_alias' })
  })

  it('knows an alias only for the node or device that announced it', () => {
    const { table } = deviceBirth()
    expect(apply(table, 'NDATA', 2, metric({ alias: '10', value: double(1) })).refusal).not.toBeNull()
    expect(apply(table, 'DDATA', 2, metric({ alias: '1', value: double(1) })).refusal).not.toBeNull()
    const inherited = metric({ alias: 'constructor', value: double(1) })
    expect(apply(table, 'DDATA', 2, inherited).refusal).not.toBeNull()
  })

  it('asks for a rebirth where a device is born or speaks before its node', () => {
    const born = apply(undefined, 'DBIRTH', 3, metric({ name: 'a', datatype: 10, value: double(1) }))
    expect(born.rebirth).toBe(true)
    expect(readingsOf(born)).toHaveLength(1)
    expect(apply(undefined, 'NDATA', 9, metric({ alias: '1', value: double(1) }))).toMatchObject({
      rebirth: true,
      refusal: { reason: 'unknown_alias' },
    })
  })

  it('ends a session at its own death and ignores the death of an earlier one', () => {
    const { table } = deviceBirth()
    const stale = apply(table, 'NDEATH', null, bdSeq(6n))
    expect(stale).toMatchObject({ died: null, rebirth: false })
    expect(stale.table).toBe(table)
    const dead = apply(table, 'NDEATH', null, bdSeq(7n))
    expect(dead).toMatchObject({ died: 'node', table: { born: false, devices: [], seq: null } })
    expect(apply(dead.table, 'NDATA', 3, metric({ alias: '1', value: double(1) })).rebirth).toBe(true)
    expect(() => apply(table, 'NDEATH', null)).toThrow('bdSeq')
  })

  it('ends a device at its death', () => {
    const dead = apply(deviceBirth().table, 'DDEATH', 2)
    expect(dead).toMatchObject({ died: 'device', rebirth: false, table: { devices: [], seq: 2 } })
  })

  it('forgets at a node’s birth what came before', () => {
    const again = apply(deviceBirth().table, 'NBIRTH', 0, bdSeq(8n))
    expect(again.table).toMatchObject({ bdSeq: 8, devices: [], aliases: {} })
    expect(again.rebirth).toBe(false)
  })

  it('replaces at a device’s birth what that device announced, and nothing else', () => {
    const fresh = metric({ name: 'flow', alias: '12', datatype: 10, value: double(3) })
    const again = apply(deviceBirth().table, 'DBIRTH', 2, fresh)
    expect(Object.keys(again.table.aliases).toSorted()).toEqual(['1', '12'])
    expect(again.table.devices).toEqual(['pump-1'])
  })

  it('skips what holds no telemetry and keeps the rest of the message', () => {
    const { table } = deviceBirth()
    const data = apply(
      table,
      'DDATA',
      2,
      metric({ name: 'image', datatype: 17, value: { field: 'other' } }),
      metric({ name: 'broken', datatype: 10, value: double(NaN) }),
      metric({ name: 'absent', datatype: 10, value: null }),
      metric({ alias: '10', value: double(22) }),
    )
    expect(data.skipped.map(({ name }) => name)).toEqual(['image', 'broken'])
    expect(readingsOf(data)).toHaveLength(1)
    expect(data.refusal, 'what is no number is named, although the rest counts').toMatchObject({
      reason: 'bad_value',
    })
  })

  it('keeps historical metrics apart from the present', () => {
    const { table } = deviceBirth()
    const old = metric({ alias: '10', timestamp: at - 9000, value: double(1), historical: true })
    const data = apply(table, 'DDATA', 2, old, metric({ alias: '10', value: double(2) }))
    expect(data.columns[0]!.columns.map(({ history, value }) => [history, [...value]])).toEqual([
      [false, [2]],
      [true, [1]],
    ])
  })

  it('asks for the births of a device that has none, or has died', () => {
    const said = metric({ name: 'x', datatype: 10, value: double(1) })
    expect(apply(nodeBirth().table, 'DDATA', 1, said).rebirth).toBe(true)
    const { table } = deviceBirth()
    expect(apply(table, 'DDATA', 2, said).rebirth).toBe(false)
    const died = apply(table, 'DDEATH', 2)
    expect(died).toMatchObject({ rebirth: false, died: 'device' })
    expect(apply(died.table, 'DDATA', 3, said)).toMatchObject({ rebirth: true, refusal: null })
  })

  it('lets a birth count whose values cannot be stored, and refuses them', () => {
    const early = metric({ name: 'a', alias: '1', timestamp: 5, datatype: 10, value: double(1) })
    const born = apply(undefined, 'NBIRTH', 0, bdSeq(0n), early)
    expect(born).toMatchObject({ columns: [], refusal: { reason: 'bad_time' }, table: { born: true } })
    expect(readingsOf(apply(born.table, 'NDATA', 1, metric({ alias: '1', value: double(2) })))).toHaveLength(
      1,
    )
  })

  it('refuses messages without a sequence number, metrics without a name, births without end', () => {
    const { table } = deviceBirth()
    expect(() => apply(table, 'DDATA', null)).toThrow('seq is missing')
    expect(() => apply(table, 'DDATA', 256)).toThrow('seq is 256')
    expect(() => apply(table, 'DBIRTH', 2, metric({ alias: '3' }))).toThrow('without a name')
    const long = metric({ name: 'a'.repeat(257), alias: '3', datatype: 10 })
    expect(() => apply(table, 'DBIRTH', 2, long)).toThrow('257 characters')
    expect(apply(table, 'DDATA', 2, metric({ value: double(1) })).refusal).toMatchObject({
      reason: 'bad_sparkplug',
    })
    const endless = Array.from({ length: 4097 }, (_, i) => metric({ name: `m${i}`, datatype: 10 }))
    expect(() => apply(table, 'DBIRTH', 2, ...endless)).toThrow('4096')
  })
})

describe('toMetricSample', () => {
  const int = (value: number) => ({ field: 'int' as const, value })
  const long = (value: bigint) => ({ field: 'long' as const, value })

  it.each([
    [1, int(0x80), -128],
    [1, int(0xffffff80), -128],
    [2, int(0x8000), -32768],
    [3, int(0x80000000), -2147483648],
    [3, long(0xffffffffn), -1],
    [4, long(2n ** 64n - 1n), -1],
    [4, int(7), 7],
    [5, int(255), 255],
    [6, int(65535), 65535],
    [7, int(4294967295), 4294967295],
    [7, long(4294967295n), 4294967295],
    [8, long(2n ** 64n - 1n), 2 ** 64],
    [9, double(1.5), 1.5],
    [10, double(-0), 0],
    [11, { field: 'boolean' as const, value: true }, 1],
    [12, { field: 'string' as const, value: 'on' }, 'on'],
    [13, long(1763806800000n), 1763806800000],
    [15, { field: 'string' as const, value: 'a-b' }, 'a-b'],
    [10, null, null],
  ])('reads data type %i from %o as %o', (datatype, value, expected) => {
    expect(toMetricSample('m', datatype, value)).toBe(expected)
  })

  it('refuses a value in a field of another type', () => {
    expect(() => toMetricSample('m', 12, int(1))).toThrow('data type 12 is int 1')
    expect(() => toMetricSample('m', 10, double(Infinity))).toThrow('Infinity')
  })
})
