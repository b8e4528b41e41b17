import { describe, expect, it } from 'vitest'
import { BadRecord, type Reason } from '../../../src/core/telemetry/errors.ts'
import { decodeNativeText } from '../../../src/core/telemetry/native-message.ts'

const at = 1_763_806_800_000

const decode = (message: unknown) => decodeNativeText(JSON.stringify(message))
const plain = (message: unknown) =>
  decode(message).map(({ measure, unit, at, value, text }) => ({
    measure,
    unit,
    at: [...at],
    value: [...value],
    text,
  }))

function refusal(json: string): { reason: Reason; message: string } {
  try {
    decodeNativeText(json)
  } catch (error) {
    if (error instanceof BadRecord) return { reason: error.reason, message: error.message }
    throw error
  }
  throw new Error(`accepted: ${json.slice(0, 100)}`)
}
const refused = (message: unknown): Reason => refusal(JSON.stringify(message)).reason

describe('decodeNativeText', () => {
  it('reads scalars: numbers, booleans as 0 and 1, texts', () => {
    expect(plain({ at, measures: { temperature: 21.4, door: true, mode: 'auto' } })).toEqual([
      { measure: 'temperature', unit: null, at: [at], value: [21.4], text: null },
      { measure: 'door', unit: null, at: [at], value: [1], text: null },
      { measure: 'mode', unit: null, at: [at], value: [NaN], text: ['auto'] },
    ])
  })

  it('reads a pack with a step, leaving out missing samples', () => {
    const measures = { 'temperature@bearing': [21.4, 21.5, null], rpm: [1480, 1482, 1481] }
    expect(plain({ at, step: 1000, measures })).toEqual([
      { measure: 'temperature@bearing', unit: null, at: [at, at + 1000], value: [21.4, 21.5], text: null },
      { measure: 'rpm', unit: null, at: [at, at + 1000, at + 2000], value: [1480, 1482, 1481], text: null },
    ])
  })

  it('shares one array of times between packs without gaps', () => {
    const [a, b] = decode({ at, step: 10, measures: { a: [1, 2], b: [3, 4] } })
    expect(a!.at).toBe(b!.at)
  })

  it('reads a pack with offsets and its units', () => {
    const message = {
      at,
      offsets: [0, 950, 2010],
      measures: { temperature: [70.1, 70.3, 70.2] },
      units: { temperature: '[degF]' },
    }
    expect(plain(message)).toEqual([
      {
        measure: 'temperature',
        unit: '[degF]',
        at: [at, at + 950, at + 2010],
        value: [70.1, 70.3, 70.2],
        text: null,
      },
    ])
  })

  it('sorts unsorted and negative offsets, equal times in their given order', () => {
    const measures = { a: [1, 2, 3, 4], b: ['w', null, 'y', 'z'] }
    expect(plain({ at, offsets: [500, -1000, 0, -1000], measures })).toEqual([
      {
        measure: 'a',
        unit: null,
        at: [at - 1000, at - 1000, at, at + 500],
        value: [2, 4, 3, 1],
        text: null,
      },
      {
        measure: 'b',
        unit: null,
        at: [at - 1000, at, at + 500],
        value: [NaN, NaN, NaN],
        text: ['z', 'y', 'w'],
      },
    ])
  })

  it('mixes numbers, booleans and missing samples in one pack', () => {
    expect(plain({ at, step: 1, measures: { a: [true, null, 2.5, false] } })[0]).toMatchObject({
      at: [at, at + 2, at + 3],
      value: [1, 2.5, 0],
    })
  })

  it('gives no column to a measure that is missing throughout', () => {
    expect(plain({ at, step: 1, measures: { a: [null, null], b: [1, 2], c: null } })).toHaveLength(1)
  })

  it('lets the unit of a name hold for its instances, the full name first', () => {
    const measures = { 't@a': 1, 't@b': 2 }
    const units = decode({ at, measures, units: { t: 'K', 't@b': 'Cel' } }).map((c) => c.unit)
    expect(units).toEqual(['K', 'Cel'])
  })

  it('rounds fractional milliseconds and stores minus zero as zero', () => {
    const json = `{"at":${at}.6,"step":0.5,"measures":{"a":[-0,1],"b":-0}}`
    const [column, scalar] = decodeNativeText(json)
    expect([...column!.at]).toEqual([at + 1, at + 2])
    expect(Object.is(column!.value[0], 0)).toBe(true)
    expect(Object.is(scalar!.value[0], 0)).toBe(true)
  })

  it('takes the last of duplicate keys', () => {
    expect(decodeNativeText(`{"at":${at},"measures":{"a":1,"a":2}}`)[0]!.value[0]).toBe(2)
  })

  it('keeps a number in quotes as the text that it is', () => {
    expect(plain({ at, measures: { a: '21.4' } })[0]).toMatchObject({ value: [NaN], text: ['21.4'] })
    expect(refused({ at, step: 1, measures: { a: [1, '2'] } })).toBe('bad_value')
    expect(refused({ at, step: 1, measures: { a: ['1', 2] } })).toBe('bad_value')
  })

  it.each<[Reason, string, unknown]>([
    ['bad_message', 'an unknown key', { at, measures: { a: 1 }, unit: {} }],
    ['bad_message', 'no measures', { at }],
    ['bad_message', 'empty measures', { at, measures: {} }],
    ['bad_message', 'measures as an array', { at, measures: [1] }],
    ['bad_message', 'both step and offsets', { at, step: 1, offsets: [0], measures: { a: [1] } }],
    ['bad_message', 'an array without times', { at, measures: { a: [1] } }],
    ['bad_message', 'a step of 0', { at, step: 0, measures: { a: [1] } }],
    ['bad_message', 'a negative step', { at, step: -1, measures: { a: [1] } }],
    ['bad_message', 'a step as text', { at, step: '1', measures: { a: [1] } }],
    ['bad_message', 'an offset as text', { at, offsets: ['1'], measures: { a: [1] } }],
    ['bad_message', 'offsets as a number', { at, offsets: 1, measures: { a: [1] } }],
    ['unequal_lengths', 'packs of different lengths', { at, step: 1, measures: { a: [1], b: [1, 2] } }],
    ['unequal_lengths', 'more offsets than samples', { at, offsets: [0, 1], measures: { a: [1] } }],
    ['bad_time', 'no time', { measures: { a: 1 } }],
    ['bad_time', 'null as a time', { at: null, measures: { a: 1 } }],
    ['bad_time', 'a time in seconds', { at: 1_763_806_800, measures: { a: 1 } }],
    ['bad_time', 'a time in microseconds', { at: at * 1000, measures: { a: 1 } }],
    ['bad_time', 'a local time', { at: '2026-01-01T00:00:00', measures: { a: 1 } }],
    ['bad_time', 'a pack that runs past 2100', { at, step: 1e15, measures: { a: [1, 2] } }],
    ['bad_time', 'an offset before 2000', { at, offsets: [-1e12], measures: { a: [1] } }],
    ['bad_name', 'constructor', { at, measures: { constructor: 1 } }],
    ['bad_name', 'toLocaleString', { at, measures: { toLocaleString: 1 } }],
    ['bad_name', 'a name of 65 characters', { at, measures: { ['a'.repeat(65)]: 1 } }],
    ['bad_name', 'an empty name', { at, measures: { '': 1 } }],
    ['bad_name', 'two instances', { at, measures: { 'a@b@c': 1 } }],
    ['bad_value', 'an object as a value', { at, measures: { a: {} } }],
    ['bad_value', 'a long text', { at, measures: { a: 'x'.repeat(257) } }],
    ['bad_value', 'a lone surrogate', { at, measures: { a: '\ud800' } }],
    ['bad_unit', 'a unit of a measure that is not there', { at, measures: { a: 1 }, units: { b: 'K' } }],
    ['bad_unit', 'a unit that is no text', { at, measures: { a: 1 }, units: { a: 1 } }],
    ['bad_message', 'units as a text', { at, measures: { a: 1 }, units: 'K' }],
    ['too_deep', 'an array within a pack', { at, step: 1, measures: { a: [[[]]] } }],
    ['too_many_samples', 'a sample too many', { at, step: 1, measures: { a: Array(10_001).fill(0) } }],
    ['too_many_samples', 'an offset too many', { at, offsets: Array(10_001).fill(0), measures: { a: [0] } }],
  ])('refuses with %s: %s', (reason, _, message) => {
    expect(refused(message)).toBe(reason)
  })

  it.each<[Reason, string]>([
    ['bad_json', ''],
    ['bad_json', '{"at":1763806800000,"measures":{"a":1}'],
    ['bad_json', '{"at":1763806800000,"measures":{"a":NaN}}'],
    ['bad_json', '{"at":1763806800000,"measures":{"a":Infinity}}'],
    ['bad_json', '\ufeff{"at":1763806800000,"measures":{"a":1}}'],
    ['bad_value', '{"at":1763806800000,"measures":{"a":1e999}}'],
    ['bad_value', '{"at":1763806800000,"step":1,"measures":{"a":[1,-1e999]}}'],
    ['bad_name', '{"at":1763806800000,"measures":{"__proto__":1}}'],
    ['bad_message', '{"at":1763806800000,"__proto__":{"measures":{"a":1}}}'],
    ['bad_message', 'null'],
    ['bad_message', '21.4'],
  ])('refuses with %s: %s', (reason, json) => {
    expect(refusal(json).reason).toBe(reason)
  })

  it('refuses 10,000 measures', () => {
    const measures = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`m${i}`, i]))
    expect(refused({ at, measures })).toBe('too_many_measures')
  })

  it('survives 200,000 nested arrays wherever they stand', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(refusal(`{"at":${at},"measures":{"a":${deep}}}`).reason).toBe('bad_message')
    expect(refusal(`{"at":${at},"step":1,"measures":{"a":${deep}}}`).reason).toBe('too_deep')
    expect(refusal(`{"at":${at},"measures":{"a":{"b":${deep}}}}`).reason).toBe('too_deep')
    expect(refusal(`{"at":${at},"x":${deep}}`).reason).toBe('too_deep')
    expect(refusal(`{"at":${deep},"measures":{"a":1}}`).reason).toBe('bad_time')
    expect(refusal(`{"at":${at},"offsets":${deep},"measures":{"a":[1]}}`).reason).toBe('bad_message')
    expect(refusal('['.repeat(200_000)).reason).toBe('bad_json')
  })

  it('says what was wrong, the value cut to 80 characters, and what is allowed', () => {
    const { message } = refusal(JSON.stringify({ at: 'x'.repeat(500), measures: { a: 1 } }))
    expect(message).toMatch(/^at is "x{79}…"; allowed are epoch milliseconds or RFC 3339/)
  })
})
