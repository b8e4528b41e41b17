import { describe, expect, it } from 'vitest'
import { decodeSenml } from '../../../src/core/telemetry/senml-columns.ts'

const receivedAt = 1_763_806_800_000
const t = receivedAt / 1000
const decode = (pack: unknown) =>
  decodeSenml(pack, receivedAt).map(({ measure, unit, at, value, text }) => ({
    measure,
    unit,
    at: [...at],
    value: [...value],
    text,
  }))
const names = (pack: unknown) => decodeSenml(pack, receivedAt).map(({ measure }) => measure)

describe('decodeSenml', () => {
  it('gathers records by measure in order of time', () => {
    const pack = [
      { bn: 'urn:dev:mac:0024befffe804ff1:', bt: t, bu: 'Cel', n: 'temperature', t: 2, v: 22 },
      { n: 'temperature', t: 1, v: 21 },
      { n: 'door', u: '', vb: true },
    ].slice(0, 2)
    expect(decode(pack)).toEqual([
      {
        measure: 'temperature',
        unit: 'Cel',
        at: [receivedAt + 1000, receivedAt + 2000],
        value: [21, 22],
        text: null,
      },
    ])
  })

  it('stores booleans as 0 and 1, texts beside NaN', () => {
    expect(
      decode([
        { n: 'door', vb: true },
        { n: 'mode', vs: 'auto' },
      ]),
    ).toMatchObject([
      { measure: 'door', value: [1], text: null },
      { measure: 'mode', value: [NaN], text: ['auto'] },
    ])
  })

  it('drops the name of the device', () => {
    expect(names([{ bn: 'urn:dev:ow:10e2073a0108006:', n: 'voltage', v: 1 }])).toEqual(['voltage'])
    expect(names([{ n: 'urn:dev:ow:10e2073a0108006:voltage', v: 1 }])).toEqual(['voltage'])
    expect(names([{ bn: 'pump7/', n: 'bearing/temperature', v: 1 }])).toEqual(['bearing/temperature'])
  })

  it('names what has no name by its unit', () => {
    const pack = [
      { bn: 'urn:dev:ow:10e2073a01080063', u: '%RH', v: 20 },
      { u: 'lon', v: 24.3 },
      { u: 'lat', v: 60.1 },
      { u: 'constructor', v: 1 },
    ]
    expect(names(pack)).toEqual(['humidity', 'longitude', 'latitude', 'value'])
  })

  it('makes other base names of a pack instances', () => {
    const pack = [
      { bn: '2001:db8::2/', n: 'temperature', v: 25.2 },
      { bn: '2001:db8::1/', n: 'temperature', v: 12.3 },
    ]
    expect(names(pack)).toEqual(['temperature', 'temperature@2001:db8::1'])
  })

  it('keeps a base name that is a path on the device', () => {
    expect(
      names([
        { bn: '/3303/0/', n: '5700', v: 1 },
        { bn: '/3303/1/', n: '5700', v: 2 },
      ]),
    ).toEqual(['m.3303/0/5700', 'm.3303/1/5700'])
  })

  it('makes a sum a measure of its own, in unit seconds', () => {
    expect(decode([{ bn: 'd:', n: 'power', u: 'W', v: 5, s: 7200 }])).toMatchObject([
      { measure: 'power', unit: 'W', value: [5] },
      { measure: 'power.sum', unit: 'W.s', value: [7200] },
    ])
    expect(
      decode([
        { bn: 'd:', n: 'a', v: 0 },
        { bn: 'e', n: ':a', s: 1 },
      ])[1]!.measure,
    ).toBe('a.sum@e')
  })

  it.each<[string, unknown]>([
    ['bad_value', [{ n: 'a', vd: 'AAAA' }]],
    ['bad_value', [{ n: 'a', vs: 'x'.repeat(257) }]],
    [
      'bad_unit',
      [
        { n: 'a', v: 1, u: 'K' },
        { n: 'a', v: 1, u: 'Cel' },
      ],
    ],
    ['bad_unit', [{ n: 'a', v: 1, u: 'x'.repeat(65) }]],
    ['bad_time', [{ n: 'a', v: 1, t: 2 ** 28 }]],
    ['bad_time', [{ n: 'a', v: 1, t: 1e12 }]],
    [
      'bad_name',
      [
        { bn: 'd', n: 'b', v: 1 },
        { bn: 'x'.repeat(65), n: 'a', v: 1 },
        { bn: 'd', n: 'a', v: 1 },
      ],
    ],
    ['too_many_samples', Array.from({ length: 10_001 }, () => ({ n: 'a', v: 1 }))],
    ['too_many_measures', Array.from({ length: 257 }, (_, i) => ({ n: `a${i}`, v: 1 }))],
  ])('refuses with %s', (reason, pack) => {
    expect(() => decode(pack)).toThrow(expect.objectContaining({ reason }) as Error)
  })
})
