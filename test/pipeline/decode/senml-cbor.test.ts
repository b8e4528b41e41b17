import { Encoder } from 'cbor-x'
import * as fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { BadRecord } from '../../../src/core/telemetry/errors.ts'
import { resolveSenml } from '../../../src/core/telemetry/senml.ts'
import { readSenmlCbor } from '../../../src/pipeline/decode/senml-cbor.ts'

const folder = new URL('../../fixtures/senml/', import.meta.url)
const examples = readdirSync(folder).filter((file) => file.endsWith('.cbor'))
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const reasonOf = (payload: Uint8Array): string => {
  try {
    return JSON.stringify(readSenmlCbor(payload))
  } catch (error) {
    if (error instanceof BadRecord) return error.reason
    throw error
  }
}
const encoder = new Encoder({ useRecords: false, mapsAsObjects: false })

describe('readSenmlCbor', () => {
  it.each(examples)('reads %s of RFC 8428', (file) => {
    const records = readSenmlCbor(readFileSync(new URL(file, folder)))
    const resolved = readFileSync(new URL(file.replace('.cbor', '.resolved.json'), folder), 'utf8')
    const expected = JSON.parse(resolved) as { t: number }[]
    expect(resolveSenml(records, 0)).toEqual(
      expected.map((record) => ({ ...record, t: expect.closeTo(record.t, 5) as number })),
    )
  })

  it('reads what an encoder of another house writes', () => {
    const scalar = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.boolean(), fc.string())
    const record = fc.dictionary(fc.stringMatching(/^[a-z]{2,5}$/), scalar)
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (records) => {
        const maps = records.map((fields) => new Map(Object.entries(fields)))
        const expected = records.map((fields) => ({ ...fields }))
        expect(readSenmlCbor(encoder.encode(maps))).toEqual(expected)
      }),
      { seed: 1 },
    )
  })

  it.each([
    ['an integer of 64 bits', '81a1021b00000001ffffffff', 8_589_934_591],
    ['a negative integer of 64 bits', '81a1023b00000001ffffffff', -8_589_934_592],
    ['a half float', '81a102f93e00', 1.5],
    ['a subnormal half float', '81a102f90001', 2 ** -24],
    ['a single float', '81a102fa3fc00000', 1.5],
    ['a bignum', '81a102c249010000000000000000', 2 ** 64],
    ['a negative bignum', '81a102c341ff', -256],
    ['a decimal fraction', '81a102c482211903e9', 10.01],
    ['a bigfloat', '81a102c5822003', 1.5],
    ['indefinite lengths', '9fbf0201ffff', 1],
  ])('reads %s', (_, hex, value) => {
    expect(readSenmlCbor(bytes(hex))).toEqual([{ v: value }])
  })

  it('reads chunked texts and binary values', () => {
    expect(readSenmlCbor(bytes('81a1037f61616162ff'))).toEqual([{ vs: 'ab' }])
    expect(readSenmlCbor(bytes('81a1084200ff'))).toEqual([{ vd: 'AP8' }])
  })

  it.each([
    ['bad_cbor', 'a length that is not there', '9b7fffffffffffffff'],
    ['bad_cbor', 'a map of 4 billion entries', '81baffffffff'],
    ['bad_cbor', 'a text of 2 gigabytes', '81a1037a7fffffff'],
    ['bad_cbor', 'bytes after the pack', '8000'],
    ['bad_cbor', 'the same label twice', '81a202010202'],
    ['bad_cbor', 'undefined', '81a102f7'],
    ['bad_cbor', 'a simple value', '81a102f8ff'],
    ['bad_cbor', 'a reserved head', '9c'],
    ['bad_cbor', 'a map', 'a0'],
    ['bad_cbor', 'a record that is a number', '8101'],
    ['bad_cbor', 'a bignum of text', '81a102c26161'],
    ['bad_cbor', 'a fraction of one part', '81a102c48101'],
    ['bad_cbor', 'a chunk of another type', '81a1037f4161ff'],
    ['bad_cbor', 'chunks without end', `81a1037f${'60'.repeat(1000)}ff`],
    ['bad_encoding', 'a text that is not UTF-8', '81a10361ff'],
    ['too_deep', 'an array as a value', '81a10280'],
    ['too_deep', 'an array as a record', '8180'],
    ['too_deep', 'a tag within a tag', '81a102d864d86401'],
  ])('refuses with %s: %s', (reason, _, hex) => {
    expect(reasonOf(bytes(hex))).toBe(reason)
  })

  it('survives nesting to any depth', () => {
    expect(reasonOf(new Uint8Array(131_072).fill(0x81))).toBe('too_deep')
    expect(reasonOf(new Uint8Array(131_072).fill(0x9f))).toBe('too_deep')
    expect(reasonOf(Uint8Array.of(0x81, 0xa1, 2, ...new Uint8Array(100_000).fill(0xc1)))).toBe('too_deep')
  })

  it.each(examples)('refuses %s cut anywhere', (file) => {
    const whole = readFileSync(new URL(file, folder))
    for (let length = 0; length < whole.length; length++)
      expect(reasonOf(whole.subarray(0, length))).toBe('bad_cbor')
  })

  it('throws nothing but BadRecord on arbitrary and on damaged bytes', () => {
    const whole = readFileSync(new URL('ex3.gen.cbor', folder))
    const damaged = fc
      .tuple(fc.nat(whole.length - 1), fc.nat(255))
      .map(([at, byte]) => Uint8Array.from(whole, (old, i) => (i === at ? byte : old)))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), (payload) => {
        reasonOf(payload)
      }),
      { seed: 2, numRuns: 3000 },
    )
  })
})
