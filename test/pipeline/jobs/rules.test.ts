import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../src/core/alarm/rule.ts'
import type { Change, Device, DeviceType } from '../../../src/core/device/profile.ts'
import { rules } from '../../../src/pipeline/jobs/rules.ts'
import { jobWorld, MONDAY, windowRow } from './job-world.ts'

const MINUTE = 60_000
const hot: Rule = {
  when: {
    all: [
      { measure: 'temperature', above: 80 },
      { measure: 'rpm', above: 100 },
    ],
  },
  forMinutes: 3,
  clearAfterMinutes: 2,
  severity: 'major',
  text: 'runs hot under load',
}
const lost: Rule = {
  when: { measure: 'rpm', missing: true },
  forMinutes: 2,
  clearAfterMinutes: 1,
  severity: 'minor',
}
const typeOf = (given: Record<string, Rule> | undefined, effectiveFrom = 0, version = 1): Change => {
  const type: DeviceType = { name: 'motor', trade: 'plant', version, measures: { temperature: { unit: 'Cel' } }, ...(given && { rules: given }) } // prettier-ignore
  return { kind: 'type', key: 'motor', effectiveFrom, value: type }
}
const device = (status: Device['status'] = 'active', effectiveFrom = 0): Change => ({
  kind: 'device',
  key: 'm1',
  effectiveFrom,
  value: { thing: 'm1', trade: 'plant', type: 'motor', status, attributes: {} },
})
const start = MONDAY / MINUTE

/** Minute by minute; undefined is no reading. */
async function play(
  world: ReturnType<typeof jobWorld>,
  minutes: { temperature?: number; rpm?: number }[],
  from = 0,
) {
  // prettier-ignore
  for (const [i, values] of minutes.entries()) {
    const minute = start + from + i
    await world.put(Object.entries(values).map(([measure, value]) => windowRow('m1', measure, minute, value)))
    await world.run([rules], (minute + 1) * MINUTE)
  }
}
const story = (world: ReturnType<typeof jobWorld>): string[] =>
  world.told.map(({ rule, to, at }) => `${(at - MONDAY) / MINUTE} ${rule} ${to}`)
const busy = { temperature: 90, rpm: 1500 }
const calm = { temperature: 60, rpm: 1500 }

describe('rules', () => {
  it('raise after so many minutes in a row, and clear after so many others', async () => {
    const world = jobWorld([typeOf({ hot }), device()])
    await play(world, [busy, busy, busy, busy, calm, busy, calm, calm])
    expect(story(world)).toEqual(['3 rule-hot active', '8 rule-hot clear'])
    expect(world.told[0]).toMatchObject({
      thing: 'm1',
      key: 'motor',
      severity: 'major',
      why: {
        detector: 'rule',
        observed: 90,
        expected: { high: 80 },
        unit: 'Cel',
        text: 'runs hot under load: mean of temperature is 90 Cel, for 3 min',
      },
    })
  })

  it('notice a measure that stops coming while others come', async () => {
    const world = jobWorld([typeOf({ lost }), device()])
    await play(world, [calm, { temperature: 60 }, {}, { temperature: 60 }, calm])
    expect(story(world)).toEqual(['4 rule-lost active', '5 rule-lost clear'])
  })

  it('say the same after a restart in the middle, and when a minute is done twice', async () => {
    const changes = [typeOf({ hot }), device()]
    const world = jobWorld(changes)
    await play(world, [busy, busy])
    const rows = [windowRow('m1', 'temperature', start + 2, 90), windowRow('m1', 'rpm', start + 2, 1500)]
    await world.put(rows)
    // Twice, as after a crash before the ledger was written; the second finds nothing new.
    await world.runNow(rules, (start + 3) * MINUTE)
    await world.run([rules], (start + 3) * MINUTE)
    expect(story(world)).toEqual(['3 rule-hot active'])

    const other = jobWorld(changes)
    for (const minute of [0, 1, 2])
      await other.put([
        windowRow('m1', 'temperature', start + minute, 90),
        windowRow('m1', 'rpm', start + minute, 1500),
      ])
    await other.run([rules], (start + 3) * MINUTE)
    expect(story(other)).toEqual(['3 rule-hot active'])
  })

  it('hold from the version of the type that they came with, and end with it', async () => {
    const world = jobWorld([typeOf(undefined), device()])
    await play(world, [busy, busy, busy])
    expect(story(world)).toEqual([])
    world.config.apply(typeOf({ hot }, MONDAY + 3 * MINUTE, 2))
    await play(world, [busy], 3)
    expect(story(world)).toEqual(['4 rule-hot active'])
    world.config.apply(typeOf({ lost }, MONDAY + 5 * MINUTE, 3))
    await play(world, [busy], 4)
    expect(story(world).at(-1)).toBe('5 rule-hot clear')
  })

  it('let go of a device that is taken out of service', async () => {
    const world = jobWorld([typeOf({ hot }), device()])
    await play(world, [busy, busy, busy])
    world.config.apply(device('suspended', MONDAY + 4 * MINUTE))
    await play(world, [busy], 3)
    expect(story(world)).toEqual(['3 rule-hot active', '4 rule-hot clear'])
  })
})
