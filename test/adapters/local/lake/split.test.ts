import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settle } from '../../../../src/core/telemetry/identity.ts'
import { add, momentsOf, type Moments } from '../../../../src/core/window/window.ts'
import { querySeries, type SeriesQuestion } from '../../../../src/pipeline/history/query.ts'
import { lakeWorld, type Copied, type LakeWorld } from './lake-world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const T0 = Date.UTC(2026, 2, 28)
const SPAN = 3 * DAY

type Step =
  | { kind: 'write'; copies: Omit<Copied, 'receivedAt'>[] }
  | { kind: 'seal'; hours: number }
  | { kind: 'repair' }

const copy = fc.record({
  thing: fc.constantFrom('a', 'b', 'c'),
  measure: fc.constantFrom('t', 'u@x'),
  // Few enough instants that identities meet again.
  at: fc
    .integer({ min: 0, max: 71 })
    .chain((hour) => fc.constantFrom(0, 1000, 61_000, 59 * 60_000).map((ms) => T0 + hour * HOUR + ms)),
  value: fc.constantFrom(1, 2, 3.5, 1e6, -7),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .array(copy, { minLength: 1, maxLength: 25 })
      .map((copies) => ({ kind: 'write' as const, copies })),
  },
  {
    weight: 2,
    arbitrary: fc.integer({ min: 2, max: 80 }).map((hours) => ({ kind: 'seal' as const, hours })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'repair' as const }) },
)

async function play(world: LakeWorld, steps: readonly Step[]): Promise<Copied[]> {
  const all: Copied[] = []
  let receivedAt = T0
  for (const step of steps) {
    if (step.kind === 'write') {
      const copies = step.copies.map((c) => ({ ...c, receivedAt: ++receivedAt }))
      all.push(...copies)
      await world.write(copies)
    } else if (step.kind === 'seal') {
      world.clock.now = Math.max(world.clock.now, T0 + step.hours * HOUR)
      await world.keeper.round()
    } else await world.repair()
  }
  return all
}

/** What all copies say, computed from nothing but their list. */
function truth(all: readonly Copied[]) {
  const series = Map.groupBy(all, (c) => `${c.thing} ${c.measure}`)
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, copies]) => ({
      key,
      readings: settle(copies.map((c, position) => ({ ...c, text: null, quality: 0, position }))),
    }))
}

const ask = (world: LakeWorld, over: Partial<SeriesQuestion>) =>
  querySeries(
    {
      things: ['a', 'b', 'c'],
      from: T0,
      to: T0 + SPAN,
      points: 1000,
      resolution: 'auto',
      fill: 'none',
      reduce: 'none',
      ...over,
    },
    world.stores,
  )

describe('querySeries over tail, overlay and files', () => {
  it('gives the same readings and buckets however sealing, late rows and repair take turns', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 9 }),
        fc.constantFrom('UTC', 'Europe/Oslo'),
        async (steps, zone) => {
          const world = await lakeWorld({ zone })
          try {
            const all = await play(world, steps)
            const expected = truth(all)
            const raw = await ask(world, { resolution: 'raw' })
            expect(
              raw.series.map((s) => ({
                key: `${s.thing} ${s.measure}`,
                readings: s.readings!.map(({ at, value }) => [at, value]),
              })),
            ).toEqual(
              expected.map((s) => ({ key: s.key, readings: s.readings.map(({ at, value }) => [at, value]) })),
            )
            for (const over of [
              { stepMs: 60_000 },
              { stepMs: HOUR },
              { calendar: { zone, unit: 'day' as const } },
              { calendar: { zone: 'Asia/Kolkata', unit: 'day' as const } },
            ]) {
              const answer = await ask(world, over)
              const { buckets } = answer.plan
              for (const { key, readings } of expected) {
                const got = answer.series.find((s) => `${s.thing} ${s.measure}` === key)!.moments!
                const want = bucketed(readings, (at) =>
                  buckets && 'edges' in buckets
                    ? buckets.edges.findLast((e) => e <= at)!
                    : Math.floor(at / over.stepMs!) * over.stepMs!,
                )
                expect(got.map((m) => m.at)).toEqual(want.map((m) => m.at))
                for (const [i, m] of got.entries()) expectMoments(m, want[i]!)
              }
            }
          } finally {
            world.close()
          }
        },
      ),
      { numRuns: 12, seed: 5 },
    )
  }, 60_000)
})

function bucketed(
  readings: readonly { at: number; value: number }[],
  startOf: (at: number) => number,
): (Moments & { at: number })[] {
  const out: (Moments & { at: number })[] = []
  for (const { at, value } of readings) {
    const start = startOf(at)
    const last = out.at(-1)
    if (last?.at === start) add(last, value)
    else out.push({ ...momentsOf(value), at: start })
  }
  return out
}

function expectMoments(got: Moments, want: Moments): void {
  const { sum, m2, ...exact } = want
  expect(got).toMatchObject(exact)
  expect(Math.abs(got.sum - sum)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(sum)))
  expect(Math.abs(got.m2 - m2)).toBeLessThanOrEqual(1e-9 * Math.max(1, m2))
}
