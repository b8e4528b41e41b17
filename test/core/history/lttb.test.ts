import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lttb, minMax } from '../../../src/core/history/lttb.ts'

const curve = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 300 })
const ascending = (list: number[]): boolean => list.every((v, i) => i === 0 || v > list[i - 1]!)

describe('lttb', () => {
  it('keeps first and last, ascends, and stays within the number of points', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 3, max: 60 }), (y, points) => {
        const chosen = lttb(
          y.map((_, i) => i),
          y,
          points,
        )
        expect(chosen.length).toBe(Math.min(points, y.length))
        expect([chosen[0], chosen.at(-1)]).toEqual([0, y.length - 1])
        expect(ascending(chosen)).toBe(true)
      }),
    )
  })

  it('keeps a lone peak', () => {
    const y = Array.from({ length: 1000 }, (_, i) => (i === 617 ? 100 : Math.sin(i / 50)))
    expect(
      lttb(
        y.map((_, i) => i),
        y,
        20,
      ),
    ).toContain(617)
  })

  it('never chooses what is not a number between the ends', () => {
    const y = Array.from({ length: 100 }, (_, i) => (i % 2 === 1 && i < 99 ? NaN : i))
    for (const i of lttb(
      y.map((_, i) => i),
      y,
      30,
    ))
      expect(y[i]).not.toBeNaN()
  })
})

describe('minMax', () => {
  it('keeps the lowest and the highest value', () => {
    fc.assert(
      fc.property(curve, fc.integer({ min: 2, max: 60 }), (y, points) => {
        const chosen = minMax(y, points)
        const values = chosen.map((i) => y[i]!)
        expect(Math.max(...values)).toBe(Math.max(...y))
        expect(Math.min(...values)).toBe(Math.min(...y))
        expect(ascending(chosen)).toBe(true)
        expect(chosen.length).toBeLessThanOrEqual(Math.max(points, 2))
      }),
    )
  })
})
