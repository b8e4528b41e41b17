import { describe, expect, it } from 'vitest'
import {
  airOf,
  atRest,
  heatTo,
  stepLaw,
  stepState,
  type ZoneModel,
} from '../../../../src/core/building/thermal/zone-model.ts'

export const zone = (parts: Partial<ZoneModel>): ZoneModel => ({
  resistance: 5,
  capacity: 10,
  solar: 0,
  occupied: 0,
  base: 0,
  film: null,
  ...parts,
})
const film = { hours: 1, plant: 0.4, solar: 0.001, occupied: 0.2, outdoor: 0.05 }
const freezing = { outdoorC: 0, solarWm2: 0, occupied: 0 }

describe('stepState', () => {
  it('agrees with the worked step of R 0.005 K/W and C 3.6e7 J/K', () => {
    const law = stepLaw(zone({}), freezing, 0.25)
    expect(law.massDecay).toBeCloseTo(0.99501, 5)
    expect(airOf(stepState(law, atRest(20), 3))).toBeCloseTo(19.9751, 4)
  })

  it('is the same in one long step as in many short ones while nothing changes', () => {
    const model = zone({ solar: 0.003, occupied: 1, base: 0.2, film })
    const inputs = { outdoorC: 4, solarWm2: 150, occupied: 0.5 }
    let short = { massC: 18, filmK: 1 }
    for (let k = 0; k < 48; k++) short = stepState(stepLaw(model, inputs, 0.25), short, 2)
    const long = stepState(stepLaw(model, inputs, 12), { massC: 18, filmK: 1 }, 2)
    expect(short.massC).toBeCloseTo(long.massC, 9)
    expect(short.filmK).toBeCloseTo(long.filmK, 9)
  })

  it('settles where the losses are what comes in, film and mass by their own shares', () => {
    const model = zone({ base: 0.2, film })
    const rest = stepState(stepLaw(model, { ...freezing, outdoorC: -4 }, 1e6), atRest(20), 3)
    expect(rest.massC).toBeCloseTo(0.95 * -4 + 5 * 3.2, 9)
    expect(rest.filmK).toBeCloseTo(0.05 * -4 + 0.4 * 3, 9)
  })
})

describe('heatTo', () => {
  it('is the inverse of a step', () => {
    const model = zone({ solar: 0.004, occupied: 1, base: 0.2, film })
    const law = stepLaw(model, { outdoorC: 3, solarWm2: 200, occupied: 0.5 }, 0.25)
    const state = { massC: 18.5, filmK: 0.5 }
    expect(airOf(stepState(law, state, heatTo(law, state, 20)))).toBeCloseTo(20, 9)
  })
})
