import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/core/device/profile.ts'
import { trainDeviceModel, type DeviceExample } from '../../src/core/maintenance/device-task.ts'
import { readDeviceModel } from '../../src/core/maintenance/device-model.ts'
import { seededRandom } from '../../src/core/maintenance/seeded-random.ts'
import { completeWorkOrder, reportedOrder } from '../../src/core/maintenance/work-order.ts'
import { writeXgboostModel } from '../../src/core/maintenance/xgboost-model.ts'
import { trainingExamples, type ExampleQuestion } from '../../src/pipeline/training-examples.ts'
import { jobWorld, MONDAY, windowRow } from './jobs/job-world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const DAYS = 12
const START = MONDAY - DAYS * DAY
const things = Array.from({ length: 8 }, (_, i) => `pump-${i}`)
const pump = (thing: string): Change => ({
  kind: 'device',
  key: thing,
  effectiveFrom: 0,
  value: { thing, trade: 'plant', type: 'pump', status: 'active', attributes: {} },
})
const FAILED = MONDAY - 2 * DAY - 5 * HOUR

/** Twelve days of eight pumps; the even ones shake more and more in the day before they fail. */
async function plant() {
  const world = jobWorld([...things, 'lamp'].map(pump))
  world.config.apply({ ...pump('lamp'), value: { ...pump('lamp').value!, type: 'lamp' } } as Change)
  const random = seededRandom(1)
  const rows = things.flatMap((thing, i) =>
    Array.from({ length: (DAYS * DAY) / (20 * MINUTE) }, (_, k) => {
      const at = START + k * 20 * MINUTE
      const ill = i % 2 === 0 && at < FAILED ? Math.max(0, 1 - (FAILED - at) / (2 * DAY)) : 0
      return windowRow(thing, 'vibration', at / MINUTE, 2 + 0.3 * random() + 4 * ill, 0.1)
    }),
  )
  await world.put(rows)
  for (const thing of things.filter((_, i) => i % 2 === 0)) {
    const order = reportedOrder({ thing, mode: 'pump.bearing', action: 'replace', at: FAILED, dueAt: MONDAY, by: 'ann', evidence: [] }) // prettier-ignore
    await world.orders.open(order)
    const done = completeWorkOrder(order, { by: 'ann', at: FAILED + 6 * HOUR, finding: 'failed' })
    if (done.kind === 'moved') await world.orders.move(done.order, 'open')
  }
  const question: ExampleQuestion = {
    from: START + DAY,
    until: MONDAY,
    horizonMs: DAY,
    most: 1000,
    limit: 7,
    enough: () => false,
    asStored: false,
    sees: async () => true,
  }
  const ask = async (over: Partial<ExampleQuestion> = {}) =>
    trainingExamples({ configuration: world.config, orders: world.orders, machines: world.machines }, { ...question, ...over }) // prettier-ignore
  return { world, ask }
}

describe('trainingExamples', () => {
  it('turns findings into a model that knows the next failure, page by page, and sees nothing that came later', async () => {
    const { world, ask } = await plant()
    const whole = await ask({ limit: 1000 })
    expect(whole).toMatchObject({ next: null, failures: 16 })
    const paged: DeviceExample[] = []
    for (let after: ExampleQuestion['after']; ;) {
      const { examples, next } = await ask(after && { after })
      paged.push(...examples)
      if (!next) break
      after = next
    }
    expect(paged).toEqual(whole.examples)
    const hurried = await ask({ enough: () => true })
    expect([hurried.examples, hurried.next]).toEqual([
      whole.examples.slice(0, 1),
      { thing: 'pump-0', at: whole.examples[0]!.at },
    ])
    expect(new Set(paged.map(({ thing }) => thing))).toEqual(new Set(things))

    const { model, metrics } = trainDeviceModel(paged, { horizonMs: DAY, seed: 1 })
    expect(metrics.f1).toBeGreaterThan(0.8)
    const judge = readDeviceModel(writeXgboostModel(model))
    const scoreAt = async (thing: string, at: number) => {
      const seen = await world.machines.past({ thing, at, installedAt: null, maintainedAt: [] })
      return judge.calibrated(judge.score([seen!])[0]!)
    }
    expect(await scoreAt('pump-0', FAILED - HOUR)).toBeGreaterThan(0.7)
    expect(await scoreAt('pump-1', FAILED - HOUR)).toBeLessThan(0.3)

    // History that was imported since is there if it is asked for as it is stored.
    const readings = things.map((thing) => ({
      ...windowRow(thing, 'load', (FAILED - HOUR) / MINUTE, 5),
      version: MONDAY,
    }))
    await world.put(readings)
    const loads = async (asStored: boolean) =>
      (await ask({ limit: 1000, asStored })).examples.filter(
        ({ features }) => features['load.mean.24h'] === 5,
      ).length
    expect([await loads(false), await loads(true)]).toEqual([0, things.length])

    // Everything after the last moment is another: no feature of any moment changes.
    const last = Math.max(...paged.map(({ at }) => at))
    await world.put(things.map((thing) => windowRow(thing, 'vibration', last / MINUTE + 1, 1e9)))
    expect((await ask({ limit: 1000 })).examples).toEqual(whole.examples)
  })

  it('shows no machine that the asker may not see', async () => {
    const { ask } = await plant()
    const { examples, failures } = await ask({ limit: 1000, sees: async (thing) => thing === 'pump-2' })
    expect(new Set(examples.map(({ thing }) => thing))).toEqual(new Set(['pump-2']))
    expect(failures).toBe(4)
  })
})
