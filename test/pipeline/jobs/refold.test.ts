import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fact } from '../../../src/core/telemetry/stage.ts'
import { createRefold } from '../../../src/pipeline/jobs/refold.ts'
import { readTrip } from '../../../src/pipeline/stages/trips.ts'
import { tradePipeline } from '../../../src/pipeline/trades.ts'
import { createHarness, plantDevice, T0, type Harness } from '../../support/harness.ts'

const tripStatus = readTrip(tradePipeline('fleet').layout)

interface Fix {
  at: number
  latitude: number
  longitude: number
}

/** Four drives of two and a half minutes with five minutes between, one fix each five seconds, with bends and noise. */
const drives: Fix[][] = [0, 1, 2, 3].map((drive) =>
  Array.from({ length: 30 }, (_, i) => {
    const along = drive * 30 + i
    return {
      at: T0 + drive * 450_000 + i * 5000,
      latitude: 43.7 + along * 0.0006 + 0.00001 * Math.sin(along * 7),
      longitude: 7.4 + 0.0004 * Math.sin(along / 9) + 0.00001 * Math.cos(along * 5),
    }
  }),
)
const PACK = 6
const packs = drives
  .slice(0, 3)
  .flatMap((fixes) =>
    Array.from({ length: fixes.length / PACK }, (_, k) => fixes.slice(k * PACK, (k + 1) * PACK)),
  )
const LATER = T0 + 3_600_000

const messageOf = (fixes: Fix[], lane = 'telemetry') => ({
  topic: `dt/fleet/car-1/${lane}`,
  payload: {
    at: fixes[0]!.at,
    offsets: fixes.map(({ at }) => at - fixes[0]!.at),
    measures: {
      latitude: fixes.map(({ latitude }) => latitude),
      longitude: fixes.map(({ longitude }) => longitude),
    },
  },
})

function box() {
  const harness = createHarness([plantDevice('car-1', { trade: 'fleet', type: 'vehicle' })])
  const written: Fact[] = []
  const refold = createRefold({
    telemetry: {
      readings: async (range) => {
        new Date(range.to).toISOString() // the lake asks by dates
        return harness.reader.readings(range)
      },
      facts: async (query) => harness.reader.facts(query),
    },
    write: async (facts) => {
      written.push(...facts)
      await harness.output.write(facts.map((fact) => ({ kind: 'fact', fact })))
    },
    profile: (thing, at) => harness.config.profile(thing, at),
    status: (thing) => {
      const state = harness.states.get(thing)
      return state ? tripStatus(state) : null
    },
  })
  return { harness, refold, written }
}

const tripsAndStops = (harness: Harness) =>
  ['trip', 'stop'].flatMap((type) =>
    harness.facts(type, 'car-1').map(({ at, until, value }) => ({
      type,
      at,
      until,
      open: value['open'],
      metres: value['distanceM'] === undefined ? null : Math.round(value['distanceM'] as number),
    })),
  )

/** The last drive, in order, and the hours after it. */
async function goOn({ harness, refold }: ReturnType<typeof box>, from: number): Promise<void> {
  await harness.tick(from)
  await refold(from + 120_000)
  await harness.send({ ...messageOf(drives[3]!), at: from + 130_000 })
  await refold(from + 140_000)
  await harness.tick(from + 3_600_000)
  await refold(from + 3_700_000)
}

const inOrder = await (async () => {
  const all = box()
  for (const [i, pack] of packs.entries()) await all.harness.send({ ...messageOf(pack), at: LATER + i })
  await goOn(all, LATER + 100)
  return tripsAndStops(all.harness)
})()

describe('createRefold', () => {
  it('leaves alone what came in order', () => {
    expect(inOrder.map(({ type }) => type)).toEqual(['trip', 'trip', 'trip', 'trip', 'stop', 'stop', 'stop'])
  })

  it('ends with the trips of the right order whatever the order of arrival and the lane', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(
          packs.map((_, i) => i),
          { minLength: packs.length },
        ),
        fc.array(fc.boolean(), { minLength: packs.length, maxLength: packs.length }),
        fc.array(fc.boolean(), { minLength: packs.length, maxLength: packs.length }),
        async (order, backfilled, refoldsNow) => {
          const all = box()
          let at = LATER
          for (const [i, pack] of order.entries()) {
            const lane = backfilled[i] ? 'backfill' : 'telemetry'
            await all.harness.send({ ...messageOf(packs[pack]!, lane), at: ++at })
            if (refoldsNow[i]) await all.refold((at += 70_000))
          }
          await goOn(all, at)
          expect(tripsAndStops(all.harness)).toEqual(inOrder)
          expect(all.harness.facts('lateTrack')).toEqual([])
        },
      ),
      { seed: 11, numRuns: 40 },
    )
  })

  it('changes nothing the second time', async () => {
    const all = box()
    for (const [i, pack] of packs.toReversed().entries())
      await all.harness.send({ ...messageOf(pack), at: LATER + i })
    await all.harness.tick(LATER + 90_000)
    await all.refold(LATER + 100_000)
    const first = tripsAndStops(all.harness)
    expect(all.written.length).toBeGreaterThan(0)
    all.written.length = 0
    expect(await all.refold(LATER + 100_000)).toMatchObject({ vehicles: 1, facts: 0 })
    expect(all.written).toEqual([])
    expect(tripsAndStops(all.harness)).toEqual(first)
  })

  it('waits while the vehicle is on the trip that is marked', async () => {
    const all = box()
    const [first, second, third] = packs
    await all.harness.send({ ...messageOf(first!), at: LATER }, { ...messageOf(third!), at: LATER + 1 })
    await all.harness.send({ ...messageOf(second!), at: LATER + 2 })
    expect(await all.refold(LATER + 100_000)).toEqual({ vehicles: 1, facts: 0, waiting: 1 })
  })

  it('finds a refuel in a buffer that came late', async () => {
    const all = box()
    const level = (from: number, percent: number, lane: string) => ({
      topic: `dt/fleet/car-1/${lane}`,
      payload: { at: from, step: 5000, measures: { fuelLevel: Array.from({ length: 30 }, () => percent) } },
      at: LATER,
    })
    for (const pack of packs) await all.harness.send({ ...messageOf(pack), at: LATER })
    await all.harness.send(level(T0, 40, 'backfill'), level(T0 + 300_000, 80, 'backfill'))
    await all.refold(LATER + 100_000)
    expect(all.harness.facts('refuel')).toMatchObject([
      { thing: 'car-1', value: { fromPercent: 40, toPercent: 80 } },
    ])
  })
})
