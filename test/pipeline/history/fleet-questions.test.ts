import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY } from '../../../src/core/history/lake-layout.ts'
import { askQuestion, fleetQuestionNames, type Row } from '../../../src/pipeline/history/fleet-questions.ts'
import { lakeWorld, type LakeWorld } from '../../adapters/local/lake/lake-world.ts'
import { naive } from './tsbs-naive.ts'
import { tsbs } from './tsbs.ts'

const T0 = Date.UTC(2026, 4, 4)
const HOUR = 3_600_000
/** A minute apart, so that two days are enough for sessions, small enough for a test. */
const data = tsbs({ seed: 13, trucks: 8, from: T0 + 30_000, steps: 2 * 1440, stepMs: 60_000 })
const to = T0 + 2 * DAY
let world: LakeWorld

beforeAll(async () => {
  world = await lakeWorld()
  // Half of it arrives, is sealed, and then the rest comes: late for days that are sealed.
  const half = Math.floor(data.arrivals.length * 0.8)
  let receivedAt = T0
  for (const part of [data.arrivals.slice(0, half), data.arrivals.slice(half)]) {
    await world.writeEntries(part, () => ++receivedAt)
    world.clock.now = to + 3 * HOUR
    await world.repair()
    if (part.length === half) await world.keeper.round()
  }
}, 60_000)
afterAll(() => world.close())

const sorted = (rows: Row[]): Row[] =>
  [...rows].sort((a, b) =>
    JSON.stringify(Object.values(a).slice(0, 3)) < JSON.stringify(Object.values(b).slice(0, 3)) ? -1 : 1,
  )

describe('askQuestion', () => {
  it.each(fleetQuestionNames)('answers %s as its definition reads', async (name) => {
    const trucks = name === 'single-last-loc' ? data.trucks.slice(3, 4) : data.trucks
    const got = sorted(await askQuestion({ name, trucks, from: T0, to }, world.stores))
    const want = sorted(naive(name, trucks, data.arrivals, T0, to))
    expect(got).toHaveLength(want.length)
    for (const [i, row] of got.entries())
      for (const [key, value] of Object.entries(want[i]!))
        if (typeof value === 'number')
          expect(Math.abs((row[key] as number) - value)).toBeLessThanOrEqual(
            1e-9 * Math.max(1, Math.abs(value)),
          )
        else expect(row[key]).toBe(value)
  })

  it('has something to say to most of them', async () => {
    const counts = await Promise.all(
      fleetQuestionNames.map(
        async (name) => (await askQuestion({ name, trucks: data.trucks, from: T0, to }, world.stores)).length,
      ),
    )
    expect(counts.filter((n) => n > 0).length).toBeGreaterThanOrEqual(10)
  })
})
