import { describe, expect, it } from 'vitest'
import type { Fact } from '../../../src/core/telemetry/stage.ts'
import type { Job } from '../../../src/pipeline/jobs/job.ts'
import { jobWorld, MONDAY } from './job-world.ts'

const MINUTE = 60_000
const fact = (key: string, at: number): Fact => ({
  type: 'count', thing: 'site:a', key, at, until: at, version: at, value: { at },
}) // prettier-ignore

const counting = (seen: number[], over: Partial<Job> = {}): Job => ({
  name: 'count',
  everyMinutes: 15,
  catchUp: 4,
  run: async (at) => {
    seen.push(at)
    return { facts: [fact(String(at), at)] }
  },
  ...over,
})

describe('createJobRunner', () => {
  it('runs a job once for each of its minutes, however often it is asked', async () => {
    const world = jobWorld([])
    const seen: number[] = []
    const job = counting(seen)
    for (const after of [0, 3, 14, 15, 16, 29, 30]) await world.run([job], MONDAY + after * MINUTE)
    expect(seen).toEqual([0, 15, 30].map((m) => MONDAY + m * MINUTE))
  })

  it('makes up for missed minutes, oldest first, up to its limit', async () => {
    const world = jobWorld([])
    const seen: number[] = []
    await world.run([counting(seen)], MONDAY)
    await world.run([counting(seen)], MONDAY + 120 * MINUTE)
    expect(seen.slice(1)).toEqual([75, 90, 105, 120].map((m) => MONDAY + m * MINUTE))
  })

  it('repeats a minute that a crash interrupted, and changes nothing by it', async () => {
    let left = 1
    const world = jobWorld([], { crash: () => left-- > 0 })
    const seen: number[] = []
    const job = counting(seen)
    await world.run([job], MONDAY)
    expect(world.failures).toEqual(['count: died after facts'])
    expect(await world.ledger.last('count')).toBeNull()
    await world.run([job], MONDAY + MINUTE)
    expect(seen).toEqual([MONDAY, MONDAY])
    expect(world.facts('count')).toEqual([fact(String(MONDAY), MONDAY)])
  })

  it('lets a failing job hold up no other', async () => {
    const world = jobWorld([])
    const seen: number[] = []
    const broken = counting([], { name: 'broken', run: async () => Promise.reject(new Error('no luck')) })
    await world.run([broken, counting(seen)], MONDAY)
    expect(world.failures).toEqual(['broken: no luck'])
    expect(seen).toEqual([MONDAY])
  })

  it('publishes changes for a moment after their publication', async () => {
    const world = jobWorld([])
    const change = { kind: 'learned', key: 'm-1', value: { rpm: { median: 1, spread: 1 } } } as const
    await world.run([counting([], { run: async () => ({ changes: [change] }) })], MONDAY)
    expect(world.published).toHaveLength(1)
    expect(world.published[0]?.effectiveFrom).toBeGreaterThan(MONDAY + 5 * MINUTE)
  })
})
