import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settleColumns, type CopyColumns } from '../../../src/core/history/settle-columns.ts'
import { settle } from '../../../src/core/telemetry/identity.ts'

const copy = fc.record({
  at: fc
    .uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 5 })
    .map((a) => a.sort((x, y) => x - y)),
  value: fc.constantFrom(1, 2, NaN),
  text: fc.constantFrom(null, 'on'),
  quality: fc.integer({ min: 0, max: 3 }),
  receivedAt: fc.integer({ min: 0, max: 4 }),
})

describe('settleColumns', () => {
  it('says what settling the copies one by one says, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(copy, { minLength: 1, maxLength: 8 }), (list) => {
        const copies = list.map(({ at, value, text, quality, receivedAt }, position): CopyColumns => ({
          at: Float64Array.from(at),
          value: new Float64Array(at.length).fill(value),
          text: text === null ? null : at.map(() => text),
          quality: new Uint8Array(at.length).fill(quality),
          receivedAt,
          position,
        }))
        const single = list.flatMap(({ at, ...rest }, position) =>
          at.map((t) => ({ ...rest, at: t, position })),
        )
        const got = settleColumns(copies)
        const rows = Array.from(got.at, (at, i) => ({
          at,
          value: got.value[i],
          text: got.text?.[i] ?? null,
          quality: got.quality[i],
          receivedAt: got.received[i],
        }))
        const want = settle(single.map((c) => ({ ...c })))
        expect(rows).toEqual(want.map(({ position: _, ...c }) => c))
        for (const [i, { at, value, text, receivedAt }] of want.entries()) {
          const again = single.filter(
            (c) => c.at === at && Object.is(c.value, value) && c.text === text && c.receivedAt > receivedAt,
          )
          const newest = Math.max(...again.map((c) => c.receivedAt))
          expect(got.confirmed[i]).toBe(again.length > 0 ? newest : NaN)
        }
      }),
    )
  })
})
