import { describe, expect, it } from 'vitest'
import { assess, type DeviceHistory } from '../../../src/core/maintenance/assess.ts'
import { diagnose } from '../../../src/core/maintenance/diagnose.ts'
import { failureModes } from '../../../src/core/maintenance/failure-modes.ts'
import { learnHealthy } from '../../../src/core/maintenance/health-index.ts'
import { addVersion, emptyLine, promote, rollBack } from '../../../src/core/maintenance/model-versions.ts'
import { seededRandom } from '../../../src/core/maintenance/seeded-random.ts'
import {
  cancelWorkOrder,
  completeWorkOrder,
  labelOfOrder,
  openWorkOrder,
  startWorkOrder,
  type OrderOutcome,
  type WorkOrder,
} from '../../../src/core/maintenance/work-order.ts'

const random = seededRandom(1)
const healthyRows = Array.from({ length: 100 }, () => ({
  'vibration.mean.24h': 2 + 0.2 * random(),
  'flow.mean.24h': 50 + random(),
  'pressure@suction.mean.24h': 1.5 + 0.1 * random(),
}))
const history: DeviceHistory = {
  at: 1_763_806_800_000,
  machine: 'pump',
  healthy: learnHealthy(healthyRows),
  lifetimes: { shape: 2.5, scale: 1000 },
  ageHours: 800,
  degradation: null,
}
const cavitating = {
  'vibration.mean.24h': 4,
  'flow.mean.24h': 40,
  'pressure@suction.mean.24h': 0.6,
}
const saying = (probability: number) => ({ horizonHours: 24, probability })

describe('assess', () => {
  it('says how likely, when, what to do and why above the alarm probability', () => {
    const found = assess({ features: cavitating, score: saying(0.8), history })
    expect(found.failure_probability).toBe(0.8)
    expect(found.health_index).toBeLessThan(10)
    expect(found.estimated_time_to_failure).toMatchObject({ method: 'lifetimes' })
    expect(found.estimated_time_to_failure?.p50).toBeCloseTo(298.8, 1)
    expect(found.recommended_maintenance).toMatchObject({ mode: 'pump.cavitation', withinHours: 24 })
    expect(found.evidence.join()).toMatch(/pressure@suction.mean.24h is .* below its healthy mean/)
  })

  it('announces nothing at exactly 0.7, but still gives probability and evidence', () => {
    const found = assess({ features: cavitating, score: saying(0.7), history })
    expect(Object.keys(found)).toEqual(['failure_probability', 'health_index', 'evidence'])
    expect(found.evidence).toHaveLength(3)
  })

  it('prefers the wear of this very device to the lifetimes of its type', () => {
    const points = Array.from({ length: 50 }, (_, time) => ({
      time,
      value: Math.exp(0.05 * time + 0.01 * Math.sin(time)),
    }))
    const worn = { ...history, degradation: { points, floor: 0, failure: Math.exp(3), nowHours: 49 } }
    const left = assess({
      features: cavitating,
      score: saying(0.9),
      history: worn,
    }).estimated_time_to_failure
    expect(left?.method).toBe('degradation')
    expect(left?.p50).toBeCloseTo(11, 0)
  })

  it('does not say zero hours of a machine that runs beyond the limit where its wear was taken to end', () => {
    const points = Array.from({ length: 50 }, (_, time) => ({ time, value: Math.exp(0.05 * time) }))
    const beyond = {
      ...history,
      lifetimes: null,
      degradation: { points, floor: 0, failure: 2, nowHours: 49 },
    }
    const left = (probability: number | null) =>
      assess({ features: cavitating, score: probability === null ? null : saying(probability), history: beyond }).estimated_time_to_failure // prettier-ignore
    expect(left(0.9)?.method).toBe('hazard')
    expect(left(0.9)?.p50).toBeGreaterThan(5)
    expect(left(null)).toMatchObject({ method: 'degradation', p50: 0 })
  })

  it('falls back on the hazard, whose horizon holds the probability', () => {
    const found = assess({ features: {}, score: saying(0.9), history: { ...history, lifetimes: null } })
    const left = found.estimated_time_to_failure!
    expect(left.method).toBe('hazard')
    expect(left.p90).toBeCloseTo(24, 6)
    expect(found.recommended_maintenance?.mode).toBe('pump.unknown')
  })

  it('judges by lifetimes while there is no model, and says null where there is nothing', () => {
    const old = { ...history, ageHours: 3000 }
    expect(assess({ features: {}, score: null, history: old }).failure_probability).toBeCloseTo(0.27, 1)
    const unknown = { ...history, lifetimes: null, healthy: null }
    expect(assess({ features: cavitating, score: null, history: unknown })).toEqual({
      failure_probability: null,
      health_index: null,
      evidence: [],
    })
  })
})

describe('diagnose', () => {
  it('has modes for every machine, with ids of their own', () => {
    expect(new Set(failureModes.map(({ id }) => id)).size).toBe(failureModes.length)
    for (const { id, machine } of failureModes) expect(id.startsWith(`${machine}.`)).toBe(true)
  })

  it('does not take a deviation in the wrong direction for a symptom', () => {
    expect(diagnose('vehicle', [{ feature: 'coolant_temperature.mean.1h', sigmas: -9 }])).toEqual([])
    expect(diagnose('vehicle', [{ feature: 'coolant_temperature.mean.1h', sigmas: 9 }])[0]?.mode.id).toBe(
      'vehicle.cooling',
    )
  })
})

const moved = (outcome: OrderOutcome): WorkOrder => {
  if (outcome.kind !== 'moved') throw new Error(outcome.reason)
  return outcome.order
}

describe('openWorkOrder', () => {
  const assessment = assess({ features: cavitating, score: saying(0.8), history })
  const order = moved(openWorkOrder([], 'pump-1', assessment, 1000))

  it('opens one order a thing and mode, and another once that is closed', () => {
    expect(order).toMatchObject({
      id: 'pump-1/pump.cavitation/1000',
      status: 'open',
      failureProbability: 0.8,
    })
    expect(openWorkOrder([order], 'pump-1', assessment, 2000).kind).toBe('refused')
    expect(openWorkOrder([order], 'pump-2', assessment, 2000).kind).toBe('moved')
    const closed = moved(cancelWorkOrder(order, 'ann', 1500, 'duplicate'))
    expect(openWorkOrder([closed], 'pump-1', assessment, 2000).kind).toBe('moved')
  })

  it('turns its outcome into a label at the time of the prediction', () => {
    const started = moved(startWorkOrder(order, 'ann', 1100))
    const done = moved(
      completeWorkOrder(started, { by: 'ann', at: 1200, finding: 'confirmed', foundMode: 'pump.clog' }),
    )
    expect(labelOfOrder(started)).toBeNull()
    expect(labelOfOrder(done)).toEqual({ thing: 'pump-1', at: 1000, failed: 1, mode: 'pump.clog' })
    const well = moved(completeWorkOrder(order, { by: 'ann', at: 1200, finding: 'noFaultFound' }))
    expect(labelOfOrder(well)).toEqual({ thing: 'pump-1', at: 1000, failed: 0, mode: null })
    expect(labelOfOrder(moved(cancelWorkOrder(order, 'ann', 1200, 'no')))).toBeNull()
  })

  it('moves nothing that is closed', () => {
    const done = moved(completeWorkOrder(order, { by: 'ann', at: 1200, finding: 'failed' }))
    for (const outcome of [
      startWorkOrder(done, 'bob', 1300),
      cancelWorkOrder(done, 'bob', 1300, 'no'),
      completeWorkOrder(done, { by: 'bob', at: 1300, finding: 'noFaultFound' }),
    ])
      expect(outcome.kind === 'refused' && outcome.reason).toMatch(/it is done/)
  })

  it('opens nothing where nothing is recommended', () => {
    const calm = assess({ features: cavitating, score: saying(0.2), history })
    expect(openWorkOrder([], 'pump-1', calm, 1000).kind).toBe('refused')
  })
})

describe('promote', () => {
  const two = addVersion(addVersion(emptyLine, 1, { f1: 0.8 }), 2, { f1: 0.9 })

  it('switches to a version and back', () => {
    const first = promote(two, 1, 10)
    if (first.kind !== 'changed') throw new Error(first.reason)
    const second = promote(first.line, 2, 20)
    if (second.kind !== 'changed') throw new Error(second.reason)
    expect(second.line.active).toBe(2)
    const back = rollBack(second.line, 30)
    expect(back.kind === 'changed' && back.line.active).toBe(1)
    expect(back.kind === 'changed' && rollBack(back.line, 40).kind).toBe('refused')
  })

  it('refuses what is not there and what already scores', () => {
    expect(promote(two, 3, 10)).toEqual({ kind: 'refused', reason: 'there is no version 3' })
    const first = promote(two, 1, 10)
    expect(first.kind === 'changed' && promote(first.line, 1, 20).kind).toBe('refused')
  })
})
