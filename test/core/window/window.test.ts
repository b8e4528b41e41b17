import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, mean, merge, momentsOf, std, type Moments } from '../../../src/core/window/window.ts'

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 })
const whole = (list: readonly number[]): Moments => {
  const w = momentsOf(list[0]!)
  for (const v of list.slice(1)) add(w, v)
  return w
}
const close = (a: Moments, b: Moments): void => {
  const scale = Math.max(1, Math.abs(a.min), Math.abs(a.max))
  expect({ n: a.n, min: a.min, max: a.max, first: a.first, last: a.last }).toEqual({ n: b.n, min: b.min, max: b.max, first: b.first, last: b.last }) // prettier-ignore
  expect(Math.abs(mean(a) - mean(b))).toBeLessThanOrEqual(1e-9 * scale)
  expect(Math.abs(std(a) - std(b))).toBeLessThanOrEqual(1e-9 * scale)
}

describe('merge', () => {
  it('equals the whole, negatives included', () => {
    fc.assert(
      fc.property(values, values, (a, b) => close(merge(whole(a), whole(b)), whole([...a, ...b]))),
      { seed: 1 },
    )
  })

  it('is associative', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) =>
        close(merge(merge(whole(a), whole(b)), whole(c)), merge(whole(a), merge(whole(b), whole(c)))),
      ),
      { seed: 2 },
    )
  })
})

describe('add', () => {
  it('gives mean and sample standard deviation of a known set', () => {
    const w = whole([2, 4, 4, 4, 5, 5, 7, 9])
    expect(mean(w)).toBe(5)
    expect(std(w)).toBeCloseTo(Math.sqrt(32 / 7), 12)
  })

  it('has no deviation for a single reading', () => {
    expect(std(momentsOf(-3))).toBe(0)
  })
})
