import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settleStored, type StoredReading } from '../../../src/core/history/settle-stored.ts'
import { settle, type Copy } from '../../../src/core/telemetry/identity.ts'

/** Copies in the order of the stream: receipts never repeat for one identity unless the value does. */
const copies = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 }), fc.boolean()), {
    maxLength: 12,
  })
  .map((list) =>
    list.map(([at, value, text], i): Copy => ({
      at,
      value: text ? NaN : value,
      text: text ? `t${value}` : null,
      quality: i % 3,
      receivedAt: 100 + i,
      position: i,
    })),
  )

const stored = (list: readonly Copy[]): StoredReading[] =>
  list.map(({ at, value, text, quality, receivedAt }) => ({
    at,
    value,
    text,
    quality,
    receivedAt,
    confirmedAt: null,
  }))
const said = (list: readonly { at: number; value: number; text: string | null }[]) =>
  list.map(({ at, value, text }) => ({ at, value, text }))

describe('settleStored', () => {
  it('agrees with settle on copies that nothing has settled yet', () => {
    fc.assert(
      fc.property(copies, (list) => {
        const plain = (r: Copy | StoredReading) => [r.at, r.value, r.text, r.quality, r.receivedAt]
        expect(settleStored(stored(list)).map(plain)).toEqual(settle([...list]).map(plain))
      }),
    )
  })

  it('says the same however the copies were grouped and in whatever order the groups come', () => {
    fc.assert(
      fc.property(
        copies,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        (list, groupOf, reverse) => {
          const groups = [0, 1, 2, 3].map((g) =>
            settleStored(stored(list.filter((_, i) => groupOf[i] === g))),
          )
          const order = reverse[0] ? [...groups].reverse() : groups
          const twice = reverse[1] ? [...order, ...order] : order
          expect(said(settleStored(structuredClone(twice.flat())))).toEqual(said(settle([...list])))
        },
      ),
    )
  })

  it('keeps the first receipt of an equal value and remembers the last', () => {
    const one = { at: 1, value: 5, text: null, quality: 0, receivedAt: 10, confirmedAt: null }
    expect(settleStored([one, { ...one, receivedAt: 30, quality: 2 }])).toEqual([{ ...one, confirmedAt: 30 }])
  })
})
