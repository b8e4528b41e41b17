import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  planFault,
  rolloutStep,
  targetsUpTo,
  usualPlan,
  type RolloutCounts,
} from '../../../src/core/device/rollout.ts'

const T = 1_795_341_600_000
const counts = (over: Partial<RolloutCounts> = {}): RolloutCounts => ({
  targets: 1000,
  released: 10,
  succeeded: 0,
  failed: 0,
  removed: 0,
  unhealthy: 0,
  ...over,
})
const state = (released: number, finishedAt: number | null = null) => ({
  status: 'running' as const,
  released,
  finishedAt,
  excused: 0,
})

describe('rolloutStep', () => {
  it('begins with the first cohort, at least one device', () => {
    expect(rolloutStep(usualPlan, state(0), counts(), T)).toEqual({ kind: 'release', cohort: 1, upTo: 10 })
    expect(rolloutStep(usualPlan, state(0), counts({ targets: 3 }), T)).toMatchObject({ upTo: 1 })
  })

  it('waits for a cohort, then watches it, then goes on', () => {
    expect(rolloutStep(usualPlan, state(1), counts({ succeeded: 8 }), T).kind).toBe('hold')
    expect(rolloutStep(usualPlan, state(1), counts({ succeeded: 9 }), T)).toEqual({
      kind: 'soak',
      finishedAt: T,
    })
    expect(
      rolloutStep(usualPlan, state(1, T), counts({ succeeded: 10 }), T + usualPlan.soakMs - 1).kind,
    ).toBe('hold')
    expect(rolloutStep(usualPlan, state(1, T), counts({ succeeded: 10 }), T + usualPlan.soakMs)).toEqual({ kind: 'release', cohort: 2, upTo: 100 }) // prettier-ignore
  })

  it('pauses when too many fail, or fall ill after they succeeded', () => {
    expect(rolloutStep(usualPlan, state(1), counts({ succeeded: 8, failed: 2 }), T).kind).toBe('pause')
    expect(rolloutStep(usualPlan, state(1, T), counts({ succeeded: 10, unhealthy: 2 }), T + 1e9).kind).toBe(
      'pause',
    )
    expect(rolloutStep(usualPlan, state(1), counts({ succeeded: 9, failed: 1 }), T).kind).toBe('soak')
  })

  it('goes on in spite of failures that were excused, and pauses for new ones', () => {
    const resumed = { ...state(1), excused: 4 }
    expect(rolloutStep(usualPlan, resumed, counts({ succeeded: 6, failed: 4 }), T).kind).toBe('soak')
    expect(rolloutStep(usualPlan, resumed, counts({ succeeded: 4, failed: 6 }), T).kind).toBe('pause')
  })

  it('does not wait for devices that have left', () => {
    const gone = counts({ released: 1000, succeeded: 990, removed: 10 })
    expect(rolloutStep(usualPlan, state(4), gone, T).kind).toBe('complete')
  })

  it('has no more cohorts than devices', () => {
    expect(rolloutStep(usualPlan, state(1), counts({ targets: 1, released: 1, succeeded: 1 }), T).kind).toBe(
      'complete',
    )
  })

  it('is complete when the last cohort has finished, and does nothing once it is not running', () => {
    expect(rolloutStep(usualPlan, state(4), counts({ released: 1000, succeeded: 1000 }), T).kind).toBe(
      'complete',
    )
    expect(rolloutStep(usualPlan, { ...state(0), status: 'paused' }, counts(), T).kind).toBe('hold')
  })
})

describe('targetsUpTo', () => {
  it('never falls from one cohort to the next, and ends with everyone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (targets) => {
        const steps = usualPlan.cohorts.map((_, i) => targetsUpTo(usualPlan, i + 1, targets))
        expect(steps).toEqual([...steps].sort((a, b) => a - b))
        expect(steps.at(-1)).toBe(targets)
      }),
    )
  })
})

describe('planFault', () => {
  it('wants rising cohorts that end with everyone', () => {
    expect(planFault(usualPlan)).toBeNull()
    expect(planFault({ ...usualPlan, cohorts: [0.5, 0.1, 1] })).toBe('cohorts must rise')
    expect(planFault({ ...usualPlan, cohorts: [0.5] })).toBe('the last cohort must be 1')
  })
})
