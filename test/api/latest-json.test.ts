import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestJson } from '../../src/api/latest-json.ts'

const read = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes))

describe('latestJson', () => {
  const value = fc.record({
    measure: fc.constantFrom('a', 'b@"x"', 'ü'),
    at: fc.constantFrom(1, 2),
    value: fc.oneof(fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, null), fc.double()),
    trendPerMinute: fc.constantFrom(null, 0.5),
  })
  const items = fc.uniqueArray(
    fc.record({ thing: fc.constantFrom('m', 'n', 'o'), values: fc.array(value, { maxLength: 3 }) }),
    {
      selector: ({ thing }) => thing,
    },
  )

  it('says what JSON says, whatever it wrote before', () => {
    fc.assert(
      fc.property(fc.array(items, { maxLength: 8 }), (rounds) => {
        const write = latestJson()
        for (const items of rounds)
          expect(read(write(items, { next: null }))).toEqual(
            JSON.parse(JSON.stringify({ items, next: null })),
          )
      }),
      { seed: 7 },
    )
  })

  it('notices a change within the very objects it was given before', () => {
    const write = latestJson()
    const items = [{ thing: 'm', values: [{ measure: 'a', at: 1, value: 1, trendPerMinute: null }] }]
    write(items, { next: null })
    items[0]!.values[0]!.value = 2
    expect(read(write(items, { next: null }))).toMatchObject({ items: [{ values: [{ value: 2 }] }] })
  })
})
