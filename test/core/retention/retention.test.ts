import { describe, expect, it } from 'vitest'
import type { LakeFile, LakeKind } from '../../../src/core/history/lake-layout.ts'
import {
  classOf,
  defaultRetention,
  planExpiry,
  policyFault,
  type RetentionPolicy,
} from '../../../src/core/retention/retention.ts'

const policy: RetentionPolicy = {
  ...defaultRetention,
  classes: [
    { name: 'default', measures: [], days: { readings: 10, windows: 20, quarters: 30, days: 40 } },
    { name: 'fast', measures: ['vibration'], days: { readings: 3, windows: 20, quarters: 30, days: 40 } },
    {
      name: 'kept',
      measures: ['vibration@main'],
      days: { readings: 100, windows: 100, quarters: 100, days: 100 },
    },
  ],
}
const file = (kind: LakeKind, day: number, until = day + 1): LakeFile => ({
  path: `${kind}/${day}`, kind, day, until, bucket: 0, buckets: 1, generation: 1, stage: 'day', tier: 'hot', rows: 1,
  bytes: 1, checksum: '', minAt: 0, maxAt: 0, damaged: false,
}) // prettier-ignore

describe('classOf', () => {
  it('goes by the full name, then by the name without its instance, then to the class of all others', () => {
    expect(
      ['vibration@main', 'vibration@x', 'vibration', 'speed'].map((m) => classOf(policy, m).name),
    ).toEqual(['kept', 'fast', 'fast', 'default'])
  })
})

describe('policyFault', () => {
  it('lets raw go before windows and windows before roll-ups, never the other way round', () => {
    expect(policyFault(policy)).toBeNull()
    expect(policyFault(defaultRetention)).toBeNull()
    const days = { readings: 30, windows: 20, quarters: 30, days: 40 }
    expect(policyFault({ ...policy, classes: [{ name: 'default', measures: [], days }] })).toContain(
      'readings ≤ windows',
    )
  })
  it('wants exactly one class for all others', () => {
    expect(policyFault({ ...policy, classes: policy.classes.slice(1) })).toContain('exactly one class')
  })
})

describe('planExpiry', () => {
  const files = [
    ...Array.from({ length: 10 }, (_, i) => file('readings', 90 + i)),
    file('windows', 70),
    file('quarters', 60, 75),
  ]
  const plan = (mostDays: number, kept = 0) =>
    planExpiry(policy, {
      today: 100,
      keptFrom: () => kept,
      filesBefore: (kind, day) => files.filter((f) => f.kind === kind && f.day < day),
      mostDays,
    })

  it('lists what is older than its class allows, oldest first', () => {
    expect(plan(Infinity).map((e) => [e.class, e.kind, e.from, e.until, e.files.length])).toEqual([
      ['default', 'windows', 70, 80, 1],
      ['default', 'quarters', 60, 70, 1],
      ['fast', 'readings', 90, 97, 7],
      ['fast', 'windows', 70, 80, 1],
      ['fast', 'quarters', 60, 70, 1],
    ])
  })
  it('takes at most so many days at once, and goes on where it was', () => {
    expect(plan(2).find((e) => e.kind === 'readings')).toMatchObject({ from: 90, until: 92 })
    expect(plan(2, 92).find((e) => e.kind === 'readings')).toMatchObject({ from: 92, until: 94 })
  })
})
