import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TooMuch } from '../../../src/core/history/too-much.ts'
import type { StoredReading } from '../../../src/core/history/settle-stored.ts'
import { createPages } from '../../../src/pipeline/history/pages.ts'
import type { HistoryStores } from '../../../src/pipeline/history/series-reader.ts'

type Sample = { measure: string; at: number }

/** A hot store that counts what it was made to read. */
function storeOf(samples: readonly Sample[]) {
  const counts = { rows: 0, reads: 0 }
  const sorted = samples.toSorted((x, y) => x.at - y.at)
  const indexOf = (at: number): number => {
    let low = 0
    for (let high = sorted.length; low < high;) {
      const middle = (low + high) >> 1
      if (sorted[middle]!.at < at) low = middle + 1
      else high = middle
    }
    return low
  }
  const hot: Partial<HistoryStores['hot']> = {
    copies: ({ from, to, most = Infinity }) => {
      counts.reads++
      const within = sorted.slice(indexOf(from), indexOf(to))
      if (within.length > most) throw new TooMuch('too many')
      counts.rows += within.length
      const series = Map.groupBy(within, ({ measure }) => measure)
      return [...series].map(([measure, list]) => ({
        thing: 'p1',
        measure,
        readings: list.map(({ at }): StoredReading => ({
          at,
          value: at,
          text: null,
          quality: 0,
          receivedAt: 1,
          confirmedAt: null,
        })),
      }))
    },
  }
  const lake: Partial<HistoryStores['lake']> = {
    readings: async () => ({ rows: [], tiers: [], damaged: [] }),
  }
  return { counts, pages: createPages({ hot, lake } as HistoryStores) }
}

async function turn(
  { pages }: ReturnType<typeof storeOf>,
  from: number,
  to: number,
  limit: number,
): Promise<Sample[]> {
  const all: Sample[] = []
  for (let after: Sample | undefined; ;) {
    const page = await pages.readings({ thing: 'p1', from, to, limit, ...(after && { after }) })
    all.push(...page.map(({ measure, at }) => ({ measure, at })))
    if (page.length < limit) return all
    after = page.at(-1)
  }
}

describe('createPages', () => {
  it('gives everything once and in order, whatever the pages and wherever the readings lie', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            measure: fc.constantFrom('a', 'b', 'c'),
            at: fc.oneof(fc.nat(5000), fc.integer({ min: 2_000_000, max: 2_000_400 }), fc.nat(2 ** 31)),
          }),
          { selector: ({ measure, at }) => `${measure}${at}`, maxLength: 60 },
        ),
        fc.integer({ min: 1, max: 70 }),
        async (samples, limit) => {
          const sorted = samples.toSorted((x, y) => x.at - y.at || (x.measure < y.measure ? -1 : 1))
          expect(await turn(storeOf(samples), 0, 2 ** 32, limit)).toEqual(sorted)
        },
      ),
      { numRuns: 150, seed: 3 },
    )
  })

  it('costs what its rows cost, dense or late in a long range', async () => {
    const month = 31 * 86_400_000
    const dense = Array.from({ length: 300_000 }, (_, i) => ({ measure: 'a', at: month - 300_000 + i }))
    const store = storeOf(dense)
    const first = await store.pages.readings({ thing: 'p1', from: 0, to: month, limit: 100 })
    expect(first.map(({ at }) => at)).toEqual(dense.slice(0, 100).map(({ at }) => at))
    expect(store.counts.rows).toBeLessThan(100_000)
    store.counts.rows = store.counts.reads = 0
    let after = first.at(-1)!
    for (let n = 0; n < 20; n++) {
      const page = await store.pages.readings({ thing: 'p1', from: 0, to: month, limit: 1000, after })
      after = page.at(-1)!
    }
    expect(after.at).toBe(month - 300_000 + 20_099)
    expect(store.counts.rows).toBeLessThan(30_000)
    expect(store.counts.reads).toBeLessThan(30)
  })

  it('reads a second that holds more than a stretch may, because no smaller one would help', async () => {
    const flood = Array.from({ length: 120_000 }, (_, i) => ({ measure: 'a', at: i % 1000 }))
    const page = await storeOf(flood).pages.readings({ thing: 'p1', from: 0, to: 1e9, limit: 5 })
    expect(page.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4])
  })
})
