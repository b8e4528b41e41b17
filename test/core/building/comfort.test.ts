import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comfortReport } from '../../../src/cli/comfort.ts'
import {
  adaptiveComfort,
  clothingFor,
  pmv,
  ppd,
  relativeAirSpeed,
} from '../../../src/core/building/comfort.ts'
import { pmvAshrae } from '../../../src/core/building/standard-effective-temperature.ts'

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/comfort/${name}.json`, import.meta.url), 'utf8')

describe('pmv', () => {
  it.each([
    [22, 22, 0.1, 60, 1.2, 0.5, -0.75, 17],
    [27, 27, 0.1, 60, 1.2, 0.5, 0.77, 17],
    [23.5, 25.5, 0.1, 60, 1.2, 0.5, -0.01, 5],
    [19, 19, 0.1, 40, 1.2, 1, -0.6, 13],
    [22, 22, 0.1, 60, 1.6, 0.5, 0.05, 5],
  ])(
    'agrees with ISO 7730 table D.1 at %s °C air, %s °C radiant',
    (airC, radiantC, airSpeed, humidityPercent, met, clo, vote, dissatisfied) => {
      const got = pmv({ airC, radiantC, airSpeed, humidityPercent, met, clo })
      expect(got).toBeCloseTo(vote, 1)
      expect(Math.abs(got - vote)).toBeLessThan(0.015)
      expect(Math.round(ppd(got))).toBe(dissatisfied)
    },
  )

  it('rises with air temperature and with clothing', () => {
    const room = fc.record({
      airC: fc.double({ min: 15, max: 29, noNaN: true }),
      radiantC: fc.double({ min: 15, max: 29, noNaN: true }),
      airSpeed: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
      humidityPercent: fc.double({ min: 20, max: 80, noNaN: true }),
      met: fc.double({ min: 1, max: 2, noNaN: true }),
      clo: fc.double({ min: 0.3, max: 1.2, noNaN: true }),
    })
    fc.assert(
      fc.property(room, (c) => {
        expect(pmv({ ...c, airC: c.airC + 1 })).toBeGreaterThan(pmv(c))
        expect(pmv({ ...c, clo: c.clo + 0.3 })).toBeGreaterThan(pmv(c) - 0.02)
      }),
      { numRuns: 200, seed: 1 },
    )
  })
})

describe('ppd', () => {
  it('is 5 % at neutral and symmetric', () => {
    expect(ppd(0)).toBe(5)
    expect(ppd(1.3)).toBe(ppd(-1.3))
  })
})

describe('pmvAshrae', () => {
  it('feels cooler in moving air than in still air', () => {
    const room = { airC: 27, radiantC: 27, airSpeed: 0.1, humidityPercent: 50, met: 1.1, clo: 0.5 }
    expect(pmvAshrae({ ...room, airSpeed: 0.6 })).toBeLessThan(pmvAshrae(room) - 0.4)
    expect(pmvAshrae(room)).toBe(pmv(room))
  })
})

describe('adaptiveComfort', () => {
  it('is 24 °C at a running mean of 20 °C with its bands', () => {
    const comfort = adaptiveComfort(24, 24, 20, 0.1)
    expect(comfort.comfortC).toBeCloseTo(24, 9)
    expect(comfort.band80?.low).toBeCloseTo(20.5, 9)
    expect(comfort.band80?.high).toBeCloseTo(27.5, 9)
    expect(comfort.band90?.low).toBeCloseTo(21.5, 9)
    expect(comfort.band90?.high).toBeCloseTo(26.5, 9)
  })

  it('raises the upper limit in moving air above 25 °C only', () => {
    expect(adaptiveComfort(28, 28, 20, 0.9).band80?.high).toBeCloseTo(29.3, 9)
    expect(adaptiveComfort(24, 24, 20, 0.9).band80?.high).toBeCloseTo(27.5, 9)
  })

  it('says nothing outside its range', () => {
    expect(adaptiveComfort(24, 24, 9.9, 0.1)).toMatchObject({ comfortC: null, acceptable80: false })
  })
})

describe('clothingFor and relativeAirSpeed', () => {
  it('follow the standard at the breakpoints', () => {
    expect([clothingFor(-6), clothingFor(27)]).toEqual([1, 0.46])
    expect(relativeAirSpeed(0.1, 2)).toBeCloseTo(0.4, 9)
    expect(relativeAirSpeed(0.1, 1)).toBe(0.1)
  })
})

describe('comfortReport', () => {
  it.each(['ts_pmv_ppd', 'ts_adaptive_ashrae', 'ts_set', 'ts_cooling_effect'])(
    'finds every row of %s within its tolerance',
    (name) => {
      const report = comfortReport(fixture(name))
      expect(report.rows).toBeGreaterThan(0)
      expect(report.within).toBe(report.rows)
    },
  )

  it('counts a wrong row and a row of a model that is not here as outside', () => {
    const row = { inputs: { tdb: 22, tr: 22, rh: 60, vr: 0.1, met: 1.2, clo: 0.5 }, outputs: { pmv: 0.9 } }
    const strange = { inputs: { tdb: 22 }, outputs: { utci: 1 } }
    const report = comfortReport(JSON.stringify({ tolerance: { pmv: 0.1 }, data: [row, strange] }))
    expect(report).toEqual({ rows: 2, within: 0, share: 0 })
  })
})
