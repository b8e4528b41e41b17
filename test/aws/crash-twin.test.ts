import type { KinesisStreamEvent } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import type { RawMessage } from '../../src/ports/raw-record.ts'
import { deviceType, plantDevice, T0 } from '../support/harness.ts'
import { eventSourceMapping } from './event-source-mapping.ts'
import { eventOf, FIRST_SEQUENCE } from './kinesis-event.ts'
import { plantTwin, type Gate } from './plant-twin.ts'

const things = ['pump-1', 'pump-2']
const changes = [
  ...things.map((thing) => plantDevice(thing)),
  deviceType({ temperature: { low: 0, high: 80 }, rpm: {} }),
]
const message = (
  thing: string,
  offsetMs: number,
  values: number[],
  receivedMs = offsetMs + 5_000,
): RawMessage => ({
  topic: `dt/plant/${thing}/telemetry`,
  client: thing,
  receivedAt: T0 + receivedMs,
  payload: Buffer.from(
    JSON.stringify({
      at: T0 + offsetMs,
      step: 1000,
      measures: { temperature: values, rpm: values.map((v) => v * 20) },
    }),
  ),
})
/** Raises and clears, a minute that closes, a late reading, a duplicate, a bad record, a tick: three batches. */
const batches: RawMessage[][] = [
  [
    message('pump-1', 0, [20, 21, 22]),
    message('pump-2', 0, [30, 90, 91]),
    { ...message('pump-1', 3_000, []), payload: Buffer.from('{"at":') },
    message('pump-1', 10_000, [95, 96]),
  ],
  [
    message('pump-2', 20_000, [40, 41]),
    message('pump-1', 65_000, [50, 50.5]),
    message('pump-1', 1_000, [99], 70_000),
    message('pump-2', 20_000, [40, 41], 71_000),
  ],
  [
    message('pump-1', 130_000, [97]),
    ...things.map((thing): RawMessage => ({ topic: '$tick', client: '', receivedAt: T0 + 200_000, payload: Buffer.from(JSON.stringify({ thing })) })), // prettier-ignore
  ],
]
const events: KinesisStreamEvent[] = batches.map((batch, i) =>
  eventOf(batch, FIRST_SEQUENCE + BigInt(i * 100)),
)

const create = () => plantTwin(changes, () => T0 + 300_000)
type Twin = ReturnType<typeof create>

async function undisturbed(): Promise<{ twin: Twin; effects: number[] }> {
  const twin = create()
  const effects: number[] = []
  for (const event of events) {
    let n = 0
    await twin.invoke(event, async () => void n++)
    effects.push(n)
  }
  return { twin, effects }
}

const never = new Promise<void>(() => {})

describe('plant handler', () => {
  it('has something to lose: alarms, windows, a quarantined record', async () => {
    const { twin, effects } = await undisturbed()
    const { readings, windows, quarantine } = twin.stored(things)
    expect(readings.map((r) => r.length)).toEqual([16, 10])
    expect(windows.flat().length).toBeGreaterThanOrEqual(6)
    expect(quarantine).toHaveLength(1)
    const alarms = await twin.book.list({ limit: 10 })
    expect(alarms.map((a) => [a.thing, a.state])).toEqual([['pump-1', 'unackActive'], ['pump-2', 'unackCleared']]) // prettier-ignore
    expect(await twin.book.untold(10)).toEqual([])
    expect(new Set(twin.told).size).toBe(twin.told.length)
    expect(Math.min(...effects)).toBeGreaterThan(4)
  })

  it('ends the same when it is killed between any two effects', async () => {
    const { twin, effects } = await undisturbed()
    const expected = twin.stored(things)
    for (const [b, count] of effects.entries())
      for (let k = 0; k < count; k++) {
        const other = create()
        for (const [i, event] of events.entries()) {
          if (i === b) {
            let n = 0
            let died: () => void = () => {}
            const dead = new Promise<void>((resolve) => (died = resolve))
            const gate: Gate = async () => {
              if (n++ < k) return undefined
              died()
              return never
            }
            await Promise.race([other.invoke(event, gate), dead])
          }
          await other.invoke(event)
        }
        expect(other.stored(things), `killed before effect ${k} of batch ${b}`).toEqual(expected)
        expect(new Set([...other.told, ...(await other.book.untold(100)).map((t) => t.id)])).toEqual(
          new Set(twin.told),
        )
      }
  })

  it('tells nothing that no committed state knows of, even where its successor judges otherwise', async () => {
    const raised = eventOf([message('pump-1', 0, [20, 95, 96]), message('pump-2', 0, [91])])
    const calm = eventOf(
      things.map((thing) => message(thing, 60_000, [20, 21])),
      FIRST_SEQUENCE + 100n,
    )
    // The release that comes between them sets the limit right.
    const next = [...changes.slice(0, -1), deviceType({ temperature: { low: 0, high: 200 }, rpm: {} })]
    let effects = 0
    await create().invoke(raised, async () => void effects++)
    const outcomes = new Set<string>()
    for (let k = 0; k < effects; k++) {
      const twin = create()
      let n = 0
      let died: () => void = () => {}
      const dead = new Promise<void>((resolve) => (died = resolve))
      const gate: Gate = async () => {
        if (n++ < k) return undefined
        died()
        return never
      }
      await Promise.race([twin.invoke(raised, gate), dead])
      for (const event of [raised, calm]) await twin.invoke(event, undefined, next)
      const alarms = await twin.book.list({ limit: 10 })
      // An alarm that no state remembers would never clear.
      expect(
        alarms.filter((a) => a.state !== 'unackCleared'),
        `killed before effect ${k}`,
      ).toEqual([])
      outcomes.add(
        alarms
          .map((a) => a.thing)
          .sort()
          .join(),
      )
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['', 'pump-1,pump-2']))
  })

  it('ends the same when it timed out but goes on while its successor works, or after it', async () => {
    const { twin, effects } = await undisturbed()
    const expected = twin.stored(things)
    for (const [b, count] of effects.entries())
      for (let k = 0; k < count; k++)
        for (const later of ['beside', 'after the batch', 'after the next batch'] as const) {
          const other = create()
          let release: () => void = () => {}
          let zombie: Promise<unknown> = Promise.resolve()
          for (const [i, event] of events.entries()) {
            if (i === b) {
              let n = 0
              const held = new Promise<void>((resolve) => (release = resolve))
              let stopped: () => void = () => {}
              const stop = new Promise<void>((resolve) => (stopped = resolve))
              zombie = other
                .invoke(event, async () => {
                  if (n++ !== k) return undefined
                  stopped()
                  return held
                })
                .catch(() => null) // AWS: whatever an invocation answers after its time is up, nobody hears
              await stop
              if (later === 'beside') release()
            }
            await other.invoke(event)
            if ((i === b && later === 'after the batch') || (i === b + 1 && later === 'after the next batch'))
              release()
            if (i === b && later === 'after the batch') await zombie
          }
          release()
          await zombie
          expect(other.stored(things), `goes on ${later}, from effect ${k} of batch ${b}`).toEqual(expected)
        }
  })

  it('ends the same when every batch is delivered twice, one after the other or at once', async () => {
    const { twin } = await undisturbed()
    const expected = twin.stored(things)
    const after = create()
    for (const event of events) for (let i = 0; i < 2; i++) await after.invoke(event)
    expect(after.stored(things)).toEqual(expected)
    const atOnce = create()
    for (const event of events) await Promise.all([atOnce.invoke(event), atOnce.invoke(event)])
    expect(atOnce.stored(things)).toEqual(expected)
  })

  it('ends the same under a mapping whose stores fail now and then', async () => {
    const { twin } = await undisturbed()
    const expected = twin.stored(things)
    let partial = 0
    for (const seed of [1, 2, 3, 4]) {
      // Slices of two records, so that batches are handed back in part.
      const other = plantTwin(changes, () => T0 + 300_000, 2)
      let random = seed
      const flaky: Gate = async () => {
        random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0 // Numerical Recipes’ generator
        if (random < 2 ** 32 / 8) throw new Error('the store is away')
      }
      const lost: unknown[] = []
      const { drain } = eventSourceMapping({
        batchSize: 5,
        parallelization: 2,
        bisect: true,
        retryAttempts: 20,
        maxRecordAgeMs: 43_200_000,
        reportBatchItemFailures: true,
        now: () => T0,
        invoke: async (event) => {
          const answer = await other.invoke(event, flaky)
          partial += answer.batchItemFailures.length
          return answer
        },
        onFailure: (records) => void lost.push(records),
      })
      const records = events.flatMap(({ Records }) => Records)
      await drain([{ records, parents: [] }])
      expect(lost).toEqual([])
      const { readings, windows, book } = other.stored(things)
      expect({ readings, windows, book }).toEqual({ readings: expected.readings, windows: expected.windows, book: expected.book }) // prettier-ignore
    }
    expect(partial).toBeGreaterThan(0)
  })
})
