import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SparkplugMetric, SparkplugPayload } from '../../../src/core/telemetry/birth-table.ts'
import { BadRecord } from '../../../src/core/telemetry/errors.ts'
import { sparkplugDatatype, toMetricSample } from '../../../src/core/telemetry/sparkplug-value.ts'
import {
  readSparkplugPayload,
  rebirthCommand,
  writeSparkplugPayload,
} from '../../../src/pipeline/decode/sparkplug-payload.ts'

interface Long {
  low: number
  high: number
}
interface Vector {
  name: string
  hex: string
  decoded: {
    timestamp: Long
    seq: Long
    metrics: {
      name?: string
      alias?: Long
      timestamp?: Long
      type: string
      value: number | string | boolean | null | Long | { bytes_hex: string }
    }[]
  }
}
const file = new URL('../../fixtures/sparkplug/vectors.json', import.meta.url)
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }
const long = ({ low, high }: Long): number => high * 2 ** 32 + (low >>> 0)
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const at = 1_763_806_800_000

describe('readSparkplugPayload', () => {
  it.each(vectors)('reads $name as the reference does', ({ hex, decoded }) => {
    const payload = readSparkplugPayload(bytes(hex))
    expect(payload.timestamp).toBe(long(decoded.timestamp))
    expect(payload.seq).toBe(long(decoded.seq))
    expect(payload.metrics).toHaveLength(decoded.metrics.length)
    for (const [i, expected] of decoded.metrics.entries()) {
      const metric = payload.metrics[i]!
      expect(metric.name).toBe(expected.name ?? null)
      expect(metric.alias).toBe(expected.alias ? String(long(expected.alias)) : null)
      expect(metric.timestamp).toBe(expected.timestamp ? long(expected.timestamp) : null)
      if (expected.type === 'Bytes') {
        expect(metric).toMatchObject({ datatype: 17, value: { field: 'other' } })
        continue
      }
      const datatype = sparkplugDatatype[expected.type as keyof typeof sparkplugDatatype]
      expect(metric.datatype ?? datatype).toBe(datatype)
      expect(toMetricSample('m', datatype, metric.value)).toBe(plain(expected.value))
    }
  })

  const plain = (value: Vector['decoded']['metrics'][number]['value']) => {
    if (typeof value === 'boolean') return value ? 1 : 0
    return typeof value === 'object' && value !== null && 'low' in value ? long(value) : value
  }

  it('reads back what it writes', () => {
    const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary)
    const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    const value = fc.oneof(
      fc.record({ field: fc.constant('int' as const), value: fc.nat(2 ** 31 - 1) }),
      fc.record({ field: fc.constant('long' as const), value: uint64 }),
      fc.record({ field: fc.constant('double' as const), value: fc.double() }),
      fc.record({ field: fc.constant('float' as const), value: fc.float() }),
      fc.record({ field: fc.constant('boolean' as const), value: fc.boolean() }),
      fc.record({ field: fc.constant('string' as const), value: fc.string({ unit: 'grapheme' }) }),
    )
    const metric: fc.Arbitrary<SparkplugMetric> = fc
      .record({
        name: nullable(fc.string()),
        alias: nullable(uint64.map(String)),
        timestamp: nullable(fc.maxSafeNat()),
        datatype: nullable(fc.nat(34)),
        value: nullable(value),
      })
      .chain((made) =>
        fc.boolean().map((old): SparkplugMetric => (old ? { ...made, historical: true } : made)),
      )
    const payload: fc.Arbitrary<SparkplugPayload> = fc.record({
      timestamp: nullable(fc.maxSafeNat()),
      seq: nullable(fc.nat(255)),
      metrics: fc.array(metric, { maxLength: 8 }),
    })
    fc.assert(
      fc.property(payload, (payload) => {
        expect(readSparkplugPayload(writeSparkplugPayload(payload))).toEqual(payload)
      }),
      { seed: 4 },
    )
  })

  it.each([
    ['a cut varint', '08ff'],
    ['a metric longer than the payload', '12ff01'],
    ['a field past the end of its metric', '12020a05'],
    ['a name that is not UTF-8', '12030a01ff'],
    ['an end of no group', '0c'],
    ['field 0', '0000'],
  ])('refuses %s', (_, hex) => {
    expect(() => readSparkplugPayload(bytes(hex))).toThrow(
      expect.objectContaining({ reason: 'bad_sparkplug' }) as Error,
    )
  })

  it('refuses more metrics than a message may have, and groups nested to any depth', () => {
    const empty = bytes('1200'.repeat(10_001))
    expect(() => readSparkplugPayload(empty)).toThrow(
      expect.objectContaining({ reason: 'too_many_samples' }) as Error,
    )
    expect(() => readSparkplugPayload(new Uint8Array(131_072).fill(0x3b))).toThrow(BadRecord)
  })

  it('throws nothing but BadRecord on arbitrary, cut and damaged bytes', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...vectors), fc.nat(), fc.nat(255), fc.nat(400))
      .map(([{ hex }, at, byte, length]) => {
        const whole = bytes(hex)
        whole[at % whole.length] = byte
        return whole.subarray(0, length)
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (payload) => {
        try {
          readSparkplugPayload(payload)
        } catch (error) {
          expect(error).toBeInstanceOf(BadRecord)
        }
      }),
      { seed: 5, numRuns: 3000 },
    )
  })
})

describe('rebirthCommand', () => {
  it('is Node Control/Rebirth = true on the node’s command topic', () => {
    const { topic, payload } = rebirthCommand('plant', 'edge-1', at)
    expect(topic).toBe('spBv1.0/plant/NCMD/edge-1')
    expect(readSparkplugPayload(payload)).toEqual({
      timestamp: at,
      seq: null,
      metrics: [
        {
          name: 'Node Control/Rebirth',
          alias: null,
          timestamp: at,
          datatype: 11,
          value: { field: 'boolean', value: true },
        },
      ],
    })
  })
})
