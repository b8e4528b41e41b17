import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytes, floats } from '../../../src/core/telemetry/slab.ts'

describe('arrays from slabs', () => {
  it('are zero, of the length asked for, and share no byte with one another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ wide: fc.boolean(), n: fc.nat(3000) }), { minLength: 60, maxLength: 120 }),
        (asked) => {
          const cut = asked.map(({ wide, n }, i) => {
            const array = wide ? floats(n) : bytes(n)
            expect(array).toHaveLength(n)
            expect(array.every((x) => x === 0)).toBe(true)
            array.fill((i % 250) + 1)
            return array
          })
          cut.forEach((array, i) => expect(array.every((x) => x === (i % 250) + 1)).toBe(true))
        },
      ),
      { numRuns: 20 },
    )
  })
})
