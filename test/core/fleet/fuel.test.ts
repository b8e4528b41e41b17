import { describe, expect, it } from 'vitest'
import {
  airFlowFromDensity,
  consumptionRate,
  litresPer100Km,
  rateFromAirFlow,
  type FuelSignals,
  type FuelVehicle,
} from '../../../src/core/fleet/fuel-rate.ts'
import { economyLPerKm, initialFuel, rangeKm, takeFuel, type FuelNews } from '../../../src/core/fleet/fuel.ts'

const vehicle: FuelVehicle = {
  fuel: 'gasoline',
  tankL: 50,
  reserveL: 2.5,
  usualLPer100Km: 8,
  engineL: 2,
  volumetricEfficiency: 0.8,
}
const nothing: FuelSignals = {
  rateLph: NaN,
  airFlowGps: NaN,
  rpm: NaN,
  manifoldKpa: NaN,
  intakeC: NaN,
  levelPercent: NaN,
}
const T0 = Date.UTC(2026, 0, 5)

/** Takes one moment a second; `at(i)` says what is seen. */
function run(
  seconds: number,
  at: (i: number) => Partial<FuelSignals> & { odometerM?: number; standing?: boolean },
  state = initialFuel(),
) {
  const news: FuelNews[] = []
  for (let i = 0; i < seconds; i += 1) {
    const { odometerM = 0, standing = false, ...signals } = at(i)
    news.push(takeFuel(state, vehicle, T0 + i * 1000, { ...nothing, ...signals }, odometerM, standing))
  }
  return {
    state,
    steps: news.flatMap(({ step }) => step ?? []),
    lows: news.flatMap(({ low }) => low ?? []),
  }
}

describe('rateFromAirFlow', () => {
  it('meets the golden vectors', () => {
    expect([3, 10, 25].map((maf) => Number(rateFromAirFlow(maf).toFixed(3)))).toEqual([0.986, 3.287, 8.218])
  })
})

describe('airFlowFromDensity', () => {
  it('meets the golden vector', () => {
    expect(airFlowFromDensity(2000, 50, 300 - 273.15, vehicle)).toBeCloseTo(15.487, 2)
  })
})

describe('consumptionRate', () => {
  it('takes the best source that is present', () => {
    const density = { rpm: 2000, manifoldKpa: 50, intakeC: 26.85 }
    expect(consumptionRate({ ...nothing, ...density, airFlowGps: 10, rateLph: 4 }, vehicle)!.source).toBe(
      'reported',
    )
    expect(consumptionRate({ ...nothing, ...density, airFlowGps: 10 }, vehicle)!.source).toBe('air flow')
    expect(consumptionRate({ ...nothing, ...density }, vehicle)).toMatchObject({ source: 'speed-density' })
    expect(consumptionRate(nothing, vehicle)).toBeNull()
  })
})

describe('takeFuel', () => {
  it('integrates the rate and learns the economy from it', () => {
    const { state } = run(3601, (i) => ({ rateLph: 6, odometerM: i * 25 }))
    expect(state.usedL).toBeCloseTo(6, 3)
    expect(litresPer100Km(6, 90)).toBeCloseTo(6.667, 3)
    expect(economyLPerKm(state, vehicle) * 100).toBeGreaterThan(6.67)
    expect(economyLPerKm(state, vehicle) * 100).toBeLessThan(7.5)
  })

  it('reads consumption off the level where there is no rate', () => {
    const { state } = run(7200, (i) => ({ levelPercent: 60 - i / 720, odometerM: i * 20 }))
    expect(state.usedL).toBeGreaterThan(4)
    expect(state.usedL).toBeLessThanOrEqual(5)
  })

  it('keeps to the better of two sources until it has been silent for as long as a rate holds', () => {
    const { state } = run(601, (i) => ({ airFlowGps: 10, ...(i <= 300 && i % 60 === 0 && { rateLph: 6 }) }))
    // 420 s of 6 L/h (300 and 120 more), then air flow: 3.287 L/h.
    expect(state.usedL).toBeCloseTo((420 * 6 + 180 * 3.287) / 3600, 2)
  })

  it('does not go on with a rate whose source is silent, and counts the level’s fall once', () => {
    const { state } = run(7201, (i) => ({
      levelPercent: 80 - i / 720,
      odometerM: i * 20,
      ...(i <= 3600 && { rateLph: 2.5 }),
    }))
    expect(state.usedL).toBeGreaterThan(4.4)
    expect(state.usedL).toBeLessThanOrEqual(5)
  })

  it('joins engine signals that a bus reader asks for one after the other', () => {
    const byTurns = [{ rpm: 2000 }, { manifoldKpa: 50 }, { intakeC: 26.85 }]
    const { state } = run(3601, (i) => byTurns[i % 3]!)
    const atOnce = run(3601, () => ({ rpm: 2000, manifoldKpa: 50, intakeC: 26.85 }))
    expect(state.usedL / atOnce.state.usedL).toBeCloseTo(1, 2)
    expect(run(100, (i) => (i === 0 ? byTurns[0]! : { manifoldKpa: 50, intakeC: 26.85 })).state.rateAt).toBeLessThan(T0 + 15_000) // prettier-ignore
  })

  it('tells a refuel and does not take it for consumption, nor for its opposite', () => {
    const { state, steps } = run(600, (i) => ({ levelPercent: i < 300 ? 30 : 80, standing: i > 200 }))
    expect(steps).toHaveLength(1)
    expect(steps[0]).toMatchObject({ kind: 'refuel' })
    expect(steps[0]!.litres).toBeCloseTo(25, 0)
    expect(state.usedL).toBe(0)
  })

  it('tells a drain from a standing vehicle', () => {
    const { steps, state } = run(600, (i) => ({ levelPercent: i < 300 ? 80 : 50, standing: true }))
    expect(steps).toMatchObject([{ kind: 'drain' }])
    expect(steps[0]!.litres).toBeCloseTo(15, 0)
    expect(state.usedL).toBe(0)
  })

  it('concludes nothing from sloshing', () => {
    const slosh = (i: number) => 50 + 6 * Math.sin(i / 3)
    expect(run(1800, (i) => ({ levelPercent: slosh(i), odometerM: i * 15 })).steps).toEqual([])
  })

  it('warns below 20 % once, and again only after the level has recovered', () => {
    const around = run(900, (i) => ({
      levelPercent: i < 300 ? 25 - i / 50 : 20 + Math.sin(i / 20),
      standing: false,
    }))
    expect(around.lows).toEqual([true])
    const refilled = run(120, (i) => ({ levelPercent: i < 60 ? 15 : 70, standing: true }))
    expect(refilled.lows).toEqual([true, false])
  })

  it('gives a range that shrinks with the level and never goes below zero', () => {
    const at = (levelPercent: number) => rangeKm(run(2, () => ({ levelPercent })).state, vehicle)
    expect(at(100)).toBeCloseTo((50 - 2.5) / 0.08, 0)
    expect(at(50)).toBeLessThan(at(100))
    expect(at(2)).toBe(0)
  })
})
