import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/core/maintenance/seeded-random.ts'
import { machineWatch } from '../../src/pipeline/machine-watch.ts'
import { createPages } from '../../src/pipeline/history/pages.ts'
import { storedHours } from '../../src/pipeline/history/stored-hours.ts'
import type { MachineQuestion } from '../../src/ports/machine-watch.ts'
import { lakeWorld, type Copied, type LakeWorld } from '../adapters/local/lake/lake-world.ts'
import { jobWorld, MONDAY, windowRow } from './jobs/job-world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const question = (at: number): MachineQuestion => ({
  thing: 'm-1',
  at,
  installedAt: null,
  maintainedAt: [],
})

describe('past', () => {
  const CUTOFF = Date.UTC(2026, 2, 30, 9, 20)
  const START = CUTOFF - 40 * HOUR
  /** Nothing was sent then; it came in when the network was back. */
  const gap = { from: CUTOFF - 5 * HOUR, to: CUTOFF - 3 * HOUR }
  let world: LakeWorld
  const watch = () =>
    machineWatch({
      facts: async () => [],
      anomalies: async () => [],
      windows: createPages(world.stores).windows,
      hours: (query) => storedHours(query, world.stores),
    })
  const random = seededRandom(1)
  const readings = (from: number, to: number, delay: number, value: () => number): Copied[] => {
    const copies: Copied[] = []
    for (let at = from; at < to; at += 4 * MINUTE)
      for (const measure of ['vibration', 'temperature@bearing'])
        copies.push({ thing: 'm-1', measure, at, value: value(), receivedAt: at + delay })
    return copies
  }
  beforeAll(async () => {
    world = await lakeWorld()
  })
  afterAll(() => world.close())

  it('is what was known then, whatever came in afterwards and wherever it lies by now', async () => {
    const { write, repair, keeper, clock, stores } = world
    await write(readings(START, gap.from, 1000, random))
    await write(readings(gap.to, CUTOFF, 1000, random))
    clock.now = CUTOFF + 90_000
    await repair()
    const then = await watch().past(question(CUTOFF))
    expect(then?.['vibration.mean.1h']).toBeCloseTo(0.5, 0)
    expect(then?.['vibration.slopePerHour.24h']).not.toBeNaN()

    // What was buffered, what was measured since, and the whole of it moved into the lake.
    await write(readings(gap.from, gap.to, 6 * HOUR, () => 1e6))
    await write(readings(CUTOFF, CUTOFF + 8 * HOUR, 1000, () => -1e6))
    clock.now = CUTOFF + 8 * HOUR
    await repair()
    expect(await watch().past(question(CUTOFF))).toEqual(then)
    clock.now = CUTOFF + 4 * DAY
    await keeper.round()
    const range = { things: ['m-1'], measures: undefined, from: START, to: CUTOFF }
    expect((await stores.lake.windows(range)).rows.length).toBeGreaterThan(1000)
    expect(await watch().past(question(CUTOFF))).toEqual(then)
  })

  it('leaves out a minute of which a part came late, for what it held before is not known any more', async () => {
    const at = CUTOFF - 12 * MINUTE
    const { write, repair, keeper, clock } = world
    const before = await watch().past(question(CUTOFF))
    const [late] = readings(at, at + 1, 0, () => 5000)
    await write([{ ...late!, at: at + 30_000, receivedAt: CUTOFF + 4 * DAY }])
    clock.now = CUTOFF + 5 * DAY
    await repair()
    await keeper.round()
    const after = await watch().past(question(CUTOFF))
    expect(after?.['vibration.max.1h']).toBeLessThanOrEqual(1)
    expect(after?.['vibration.mean.24h']).not.toBe(before?.['vibration.mean.24h'])
    expect(after?.['vibration.mean.24h']).toBeCloseTo(before!['vibration.mean.24h']!, 1)
    expect(after?.['temperature@bearing.mean.24h']).toBe(before?.['temperature@bearing.mean.24h'])
  })

  it('is null where nothing was measured', async () => {
    expect(await watch().past(question(START - DAY))).toBeNull()
    expect(await watch().past({ ...question(CUTOFF), thing: 'm-2' })).toBeNull()
  })
})

describe('look', () => {
  it('sees by kept hours what the stored minutes say, between strokes of the clock too', async () => {
    const world = jobWorld([])
    const random = seededRandom(3)
    const rows = []
    for (let minute = -10 * 1440; minute < 0; minute += 6)
      for (const measure of ['vibration', 'rpm'])
        rows.push(windowRow('m-1', measure, MONDAY / MINUTE + minute, random() * 50, random()))
    await world.put(rows)
    for (let hour = -30; hour <= 0; hour += 7) {
      const at = MONDAY + hour * HOUR - (hour === 0 ? 13 * MINUTE : 0)
      const seen = (await world.machines.look(question(at)))!
      await world.putFacts(seen.facts)
      const past = await world.machines.past(question(at))
      expect(Object.keys(past!).length).toBeGreaterThan(60)
      expect(past).toEqual(seen.features)
    }
    // A month of days and no more, however long it runs.
    expect(world.facts('machine_hours').length).toBe(10)
    expect(world.facts('machine_healthy').length).toBe(1)
  })
})
