import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/core/device/profile.ts'
import { learn } from '../../../src/pipeline/jobs/learn.ts'
import { jobWorld, MONDAY, windowRow } from './job-world.ts'

const pump: Change = {
  kind: 'device',
  key: 'p-1',
  effectiveFrom: 0,
  value: { thing: 'p-1', trade: 'plant', type: 'pump', status: 'active', attributes: {} },
}
const day = Array.from({ length: 1440 }, (_, m) =>
  windowRow('p-1', 'flow', MONDAY / 60_000 - 1440 + m, 40 + Math.sin(m), 0.2),
)
/** Long enough for every device's turn. */
const aDay = async (world: ReturnType<typeof jobWorld>): Promise<void> => {
  for (let m = 0; m < 1440; m += 10) await world.run([learn], MONDAY + m * 60_000)
}

describe('learn', () => {
  it('gives the detectors what is usual, from a moment that nobody has folded yet', async () => {
    const world = jobWorld([pump])
    await world.put(day)
    await aDay(world)
    const [first] = world.published
    expect(first).toMatchObject({ kind: 'learned', key: 'p-1' })
    const profile = world.config.profile('p-1', MONDAY + 2 * 86_400_000)
    expect(profile?.learned['flow']?.median).toBeCloseTo(40, 0)
    expect(world.config.profile('p-1', first!.effectiveFrom - 1)?.learned).toEqual({})
  })

  it('learns nothing while an alarm stands, so that what is wrong does not become usual', async () => {
    const world = jobWorld([pump])
    await world.put(day)
    const at = MONDAY - 1
    await world.alarms.apply(
      [{ id: 'a', rule: 'limit', thing: 'p-1', key: 'flow', to: 'active', at, severity: 'major', why: { detector: 'limit', text: 'low' } }], // prettier-ignore
      at,
      () => false,
    )
    await aDay(world)
    expect(world.published).toEqual([])
  })
})
