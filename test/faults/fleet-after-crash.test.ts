import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBook } from '../../src/adapters/local/book/schema.ts'
import { sqliteAlarmBook } from '../../src/adapters/local/book/sqlite-alarm-book.ts'
import { openDeviceBook } from '../../src/adapters/local/devices/schema.ts'
import { sqliteCommandBook } from '../../src/adapters/local/devices/sqlite-command-book.ts'
import { openTail } from '../../src/adapters/local/tail/schema.ts'
import { createTailOutput } from '../../src/adapters/local/tail/tail-output.ts'
import { createTailWriter } from '../../src/adapters/local/tail/tail-writer.ts'
import type { Device } from '../../src/core/device/profile.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { createDelivery } from '../../src/pipeline/delivery.ts'
import { createCommandDesk } from '../../src/pipeline/devices/command-desk.ts'
import { createFold } from '../../src/pipeline/fold.ts'
import { createRunner } from '../../src/pipeline/runner.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import { TICK_TOPIC, type RawRecord } from '../../src/ports/raw-record.ts'
import { createBoxStates } from '../../local/box-states.ts'
import { readDrives } from '../fixtures/drives/read-drives.ts'
import { plantDevice } from '../support/harness.ts'

const rows = readDrives().slice(0, 1200)
const change = plantDevice('van-1', {
  trade: 'fleet',
  type: 'vehicle',
  attributes: { harshG: '0.05/0.1/0.2' },
})
const pipelines = tradePipelines()
const stages = {
  plant: pipelines.plant.stages,
  fleet: pipelines.fleet.stages,
  building: pipelines.building.stages,
}
const layouts = Object.values(pipelines).map(({ layout }) => layout)

/** Drives of a hasty driver with an emptying tank, and ticks in between, as a box's journal. */
const journal: RawRecord[] = []
for (let i = 0; i < rows.length; i += 20) {
  const pack = rows.slice(i, i + 20)
  const receivedAt = pack.at(-1)!.at
  const measures = {
    latitude: pack.map(({ lat }) => lat),
    longitude: pack.map(({ lon }) => lon),
    accelX: pack.map(({ accelX }) => accelX),
    accelY: pack.map(({ accelY }) => accelY),
    fuelLevel: pack.map((_, k) => 40 - (30 * (i + k)) / rows.length),
  }
  const offsets = pack.map(({ at }) => at - pack[0]!.at)
  const payload = Buffer.from(JSON.stringify({ at: pack[0]!.at, offsets, measures }))
  journal.push({ topic: 'dt/fleet/van-1/telemetry', client: 'van-1', receivedAt, position: BigInt(journal.length + 1), payload }) // prettier-ignore
  if (i % 100 === 0) journal.push({ topic: TICK_TOPIC, client: '', receivedAt: receivedAt + 150_000, position: BigInt(journal.length + 1), payload: Buffer.from('{}') }) // prettier-ignore
}

class Killed extends Error {}

/** What lies on the disk of a box; processes come and go. */
function disk() {
  const tail = openTail(':memory:')
  const alarms = sqliteAlarmBook(openBook(':memory:'))
  const commands = sqliteCommandBook(openDeviceBook(':memory:'), async (work) => work())
  const published: string[] = []
  let now = 0
  const clock = { now: () => now, elapsed: () => now }

  /** One life of the pipeline, from the last checkpoint on; `dies` is asked at each step. */
  async function live(batchOf: () => number, dies: (step: string) => boolean): Promise<void> {
    let dead = false
    const at = (step: string): void => {
      dead ||= dies(step)
      if (dead) throw new Killed(step)
    }
    if (tail.isTransaction) tail.exec('ROLLBACK') // what the last life had not committed
    const writer = createTailWriter(tail)
    const kept = writer.recover()
    const output = createTailOutput(async (batch) => {
      // Nobody waits for a write: who has died during one is found dead at the next step.
      if (batch.checkpoint === null && (dead ||= dies('before the tail'))) return new Promise(() => {})
      at('before a checkpoint of the tail')
      writer.apply(batch)
      writer.commit(batch.checkpoint !== null)
    }, kept.names)
    const states = createBoxStates(layouts, () => pipelines.fleet.layout, kept.states, kept.births)
    const desk = createCommandDesk({
      book: commands,
      link: {
        publish: async (_topic, payload) => {
          published.push(Buffer.from(payload).toString())
          at('after a publish')
        },
      },
      clock,
      audit: { record: () => {} },
      device: () => change.value as Device,
      actuator: () => null,
      listens: () => true,
    })
    const deliver = createDelivery({ alarmBook: alarms, clock, tells: () => true, tell: () => {}, commands: desk, requests: { answer: async () => {} } }) // prettier-ignore
    const runner = createRunner({
      fold: createFold({ stages, configuration: configuration([change]) }),
      states,
      output,
      deliver: async (entries) => {
        at('before delivery')
        await deliver(entries)
        at('after delivery')
      },
      requestRebirth: () => {},
    })
    await runner.flush(kept.states.map(({ thing }) => states.get(thing)!))
    for (let next = kept.position; next < journal.length;) {
      const batch = journal.slice(next, next + batchOf())
      now = batch.at(-1)!.receivedAt
      await runner.run(batch)
      next += batch.length
      at('before a checkpoint')
      await output.checkpoint({ position: next, ...states.takeChanged() })
    }
  }

  const held = async () => ({
    facts: tail.prepare('SELECT type, key, at, until, version, value FROM fact ORDER BY type, key').all(),
    alarms: await alarms.list({ limit: 1000 }),
    commands: (await commands.list({ thing: 'van-1', limit: 1000 })).map(({ id, name, payload }) => ({ id, name, payload })), // prettier-ignore
    states: tail.prepare('SELECT measures, outbox, bytes FROM state').all(),
  })
  return { live, held, published }
}

describe('a fleet after a crash', () => {
  it('has the trips, scores, alarms and commands of a box that never crashed, and sends no command twice', async () => {
    const whole = disk()
    await whole.live(
      () => 4,
      () => false,
    )
    const expected = await whole.held()
    expect(new Set(expected.facts.map(({ type }) => type))).toEqual(new Set(['trip', 'stop', 'harsh', 'tripRisk'])) // prettier-ignore
    expect(new Set(expected.alarms.map(({ rule }) => rule))).toEqual(new Set(['driver-risk', 'fuel-low']))
    expect(expected.commands.map(({ name }) => name)).toContain('cab-alert')
    expect(whole.published).toHaveLength(expected.commands.length)

    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
        async (deaths, sizes) => {
          const box = disk()
          let taken = 0
          const batchOf = (): number => sizes[taken++ % sizes.length]!
          for (const left of [...deaths, Infinity]) {
            let steps = left
            try {
              await box.live(batchOf, () => --steps === 0)
            } catch (error) {
              if (!(error instanceof Killed)) throw error
            }
          }
          expect(await box.held()).toEqual(expected)
          expect(new Set(box.published).size).toBe(box.published.length)
          for (const text of box.published) expect(whole.published).toContain(text)
        },
      ),
      { numRuns: 8, seed: 6 },
    )
  })
})
