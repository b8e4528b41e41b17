import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  interlock,
  limitFault,
  usualLimits,
  type InterlockState,
} from '../../../../src/core/building/hvac/interlock.ts'

const HOUR = 3_600_000
const idle: InterlockState = { current: null, since: 0, override: null }

describe('interlock', () => {
  it('keeps every request in range, apart and slow', () => {
    const any = fc.double({ min: -100, max: 100 })
    const current = fc.record({
      heatC: fc.double({ min: 12, max: 24, noNaN: true }),
      coolC: fc.double({ min: 25, max: 32, noNaN: true }),
    })
    fc.assert(
      fc.property(any, any, current, (heatC, coolC, now) => {
        const state = { current: now, since: 0, override: null }
        const { setPoints } = interlock({ heatC, coolC }, state, HOUR / 4)
        expect(setPoints.heatC).toBeGreaterThanOrEqual(usualLimits.heatC.low)
        expect(setPoints.heatC).toBeLessThanOrEqual(usualLimits.heatC.high)
        expect(setPoints.coolC - setPoints.heatC).toBeGreaterThanOrEqual(usualLimits.deadBandK - 1e-9)
        expect(Math.abs(setPoints.heatC - now.heatC)).toBeLessThanOrEqual(3 + 1e-9)
      }),
      { numRuns: 300, seed: 4 },
    )
  })

  it('says what it changed and nothing when it changed nothing', () => {
    expect(interlock({ heatC: 20, coolC: 25 }, idle, 0)).toEqual({
      setPoints: { heatC: 20, coolC: 25 },
      until: usualLimits.leaseMs,
      changed: [],
    })
    expect(interlock({ heatC: 5, coolC: 25 }, idle, 0).changed).toEqual(['outside the allowed range'])
  })

  it('lets the operator win until the override ends', () => {
    const mine = { heatC: 22, coolC: 26 }
    const state = { ...idle, override: { setPoints: mine, until: HOUR, by: 'Ada' } }
    expect(interlock({ heatC: 18, coolC: 28 }, state, 0)).toMatchObject({ setPoints: mine, until: HOUR })
    expect(interlock({ heatC: 18, coolC: 28 }, state, HOUR).setPoints.heatC).toBe(18)
  })
})

describe('limitFault', () => {
  it('lets a person ask for what the building allows, at once, and says what it does not', () => {
    expect(limitFault({ heatC: 22, coolC: 26 }, usualLimits)).toBeNull()
    expect(limitFault({ heatC: 210, coolC: 26 }, usualLimits)).toBe(
      'heatC must lie between 12 and 24 °C here',
    )
    expect(limitFault({ heatC: 20, coolC: 60 }, usualLimits)).toBe('coolC must lie between 22 and 32 °C here')
    expect(limitFault({ heatC: 22, coolC: 22.5 }, usualLimits)).toBe(
      'coolC must lie at least 1 K above heatC here',
    )
    expect(limitFault({ heatC: NaN, coolC: 26 }, usualLimits)).not.toBeNull()
  })
})
