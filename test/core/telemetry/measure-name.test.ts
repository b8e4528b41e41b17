import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMeasureName } from '../../../src/core/telemetry/limits.ts'
import { toMeasureName } from '../../../src/core/telemetry/measure-name.ts'

describe('toMeasureName', () => {
  it('makes a valid name of anything, and leaves a valid one alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (foreign) => {
        const name = toMeasureName(foreign)
        expect(isMeasureName(name)).toBe(true)
        expect(toMeasureName(name)).toBe(name)
      }),
      { seed: 11, numRuns: 2000 },
    )
  })

  it.each([
    ['temperature@bearing', 'temperature@bearing'],
    ['Properties/Hardware Make', 'Properties/Hardware_Make'],
    ['Motor (left)', 'Motor_left_'],
    ['3303/0/5700', 'm.3303/0/5700'],
    ['__proto__', 'm.__proto__'],
    ['constructor', 'm.constructor'],
    ['Größe', 'Gr_e'],
    ['', 'm.'],
  ])('names %j %j', (foreign, name) => {
    expect(toMeasureName(foreign)).toBe(name)
  })

  it('keeps long names apart by a hash', () => {
    const path = 'Area/Line/Cell/'.repeat(6)
    expect(toMeasureName(`${path}a`)).toHaveLength(64)
    expect(toMeasureName(`${path}a`)).not.toBe(toMeasureName(`${path}b`))
  })
})
