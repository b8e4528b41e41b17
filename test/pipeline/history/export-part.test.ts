import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TooMuch } from '../../../src/core/history/too-much.ts'
import { DAY } from '../../../src/core/history/lake-layout.ts'
import { exportPart, type ExportPlace } from '../../../src/pipeline/history/export-part.ts'
import type { HistoryStores } from '../../../src/pipeline/history/series-reader.ts'
import type { SeriesReadings } from '../../../src/ports/history.ts'

const MIDNIGHT = 20_000 * DAY
const HOUR = 3_600_000

/** Every device has a reading each hour; a store that gives more than `room` at once fails, as stores do. */
function storesOf(things: readonly string[], room: number): HistoryStores {
  const copies = ({ things: asked, from, to, most = room }: { things: readonly string[]; from: number; to: number; most?: number | undefined }): SeriesReadings[] => {
    const at: number[] = []
    for (let t = Math.ceil(from / HOUR) * HOUR; t < to; t += HOUR) at.push(t)
    const known = asked.filter((thing) => things.includes(thing))
    if (at.length * known.length > Math.min(room, most)) throw new TooMuch('more')
    return known.map((thing) => ({ thing, measure: 't', readings: at.map((t) => ({ at: t, value: t, text: null, quality: 0, receivedAt: t, confirmedAt: null })) }))
  }
  const nothing = async () => ({ rows: [], tiers: [], damaged: [] })
  return {
    hot: { copies, windows: () => [], stale: () => [], days: () => [], measures: () => [] },
    lake: { extent: () => { throw new Error('not asked') }, readings: nothing, windows: nothing, moments: nothing },
  }
} // prettier-ignore

describe('exportPart', () => {
  it('gives every reading once, in order, for any range, size of parts and bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          devices: fc.integer({ min: 1, max: 5 }),
          fromHours: fc.integer({ min: -30, max: 30 }),
          hours: fc.integer({ min: 1, max: 80 }),
          rows: fc.integer({ min: 1, max: 60 }),
          room: fc.integer({ min: 3, max: 200 }),
          most: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
          first: fc.integer({ min: 1, max: 9 }),
          patience: fc.integer({ min: 1, max: 4 }),
        }),
        async ({ devices, fromHours, hours, rows, room, most, first, patience }) => {
          const things = Array.from({ length: devices }, (_, i) => `d${i}`)
          const stores = storesOf(things, room)
          const from = MIDNIGHT + fromHours * HOUR
          const to = from + hours * HOUR
          const seen: string[] = []
          let after: ExportPlace | undefined
          let parts = 0
          for (;;) {
            let looks = 0
            const limits = { atOnce: { first, most: 16 }, ...(most !== undefined && { most }), outOfTime: () => ++looks > patience } // prettier-ignore
            const part = await exportPart({ things, from, to, after, rows }, stores, limits)
            for (const { thing, readings } of part.series) for (const { at } of readings) seen.push(`${Math.floor(at / DAY)} ${thing} ${at}`) // prettier-ignore
            expect(++parts).toBeLessThan(2000)
            if (part.next === null) break
            after = part.next
          }
          const days = Array.from({ length: 9 }, (_, i) => MIDNIGHT + (i - 3) * DAY)
          const expected = days.flatMap((day) =>
            things.flatMap((thing) =>
              Array.from({ length: 24 }, (_, h) => day + h * HOUR)
                .filter((at) => at >= from && at < to)
                .map((at) => `${Math.floor(at / DAY)} ${thing} ${at}`),
            ),
          )
          expect(seen).toEqual(expected)
        },
      ),
      { numRuns: 150 },
    )
  })
})
