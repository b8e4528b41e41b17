import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resolveSenml } from '../../../src/core/telemetry/senml.ts'

const folder = new URL('../../fixtures/senml/', import.meta.url)
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
const examples = readdirSync(folder).filter((file) => /^ex\d\.json$/.test(file))
/** The moment at which the resolved forms of the examples were made. */
const now = 1_498_780_179

const codeOf = (pack: unknown): unknown => {
  try {
    return resolveSenml(pack, now)
  } catch (error) {
    return (error as { reason: string }).reason
  }
}

describe('resolveSenml', () => {
  it('has all six examples of RFC 8428', () => {
    expect(examples).toHaveLength(6)
  })

  it.each(examples)('resolves %s as RFC 8428 does', (file) => {
    const expected = read(file.replace('.json', '.gen.resolved.json')) as { t: number }[]
    const resolved = resolveSenml(read(file), now)
    expect(resolved).toEqual(
      expected.map((record) => ({ ...record, t: expect.closeTo(record.t, 5) as number })),
    )
  })

  it('takes times below 2^28, negative ones too, as relative to receipt', () => {
    const pack = [
      { n: 'a', v: 1, t: -10 },
      { n: 'a', v: 1, t: 2 ** 28 - 1 },
      { n: 'a', v: 1, t: 2 ** 28 },
    ]
    expect(resolveSenml(pack, now).map(({ t }) => t)).toEqual([now - 10, now + 2 ** 28 - 1, 2 ** 28])
  })

  it('adds base value and base sum, and keeps every base until it is replaced', () => {
    const pack = [
      { bn: 'd/', bv: 20, bs: 100, bu: 'W', n: 'a', v: 1, s: 5 },
      { n: 'b', v: -1 },
      { bn: 'e/', bv: 0, bu: 'V', n: 'a', v: 1 },
    ]
    expect(resolveSenml(pack, now)).toEqual([
      { n: 'd/a', u: 'W', t: now, v: 21, s: 105 },
      { n: 'd/b', u: 'W', t: now, v: 19, s: 100 },
      { n: 'e/a', u: 'V', t: now, v: 1, s: 100 },
    ])
  })

  it('reads a record of base fields alone, ignores unknown labels, refuses those that must be understood', () => {
    expect(resolveSenml([{ bn: 'd' }, { v: 1, x: [] }], now)).toEqual([{ n: 'd', t: now, v: 1 }])
    expect(codeOf([{ n: 'a', v: 1, x_: 1 }])).toBe('bad_senml')
  })

  it.each<[string, unknown]>([
    ['an empty pack', []],
    ['an object', {}],
    ['a record that is a number', [1]],
    ['no value', [{ n: 'a' }]],
    ['two values', [{ n: 'a', v: 1, vb: true }]],
    ['a value as text', [{ n: 'a', v: '1' }]],
    ['an infinite value', [{ n: 'a', v: Infinity }]],
    ['a boolean as number', [{ n: 'a', vb: 1 }]],
    ['a time as text', [{ n: 'a', v: 1, t: 'now' }]],
    ['a version of the future', [{ bver: 11, n: 'a', v: 1 }]],
    ['version 0', [{ bver: 0, n: 'a', v: 1 }]],
    ['a version in between', [{ bver: 9.5, n: 'a', v: 1 }]],
    [
      'two versions',
      [
        { bver: 5, n: 'a', v: 1 },
        { bver: 6, n: 'a', v: 1 },
      ],
    ],
    [
      'a later version after the default',
      [
        { n: 'a', v: 1 },
        { bver: 6, n: 'a', v: 1 },
      ],
    ],
  ])('refuses %s', (_, pack) => {
    expect(codeOf(pack)).toBe('bad_senml')
  })

  it('refuses names that RFC 8428 does not allow', () => {
    expect(codeOf([{ v: 1 }])).toBe('bad_name')
    expect(codeOf([{ n: '_a', v: 1 }])).toBe('bad_name')
    expect(codeOf([{ n: 'a b', v: 1 }])).toBe('bad_name')
    expect(codeOf([{ bn: 'a'.repeat(250), n: 'b'.repeat(7), v: 1 }])).toBe('bad_name')
  })
})
