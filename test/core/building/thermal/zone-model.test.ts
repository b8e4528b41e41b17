import { describe, expect, it } from 'vitest'
import { identifyZone, type ZoneStep } from '../../../../src/core/building/thermal/identify-zone.ts'
import {
  decay,
  HABIT_SLOTS,
  heatTo,
  optimalStartHours,
  stepTemperature,
  type ZoneModel,
} from '../../../../src/core/building/thermal/zone-model.ts'

const zone = (parts: Partial<ZoneModel>): ZoneModel => ({
  resistance: 5,
  capacity: 10,
  solar: 0,
  occupied: 0,
  base: 0,
  habit: new Float64Array(HABIT_SLOTS),
  ...parts,
})
const freezing = { outdoorC: 0, solarWm2: 0, occupied: 0, slot: 0 }

describe('stepTemperature', () => {
  it('agrees with the worked step of R 0.005 K/W and C 3.6e7 J/K', () => {
    expect(decay(zone({}), 0.25)).toBeCloseTo(0.99501, 5)
    expect(stepTemperature(zone({}), 20, freezing, 3, 0.25)).toBeCloseTo(19.9751, 4)
  })
})

describe('heatTo', () => {
  it('is the inverse of a step', () => {
    const model = zone({ solar: 0.004, occupied: 1, base: 0.2 })
    const inputs = { outdoorC: 3, solarWm2: 200, occupied: 0.5, slot: 2 }
    const kw = heatTo(model, 19, 20, inputs, 0.25)
    expect(stepTemperature(model, 19, inputs, kw, 0.25)).toBeCloseTo(20, 9)
  })
})

describe('optimalStartHours', () => {
  it('is the time that the steps take', () => {
    const hours = optimalStartHours(zone({}), 15, 20, freezing, 8)
    expect(stepTemperature(zone({}), 15, freezing, 8, hours)).toBeCloseTo(20, 9)
    expect(optimalStartHours(zone({}), 21, 20, freezing, 8)).toBe(0)
    expect(optimalStartHours(zone({}), 15, 45, freezing, 8)).toBe(Infinity)
  })
})

describe('identifyZone', () => {
  const truth = zone({ solar: 0.005, occupied: 1.2, base: 0.4 })
  const history = (days: number): ZoneStep[] => {
    let t = 20
    return Array.from({ length: days * 96 }, (_, i) => {
      const hour = (i / 4) % 24
      const step: ZoneStep = {
        step: i,
        temperatureC: t,
        outdoorC: 3 + 5 * Math.sin(i / 61) + 3 * Math.sin(i / 15),
        solarWm2: Math.max(0, 500 * Math.sin(((hour - 6) * Math.PI) / 12)) * (0.5 + 0.5 * Math.sin(i / 130)),
        occupied: hour > 8 && hour < 17 && Math.floor(i / 96) % 7 < 5 ? 1 : 0,
        slot: Math.floor(hour / 2),
        plantKw: 3 + 3 * Math.sin(i / 23) + (hour > 6 && hour < 18 ? 2 : 0),
      }
      t = stepTemperature(truth, t, step, step.plantKw, 0.25)
      return step
    })
  }
  it('recovers the zone that made a history', () => {
    const found = identifyZone(history(14), 0.25)!
    expect(found.accepted).toBe(true)
    expect(found.rmseC).toBeLessThan(0.1)
    expect(found.model.resistance).toBeCloseTo(5, 0)
    expect(found.model.capacity).toBeCloseTo(10, 0)
    expect(found.folds).toHaveLength(4)
  })
  it('does not accept what contradicts itself, and says nothing of two days', () => {
    const torn = history(14).map((s, i) => ({ ...s, temperatureC: 20 + 6 * Math.sin(i * i) }))
    expect(identifyZone(torn, 0.25)?.accepted ?? false).toBe(false)
    expect(identifyZone(history(2), 0.25)).toBeNull()
  })
})
