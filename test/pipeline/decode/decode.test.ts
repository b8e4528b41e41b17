import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadRecord } from '../../../src/core/telemetry/errors.ts'
import { decodeRecord, type Decoded } from '../../../src/pipeline/decode/decode.ts'
import { messages, receivedAt, toNative, toSenmlCbor, toSenmlJson, toSparkplug } from './encodings.ts'

const telemetry = 'dt/plant/pump-1/telemetry'
const utf8 = new TextEncoder()
const decode = (payload: Uint8Array | string, topic = telemetry, births: Decoded['births'] = null) =>
  decodeRecord(
    { topic, payload: typeof payload === 'string' ? utf8.encode(payload) : payload, receivedAt },
    () => births ?? undefined,
  )
const reasonOf = (payload: Uint8Array | string, topic = telemetry): string => {
  try {
    decode(payload, topic)
    return 'accepted'
  } catch (error) {
    if (error instanceof BadRecord) return error.reason
    throw error
  }
}
/** Every reading as plain values, in an order that the encodings share. */
const readingsOf = ({ batches }: Decoded) =>
  batches
    .flatMap(({ columns }) => columns)
    .map(({ measure, unit, at, value, text }) => ({ measure, unit, at: [...at], value: [...value], text }))
    .toSorted((a, b) => (a.measure < b.measure ? -1 : 1))

const scalar = `{"at":${receivedAt},"measures":{"temperature":21.4}}`

describe('decodeRecord', () => {
  it('gives the same readings for every encoding of a message', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const native = readingsOf(decode(toNative(message)))
        expect(readingsOf(decode(toSenmlJson(message)))).toEqual(native)
        expect(readingsOf(decode(toSenmlCbor(message)))).toEqual(native)
        const { birth, data } = toSparkplug(message)
        const { births } = decode(birth, 'spBv1.0/plant/NBIRTH/pump-1')
        expect(readingsOf(decode(data, 'spBv1.0/plant/NDATA/pump-1', births))).toEqual(native)
      }),
      { seed: 6, numRuns: 300 },
    )
  })

  it('takes times that a replayed message leaves open from its first receipt', () => {
    const payload = utf8.encode('[{"n":"level","t":-5,"v":1}]')
    const replay = { topic: telemetry, payload, receivedAt, replayOf: `17@${receivedAt - 86_400_000}` }
    const { batches } = decodeRecord(replay, () => undefined)
    expect([...batches[0]!.columns[0]!.at]).toEqual([receivedAt - 86_405_000])
  })

  it('gives back every sample of a message once, in order of time', () => {
    fc.assert(
      fc.property(messages, (message) => {
        for (const { measure, at, value, text } of readingsOf(decode(toNative(message)))) {
          const { samples } = message.measures.find(({ name }) => name === measure)!
          const expected = samples
            .map((sample, i) => ({ at: message.at + message.offsets[i]!, sample }))
            .filter(({ sample }) => sample !== null)
            .toSorted((a, b) => a.at - b.at)
          expect(at).toEqual(expected.map(({ at }) => at))
          expect(text ?? value).toEqual(
            expected.map(({ sample }) => (typeof sample === 'string' ? sample : Number(sample) + 0)),
          )
        }
      }),
      { seed: 7, numRuns: 200 },
    )
  })

  it('says whom the readings are of', () => {
    expect(decode(scalar).batches[0]!.child).toBeNull()
    expect(decode(scalar, 'dt/plant/gateway-1/telemetry/pump-1').batches[0]!.child).toBe('pump-1')
    const backfill = decode(scalar, 'dt/plant/gateway-1/backfill/pump-1')
    expect(backfill.topic).toMatchObject({ lane: 'backfill', thing: 'gateway-1', child: 'pump-1' })
  })

  it('reads Basic Ingest topics like plain ones', () => {
    const basic = decode(scalar, `$aws/rules/telltale_plant/${telemetry}`)
    expect(basic).toEqual(decode(scalar))
  })

  it('leaves the payload of a request to whoever answers it', () => {
    const request = decode('anything', 'dt/fleet/van-1/request/route')
    expect(request).toMatchObject({ topic: { format: 'request', name: 'route' }, batches: [] })
  })

  it('allows white space before a message', () => {
    expect(reasonOf(` \n\t${scalar}`)).toBe('accepted')
  })

  it.each([
    ['bad_topic', 'another tree', scalar, 'other/plant/pump-1/telemetry'],
    ['bad_topic', 'no such trade', scalar, 'dt/mining/pump-1/telemetry'],
    ['bad_topic', 'a topic too long', scalar, `${telemetry}/${'x'.repeat(500)}`],
    [
      'bad_topic',
      'the Basic Ingest prefix of another trade',
      scalar,
      `$aws/rules/telltale_fleet/x/${telemetry}`,
    ],
    ['bad_json', 'nothing', '', telemetry],
    ['bad_json', 'half a message', scalar.slice(0, -3), telemetry],
    ['bad_json', 'a byte-order mark', `\ufeff${scalar}`, telemetry],
    ['bad_json', 'nested arrays without end', '['.repeat(131_000), telemetry],
    ['too_deep', 'nested arrays', '['.repeat(60_000) + ']'.repeat(60_000), telemetry],
    ['bad_message', 'nested objects', '{"a":'.repeat(3) + '1' + '}'.repeat(3), telemetry],
    ['too_deep', 'deep objects', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000), telemetry],
    ['bad_senml', 'an array of numbers', '[1,2]', telemetry],
    ['bad_senml', 'an empty array', '[]', telemetry],
    ['bad_sparkplug', 'JSON on a Sparkplug topic', scalar, 'spBv1.0/plant/NDATA/pump-1'],
    ['too_large', '128 KB and a byte', ' '.repeat(131_073), telemetry],
  ])('refuses with %s: %s', (reason, _, payload, topic) => {
    expect(reasonOf(payload, topic)).toBe(reason)
  })

  it('refuses bytes that are not UTF-8, wherever they stand', () => {
    expect(reasonOf(Uint8Array.of(0xff, 0xfe, 0x7b))).toBe('bad_encoding')
    expect(reasonOf(Uint8Array.of(0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x7d))).toBe('bad_encoding')
    expect(reasonOf(Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d))).toBe('bad_encoding')
  })

  it('takes 128 KB to the byte', () => {
    expect(reasonOf(scalar + ' '.repeat(131_072 - scalar.length))).toBe('accepted')
  })

  const topics = fc.constantFrom(
    telemetry,
    'spBv1.0/plant/NBIRTH/pump-1',
    'spBv1.0/plant/DDATA/pump-1/a',
    'spBv1.0/plant/NDEATH/pump-1',
  )

  it('throws nothing but BadRecord on arbitrary bytes', () => {
    fc.assert(
      fc.property(topics, fc.uint8Array({ maxLength: 200 }), (topic, payload) => {
        reasonOf(payload, topic)
      }),
      { seed: 8, numRuns: 3000 },
    )
  })

  it('throws nothing but BadRecord on arbitrary JSON, in the place of each part of a message too', () => {
    const json = fc.jsonValue({ depthSize: 'medium' })
    const part = fc.constantFrom('at', 'step', 'offsets', 'measures', 'units')
    const damaged = fc
      .tuple(part, json)
      .map(([key, value]) => ({ at: receivedAt, step: 1, measures: { a: [1, 2] }, [key]: value }))
    const label = fc.constantFrom(
      'bn',
      'bt',
      'bu',
      'bv',
      'bver',
      'n',
      'u',
      'v',
      'vs',
      'vb',
      'vd',
      's',
      't',
      'ut',
    )
    const record = fc.dictionary(label, fc.oneof(json, fc.double(), fc.string()), { maxKeys: 4 })
    fc.assert(
      fc.property(fc.oneof(json, damaged, fc.array(record, { minLength: 1 })), (message) => {
        reasonOf(JSON.stringify(message))
      }),
      { seed: 9, numRuns: 3000 },
    )
  })

  it('throws nothing but BadRecord on topics of any form', () => {
    const level = fc.oneof(
      fc.constantFrom('dt', 'spBv1.0', 'plant', 'telemetry', 'NDATA', '$aws', '', '+', '#'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(level, { maxLength: 7 }), (levels) => {
        reasonOf(scalar, levels.join('/'))
      }),
      { seed: 10, numRuns: 1000 },
    )
  })
})
