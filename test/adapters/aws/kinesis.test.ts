import { describe, expect, it } from 'vitest'
import { effectText, parseEffect } from '../../../src/adapters/aws/kinesis/effect-codec.ts'
import {
  asRedriven,
  effectsOf,
  kinesisOutput,
  recordsOf,
} from '../../../src/adapters/aws/kinesis/kinesis-output.ts'
import { putInOrder } from '../../../src/adapters/aws/kinesis/put-in-order.ts'
import { envelopeBytes, partitionKeyOf, rawRecordOf } from '../../../src/adapters/aws/kinesis/raw-envelope.ts'
import { column } from '../../../src/core/telemetry/reading.ts'
import type { DataEffect } from '../../../src/core/telemetry/stage.ts'
import { kinesisDouble } from '../../aws/kinesis-double.ts'
import { kinesisRecord } from '../../aws/kinesis-event.ts'

function readings(thing: string, receivedAt = 5): DataEffect {
  const at = Float64Array.from([1000, 1000, 1250.5])
  const value = column('t', at, Float64Array.from([1.5, NaN, -0.25]), [null, 'on', null])
  value.quality.set([0, 1, 4])
  value.advancing.set([1, 0, 1])
  const other = column('u', at, Float64Array.from([1, 2, 3]))
  other.advancing.fill(1)
  return {
    kind: 'readings',
    batch: { thing, lane: 'telemetry', receivedAt, position: 1n << 90n, columns: [value, other] },
    dirty: [0],
  }
}

describe('effectText', () => {
  it('brings every effect back as it was', () => {
    const effects: DataEffect[] = [
      readings('pump-1'),
      { kind: 'window', window: { thing: 'p', measure: 't', minute: 3, version: 9, repaired: false, n: 2, sum: 0.30000000000000004, m2: 1e-17, min: 0.1, max: 0.2, first: 0.1, last: 0.2 } }, // prettier-ignore
      {
        kind: 'anomaly',
        anomaly: {
          thing: 'p',
          measure: 't',
          at: 4,
          detector: 'z',
          score: 3.5,
          observed: 9,
          expected: { low: 1 },
        },
      },
      {
        kind: 'fact',
        fact: { type: 'trip', thing: 'p', key: '4', at: 4, until: 9, version: 9, value: { distanceM: 12.5 } },
      },
    ]
    expect(effects.map(effectText).map(parseEffect)).toEqual(effects)
  })

  it('writes times that columns share once', () => {
    expect(effectText(readings('p')).match(/"t":\[/g)).toHaveLength(1)
    const back = parseEffect(effectText(readings('p')))
    expect(back.kind === 'readings' && back.batch.columns[1]!.at).toBe(
      back.kind === 'readings' && back.batch.columns[0]!.at,
    )
  })
})

describe('kinesisOutput', () => {
  it('puts a device’s effects in order, under one key', async () => {
    const { client, puts } = kinesisDouble()
    const effects = Array.from({ length: 300 }, (_, i) => readings(`pump-${i % 100}`, i))
    await kinesisOutput(client, 'out', () => {}).write(effects)
    const seen = puts.flatMap(({ data }) => effectsOf(data))
    expect(seen).toHaveLength(300)
    const receipts = Map.groupBy(seen, (e) => (e.kind === 'readings' ? e.batch.thing : ''))
    for (const list of receipts.values()) {
      const order = list.map((e) => (e.kind === 'readings' ? e.batch.receivedAt : 0))
      expect(order).toEqual(order.toSorted((a, b) => a - b))
    }
    expect(recordsOf(effects).length).toBeLessThanOrEqual(64)
  })
})

describe('asRedriven', () => {
  it('keeps the effects and lets none of their readings advance, however often it is put back', () => {
    const [{ data } = { data: new Uint8Array() }] = recordsOf([readings('pump-1')])
    const once = asRedriven(data)
    expect(asRedriven(once)).toEqual(once)
    const [fresh, again] = [effectsOf(data), effectsOf(once)] as const
    const advancing = (effects: DataEffect[]) => effects.flatMap((e) => (e.kind === 'readings' ? e.batch.columns.map((c) => [...c.advancing]) : [])) // prettier-ignore
    expect(advancing(fresh)).toEqual([[1, 0, 1], [1, 1, 1]]) // prettier-ignore
    expect(advancing(again)).toEqual([[0, 0, 0], [0, 0, 0]]) // prettier-ignore
    for (const effect of [fresh[0]!, again[0]!])
      if (effect.kind === 'readings') for (const c of effect.batch.columns) c.advancing.fill(0)
    expect(again).toEqual(fresh)
  })
})

describe('putInOrder', () => {
  const entry = (key: string, n: number) => ({ key, data: Buffer.from(`${key}${n}`) })

  it('holds back the later records of a device whose earlier one was refused', async () => {
    const { client, puts } = kinesisDouble({ refuses: (key, call) => key === 'a' && call <= 2 })
    const positions = await putInOrder(client, 's', [
      entry('a', 1),
      entry('a', 2),
      entry('b', 1),
      entry('a', 3),
      entry('b', 2),
    ])
    expect(puts.filter((p) => p.key === 'a').map((p) => String(p.data))).toEqual(['a1', 'a2', 'a3'])
    expect(puts.filter((p) => p.key === 'b').map((p) => String(p.data))).toEqual(['b1', 'b2'])
    expect(positions).toEqual([entry('a', 1), entry('a', 2), entry('b', 1), entry('a', 3), entry('b', 2)].map(({ data }) => String(puts.find((p) => String(p.data) === String(data))!.sequence))) // prettier-ignore
  })

  it('gives up a stream that takes nothing, and says which', async () => {
    const { client } = kinesisDouble({ refuses: () => true })
    await expect(putInOrder(client, 'telemetry', [entry('a', 1)])).rejects.toThrow(
      /stream telemetry refuses records/,
    )
  })

  it('cuts calls at five hundred records and below five megabytes', async () => {
    const { client, calls } = kinesisDouble()
    await putInOrder(
      client,
      's',
      Array.from({ length: 1200 }, (_, i) => entry(`k${i}`, i)),
    )
    expect(calls()).toBe(3)
    await putInOrder(
      client,
      's',
      Array.from({ length: 10 }, (_, i) => ({ key: `k${i}`, data: new Uint8Array(1_000_000) })),
    )
    expect(calls()).toBe(6)
  })
})

describe('rawRecordOf', () => {
  it('gives the payload as the device sent it', () => {
    const message = {
      topic: 'dt/plant/p/telemetry',
      client: 'p',
      receivedAt: 7,
      payload: Buffer.from([0, 255, 10]),
      replayOf: '12',
    }
    const { position, ...record } = rawRecordOf(kinesisRecord(envelopeBytes(message), 5n))
    expect({ ...record, payload: Buffer.from(record.payload) }).toEqual(message)
    expect(position).toBe(5n)
  })

  it('makes a record without a topic of what is no envelope', () => {
    for (const text of [
      '',
      'not json',
      '[]',
      'null',
      '{"topic":"x"}',
      '{"data":1,"topic":"x","receivedAt":1}',
    ])
      expect(rawRecordOf(kinesisRecord(Buffer.from(text), 5n, 'k', 99_500))).toMatchObject({
        topic: '',
        receivedAt: 99_500,
      })
  })

  it('knows the device of plain and Sparkplug topics', () => {
    expect(partitionKeyOf('dt/plant/p7/telemetry')).toBe('p7')
    expect(partitionKeyOf('spBv1.0/plant/NDATA/p8')).toBe('p8')
    expect(partitionKeyOf('$tick')).toBe('$tick')
  })
})
