import { describe, expect, it } from 'vitest'
import type { ZoneStep } from '../../../../src/core/building/thermal/identify-zone.ts'
import { thermostatDroop } from '../../../../src/core/building/thermal/thermostat-droop.ts'

const steps = (n: number, at: (k: number) => Partial<ZoneStep>): ZoneStep[] =>
  Array.from({ length: n }, (_, k) => ({
    step: k,
    temperatureC: 21,
    outdoorC: 0,
    solarWm2: 0,
    occupied: 0,
    plantKw: 2,
    heatC: 21,
    coolC: 26,
    ...at(k),
  }))

describe('thermostatDroop', () => {
  it('is how far the air falls below a set-point that is held', () => {
    const { heatK, coolK } = thermostatDroop(
      steps(400, (k) => ({ temperatureC: 21 - (k % 20 === 0 ? 0.4 : 0.1) })),
    )
    expect(heatK).toBeCloseTo(0.4, 9)
    expect(coolK).toBeNull()
  })

  it('does not count the way up to a set-point that has been raised', () => {
    const raised = steps(400, (k) => ({
      heatC: k % 100 < 20 ? 16 : 21,
      temperatureC: k % 100 < 30 ? 17 : 20.95,
    }))
    expect(thermostatDroop(raised).heatK).toBeCloseTo(0.05, 9)
  })

  it('says nothing where set-points are unknown or hardly ever held', () => {
    const unknown = steps(400, () => ({})).map(({ heatC: _, coolC: __, ...step }) => step)
    expect(thermostatDroop(unknown)).toEqual({ heatK: null, coolK: null })
    expect(thermostatDroop(steps(40, () => ({})))).toEqual({ heatK: null, coolK: null })
  })
})
