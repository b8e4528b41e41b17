import { describe, expect, it } from 'vitest'
import type { Transition } from '../../../src/core/alarm/transition.ts'
import type { Change } from '../../../src/core/device/profile.ts'
import { completeWorkOrder, labelOfOrder } from '../../../src/core/maintenance/work-order.ts'
import { criticalMaintenance, maintenance } from '../../../src/pipeline/jobs/maintenance.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'
import { jobWorld, MONDAY, windowRow } from './job-world.ts'

const HOUR = 3_600_000
const motor = (thing: string, type = 'motor'): Change => ({
  kind: 'device',
  key: thing,
  effectiveFrom: 0,
  value: { thing, trade: 'plant', type, status: 'active', attributes: {} },
})

/** Three days of a motor, five windows an hour, whose bearing shakes more and more in the last hours. */
function days(thing: string, sickHours: number) {
  const random = seededRandom(5)
  const rows = []
  for (let hour = -72; hour < 0; hour++)
    for (let m = 0; m < 60; m += 12) {
      const growth = Math.max(0, hour + sickHours + 1)
      const minute = (MONDAY + hour * HOUR) / 60_000 + m
      rows.push(windowRow(thing, 'vibration', minute, 2 + 0.2 * random() + 0.4 * growth, 0.1))
      rows.push(windowRow(thing, 'temperature@bearing', minute, 60 + random() + growth, 0.2))
    }
  return rows
}
const score = (features: Readonly<Record<string, number>>): number =>
  (features['vibration.mean.1h'] ?? 0) > 3 ? 0.9 : 0.05

describe('maintenance', () => {
  it('raises one alarm and opens one order with evidence, however often a crash repeats it', async () => {
    let left = 3
    const stages: string[] = []
    const world = jobWorld([motor('m-1'), motor('m-2'), motor('fan-1', 'fan')], {
      score,
      crash: (after) => {
        stages.push(after)
        return stages.length > 0 && left-- > 0
      },
    })
    await world.put([...days('m-1', 8), ...days('m-2', 0)])
    for (let again = 0; again < 5; again++) await world.run([maintenance], MONDAY + again * 60_000)
    expect(new Set(world.failures)).toEqual(new Set(['maintenance: died after facts']))
    const alarms = await world.alarms.list({ state: 'all', limit: 10 })
    expect(alarms.filter((a) => a.rule === 'maintenance').map((a) => [a.thing, a.occurrences])).toEqual([
      ['m-1', 1],
    ])
    const details = alarms.find((a) => a.rule === 'maintenance')?.why.details
    expect(details).toMatchObject({ failure_probability: 0.9, mode: 'motor.bearing' })
    expect(alarms.find((a) => a.rule === 'machine_health')?.why.text).toMatch(
      /^m-1 is unlike its healthy self: (vibration|temperature@bearing)\./,
    )
    expect(details?.['estimated_time_to_failure']).toEqual(expect.any(Number))
    expect(details?.['recommended_maintenance']).toContain('bearing')
    expect(await world.orders.list({ limit: 10 })).toHaveLength(1)
    expect(
      world
        .facts('machine_health')
        .map((f) => f.thing)
        .sort(),
    ).toEqual(['m-1', 'm-2'])
  })

  it('does not open a second order while the first stands, and clears the alarm after the repair', async () => {
    const world = jobWorld([motor('m-1')], { score })
    await world.put(days('m-1', 8))
    await world.run([maintenance], MONDAY)
    const still = Array.from({ length: 60 }, (_, m) =>
      windowRow('m-1', 'vibration', MONDAY / 60_000 + m, 6, 0.1),
    )
    await world.put(still)
    await world.run([maintenance], MONDAY + HOUR)
    const [order, ...more] = await world.orders.list({ limit: 10 })
    expect(more).toEqual([])
    const done = completeWorkOrder(order!, { by: 'ann', at: MONDAY + HOUR, finding: 'confirmed' })
    if (done.kind === 'moved') await world.orders.move(done.order, 'open')
    const well = Array.from({ length: 60 }, (_, m) =>
      windowRow('m-1', 'vibration', MONDAY / 60_000 + 60 + m, 2.1, 0.1),
    )
    await world.put(well)
    await world.run([maintenance], MONDAY + 2 * HOUR)
    const [alarm] = (await world.alarms.list({ state: 'all', limit: 10 })).filter(
      (a) => a.rule === 'maintenance',
    )
    expect(alarm).toMatchObject({ state: 'unackCleared', occurrences: 1 })
    const [stored] = await world.orders.list({ limit: 10 })
    expect(labelOfOrder(stored!)).toEqual({ thing: 'm-1', at: MONDAY, failed: 1, mode: 'motor.bearing' })
  })

  it('speaks by the health index alone where no model has been promoted', async () => {
    const world = jobWorld([motor('m-1'), motor('m-2')])
    await world.put([...days('m-1', 8), ...days('m-2', 0)])
    await world.run([maintenance], MONDAY)
    const alarms = await world.alarms.list({ state: 'active', limit: 10 })
    expect(alarms.map((a) => [a.rule, a.thing])).toEqual([['machine_health', 'm-1']])
    const health = new Map(world.facts('machine_health').map((f) => [f.thing, f.value]))
    expect(health.get('m-1')).toMatchObject({ failure_probability: null })
    expect(health.get('m-2')?.['health_index']).toBeGreaterThan(50)
  })

  it('looks at nothing after the cut-off', async () => {
    const [a, b] = [jobWorld([motor('m-1')], { score }), jobWorld([motor('m-1')], { score })]
    await a.put(days('m-1', 8))
    await b.put([
      ...days('m-1', 8),
      ...Array.from({ length: 60 }, (_, m) => windowRow('m-1', 'vibration', MONDAY / 60_000 + m, 99)),
    ])
    await a.run([maintenance], MONDAY)
    await b.run([maintenance], MONDAY)
    expect(b.facts('machine_health')).toEqual(a.facts('machine_health'))
  })
})

describe('criticalMaintenance', () => {
  const shock = (thing: string, at: number, severity: 'critical' | 'major' = 'critical'): Transition => ({
    id: `limit/${thing}/vibration/${at}`,
    rule: 'limit',
    thing,
    key: 'vibration',
    to: 'active',
    at,
    severity,
    why: { detector: 'limit', text: 'vibration is 40, at most 7 expected', observed: 40 },
  })
  const raise = async (world: ReturnType<typeof jobWorld>, transitions: Transition[]) =>
    void (await world.alarms.apply(transitions, MONDAY, () => false))

  it('judges a machine in the minute after something critical, and no other one', async () => {
    const world = jobWorld([motor('m-1'), motor('m-2'), motor('m-3')], { score })
    await world.put([...days('m-1', 8), ...days('m-2', 8), ...days('m-3', 8)])
    await raise(world, [shock('m-1', MONDAY - 30_000), shock('m-2', MONDAY - 30_000, 'major'), shock('m-3', MONDAY - 90_000)]) // prettier-ignore
    await world.run([criticalMaintenance], MONDAY)
    expect(world.failures).toEqual([])
    expect(world.facts('machine_health').map(({ thing }) => thing)).toEqual(['m-1'])
    const orders = await world.orders.list({ limit: 10 })
    expect(orders.map(({ thing, mode }) => [thing, mode])).toEqual([['m-1', 'motor.bearing']])
    // The judgement's own alarm asks for no further one.
    await world.run([criticalMaintenance], MONDAY + 60_000)
    expect(world.facts('machine_health')).toHaveLength(1)
    expect(await world.orders.list({ limit: 10 })).toEqual(orders)
  })
})

describe('a crash', () => {
  it.each(['facts', 'orders', 'alarms'] as const)(
    'after %s leaves what an undisturbed run leaves',
    async (where) => {
      const run = async (crashes: number) => {
        let left = crashes
        const world = jobWorld([motor('m-1'), motor('m-2')], { score, crash: (after) => after === where && left-- > 0 }) // prettier-ignore
        await world.put([...days('m-1', 8), ...days('m-2', 0)])
        for (let again = 0; again < 3; again++) await world.run([maintenance], MONDAY + again * 60_000)
        expect(world.failures.length > 0).toBe(crashes > 0)
        const alarms = await world.alarms.list({ state: 'all', limit: 10 })
        return { alarms, orders: await world.orders.list({ limit: 10 }), health: world.facts('machine_health'), hours: world.facts('machine_hours') } // prettier-ignore
      }
      const undisturbed = await run(0)
      expect(undisturbed.orders).toHaveLength(1)
      expect(undisturbed.alarms).toHaveLength(2)
      expect(await run(2)).toEqual(undisturbed)
    },
  )
})
