import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { batchWindows, windowDifference } from '../support/batch.ts'
import { createHarness, deviceType, plantDevice, T0, type Harness } from '../support/harness.ts'

const topic = 'dt/plant/p1/telemetry'
const changes = [plantDevice('p1'), deviceType({ temperature: { low: -500, high: 500 } })]

/** One message: a few samples of one or two measures, anywhere within minutes of noon. */
const message = fc.record({
  startMs: fc.integer({ min: -240_000, max: 400_000 }),
  stepMs: fc.integer({ min: 1, max: 30_000 }),
  samples: fc.integer({ min: 1, max: 6 }),
  measures: fc.constantFrom(['temperature'], ['flow'], ['temperature', 'flow']),
  lane: fc.constantFrom('telemetry', 'telemetry', 'telemetry', 'backfill'),
})

/** The value is a function of measure and time, so every copy of a reading is equal; negatives included. */
const valueAt = (measure: string, at: number): number =>
  Math.round(Math.sin(at / 7000) * 1e5 + (measure === 'flow' ? at % 977 : -(at % 1013))) / 100

type Message = typeof message extends fc.Arbitrary<infer T> ? T : never

const payload = ({ startMs, stepMs, samples, measures }: Message) => ({
  at: T0 + startMs,
  step: stepMs,
  measures: Object.fromEntries(
    measures.map((m) => [
      m,
      Array.from({ length: samples }, (_, i) => valueAt(m, T0 + startMs + i * stepMs)),
    ]),
  ),
})

/** What all these messages say, each reading once. */
function truth(messages: readonly Message[]) {
  const readings = new Map<string, { measure: string; at: number; value: number }>()
  for (const { startMs, stepMs, samples, measures } of messages)
    for (const measure of measures)
      for (let i = 0; i < samples; i++) {
        const at = T0 + startMs + i * stepMs
        readings.set(`${measure}|${at}`, { measure, at, value: valueAt(measure, at) })
      }
  return [...readings.values()].sort((a, b) => a.at - b.at || (a.measure < b.measure ? -1 : 1))
}

function check(harness: Harness, messages: readonly Message[]): void {
  const expected = truth(messages)
  expect(harness.readings('p1').map(({ measure, at, value }) => ({ measure, at, value }))).toEqual(expected)
  const windows = harness.windows('p1')
  const batch = batchWindows(expected)
  expect(windows.length).toBe(batch.length)
  expect(batch.flatMap((w, i) => windowDifference(windows[i], w) ?? [])).toEqual([])
  expect(harness.dirty()).toBe(0)
}

describe('the pipeline, whatever the order of arrival', () => {
  it('ends with the same readings and windows as a batch computation, with duplicates, late, ahead and future readings', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(100), { maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 1, maxLength: 24 }),
        async (messages, repeats, gaps) => {
          const harness = createHarness(changes)
          const sent = [...messages, ...repeats.map((r) => messages[r % messages.length]!)]
          let now = T0 - 60_000
          for (const [i, m] of sent.entries()) {
            now += gaps[i % gaps.length]!
            await harness.send({ topic: `dt/plant/p1/${m.lane}`, payload: payload(m), at: now })
            if (i % 3 === 2) await harness.rest(now)
          }
          await harness.rest(Math.max(now, T0 + 600_000) + 600_000)
          check(harness, messages)
        },
      ),
      { numRuns: 150, seed: 11 },
    )
  })

  it('changes nothing when any prefix of the stream is folded twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 2, maxLength: 10 }),
        fc.nat(9),
        async (messages, cut) => {
          const harness = createHarness(changes)
          const records = []
          for (const [i, m] of messages.entries())
            records.push(
              ...(await harness.send({
                topic: `dt/plant/p1/${m.lane}`,
                payload: payload(m),
                at: T0 + i * 20_000,
              })),
            )
          const before = harness.states.get('p1')?.bytes.slice()
          await harness.run(records.slice(0, (cut % records.length) + 1))
          expect(harness.states.get('p1')?.bytes).toEqual(before)
          await harness.rest(T0 + 2_000_000)
          check(harness, messages)
        },
      ),
      { numRuns: 60, seed: 12 },
    )
  })

  it('lets a future-dated reading move nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 60_001, max: 3_000_000_000 }), async (aheadMs) => {
        const harness = createHarness(changes)
        await harness.send({ topic, payload: { at: T0, measures: { temperature: 20 } }, at: T0 })
        const before = harness.states.get('p1')!.bytes.slice(48)
        await harness.send({ topic, payload: { at: T0 + aheadMs, measures: { temperature: 900 } }, at: T0 })
        expect(harness.states.get('p1')!.bytes.slice(48)).toEqual(before)
        expect(await harness.alarmBook.list({ limit: 10, state: 'all' })).toEqual([])
        expect(harness.readings('p1').at(-1)).toMatchObject({
          at: T0 + aheadMs,
          value: 900,
          quality: 'outOfRange',
        })
      }),
      { numRuns: 40, seed: 13 },
    )
  })
})
