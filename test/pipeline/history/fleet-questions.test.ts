import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY } from '../../../src/core/history/lake-layout.ts'
import { askQuestion, fleetQuestionNames, type Row } from '../../../src/pipeline/history/fleet-questions.ts'
import { truckOf } from '../../../src/pipeline/history/truck.ts'
import { lakeWorld, type LakeWorld } from '../../adapters/local/lake/lake-world.ts'
import { byTruck, naive } from './tsbs-naive.ts'
import { tsbs } from './tsbs.ts'

const T0 = Date.UTC(2026, 4, 4)
const HOUR = 3_600_000
/** Minutes apart, so that two days are enough for sessions, small enough for a test. */
const data = tsbs({ seed: 13, trucks: 6, from: T0 + 30_000, steps: 1152, stepMs: 150_000, repeated: 150 })
/** Silent for a day and more, then for good. */
const silent = data.trucks[5]!.thing
const arrivals = data.arrivals.filter((e) => e.thing !== silent || e.at < T0 + 5 * HOUR)
const said = byTruck(arrivals)
const end = T0 + 2 * DAY
let world: LakeWorld

beforeAll(async () => {
  world = await lakeWorld()
  // Most of it arrives and is sealed, a day in hourly pieces; then the rest comes, late for days that are sealed.
  const first = Math.floor(arrivals.length * 0.8)
  let receivedAt = T0
  await world.writeEntries(arrivals.slice(0, first), () => ++receivedAt)
  for (const now of [end - 5 * HOUR, end - 2 * HOUR]) {
    world.clock.now = now
    await world.repair()
    await world.keeper.round()
  }
  await world.writeEntries(arrivals.slice(first), () => ++receivedAt)
  world.clock.now = end + HOUR
  await world.repair()
}, 60_000)
afterAll(() => world.close())

const sorted = (rows: Row[]): Row[] =>
  [...rows].sort((a, b) =>
    JSON.stringify(Object.values(a).slice(0, 3)) < JSON.stringify(Object.values(b).slice(0, 3)) ? -1 : 1,
  )
const ranges = {
  'two days': { from: T0, to: end },
  'a range on no boundary': { from: T0 + 7 * HOUR + 197_001, to: T0 + DAY + 13 * HOUR + 461_500 },
  'less than a bucket': { from: T0 + DAY + 60_000, to: T0 + DAY + 420_000 },
  'a time before any reading': { from: T0 - DAY, to: T0 - HOUR },
}

describe('askQuestion', () => {
  it.each(fleetQuestionNames)('answers %s as its definition reads', async (name) => {
    const lists = name === 'single-last-loc' ? data.trucks.map((t) => [t]) : [data.trucks]
    for (const { from, to } of Object.values(ranges))
      for (const trucks of lists) {
        const got = sorted(await askQuestion({ name, trucks, from, to }, world.stores))
        const want = sorted(naive(name, trucks, said, from, to))
        expect(got.map((row) => Object.keys(row))).toEqual(want.map((row) => Object.keys(row)))
        for (const [i, row] of got.entries())
          for (const [key, value] of Object.entries(want[i]!))
            if (typeof value === 'number')
              expect(Math.abs((row[key] as number) - value)).toBeLessThanOrEqual(
                1e-9 * Math.max(1, Math.abs(value)),
              )
            else expect(row[key]).toBe(value)
      }
  })

  it('has something to say to most of them, and nothing to a fleet without trucks', async () => {
    const counts = await Promise.all(
      fleetQuestionNames.map(async (name) => {
        const question = { name, from: T0, to: end }
        expect(await askQuestion({ ...question, trucks: [] }, world.stores)).toEqual([])
        expect(await askQuestion({ ...question, trucks: [{ thing: 'unseen' }] }, world.stores)).toEqual([])
        return (await askQuestion({ ...question, trucks: data.trucks }, world.stores)).length
      }),
    )
    expect(counts.filter((n) => n > 0).length).toBeGreaterThanOrEqual(10)
  })

  it('finds where a truck was last, however long ago', async () => {
    const [row] = await askQuestion(
      { name: 'last-loc', trucks: [{ thing: silent }], from: T0 - 1000 * DAY, to: end + 30 * DAY },
      world.stores,
    )
    expect(row).toMatchObject(naive('last-loc', [{ thing: silent }], said, T0, end)[0]!)
  })
})

describe('truckOf', () => {
  it('takes an empty tag, or a number that is none, as missing', () => {
    const attributes = { fleet: '', driver: 'Trish', load_capacity: '0', nominal_fuel_consumption: 'much' }
    const device = { thing: 't', trade: 'fleet', type: 'truck', status: 'active', attributes } as const
    expect(truckOf(device)).toEqual({ thing: 't', driver: 'Trish' })
    expect(truckOf({ ...device, attributes: { load_capacity: '2000' } }).loadCapacity).toBe(2000)
  })
})
