import { describe, expect, it } from 'vitest'
import { savingsReport } from '../../../../src/cli/savings.ts'
import { changePointPerDay, fitChangePoint } from '../../../../src/core/building/energy/change-point.ts'
import { meterSavings } from '../../../../src/core/building/energy/meter-savings.ts'
import {
  fitMetrics,
  fractionalSavingsUncertainty,
  sunBaltazar,
} from '../../../../src/core/building/energy/savings.ts'
import {
  expectedHour,
  fitTimeOfWeekTemperature,
} from '../../../../src/core/building/energy/time-of-week-temperature.ts'

const fixture = (name: string): string =>
  new URL(`../../../fixtures/meters/${name}.csv.gz`, import.meta.url).pathname

describe('fractionalSavingsUncertainty', () => {
  it.each([
    [0.25, 365, 365 / 3, 365, 0.474],
    [0.1, 12, 12, 12, 0.646],
  ])('agrees with the worked values at CV %s', (cvRmse, n, effective, reported, expected) => {
    const u = { t: 1.645, k: 1.26, cvRmse, n, effective, reported, share: 0.1 }
    expect(fractionalSavingsUncertainty(u)).toBeCloseTo(expected, 3)
  })
})

describe('savingsReport', () => {
  it('finds the ten per cent that a daily meter saved, within a point', async () => {
    const report = await savingsReport(fixture('electricity-daily'), {
      temperature: fixture('temperature'),
      blackoutStart: '2016-12-26',
      blackoutEnd: '2017-01-04',
    })
    expect(report.interval).toBe('daily')
    expect(Math.abs(report.share - 0.1)).toBeLessThan(0.01)
    expect(report.low).toBeLessThan(0.1)
    expect(report.high).toBeGreaterThan(0.1)
  })
})

const hours = Array.from({ length: 24 * 7 * 40 }, (_, i) => {
  const hourOfWeek = i % 168
  const temperature = 15 + 12 * Math.sin(i / 900) + 5 * Math.sin((i * 2 * Math.PI) / 24)
  const open = hourOfWeek < 120 && hourOfWeek % 24 >= 8 && hourOfWeek % 24 < 18
  const kWh = 5 + (open ? 10 : 0) + (open ? 0.8 : 0.2) * Math.max(0, temperature - 18)
  return { at: i * 3_600_000 + 4 * 86_400_000, hourOfWeek, temperature, kWh }
})

describe('fitTimeOfWeekTemperature', () => {
  it('learns levels, occupied hours and their own slopes', () => {
    const model = fitTimeOfWeekTemperature(hours)!
    expect(model.occupied[10]).toBe(1)
    expect(model.occupied[3]).toBe(0)
    expect(expectedHour(model, 10, 25)).toBeCloseTo(5 + 10 + 0.8 * 7, 0)
    expect(expectedHour(model, 3, 25)).toBeCloseTo(5 + 0.2 * 7, 0)
    const fit = fitMetrics(
      hours.map((h) => h.kWh),
      hours.map((h) => expectedHour(model, h.hourOfWeek, h.temperature)),
      model.parameters,
    )
    expect(fit.cvRmse).toBeLessThan(0.03)
    expect(Math.abs(fit.nmbe)).toBeLessThan(1e-6)
  })
  it('wants four weeks', () => {
    expect(fitTimeOfWeekTemperature(hours.slice(0, 600))).toBeNull()
  })
})

describe('fitChangePoint', () => {
  it('recovers base, slopes and balance points', () => {
    const periods = Array.from({ length: 200 }, (_, i) => {
      const temperatures = Array.from(
        { length: 24 },
        (_, h) => 12 + 15 * Math.sin(i / 30) + 4 * Math.sin(h / 4),
      )
      const heat = temperatures.reduce((s, t) => s + Math.max(0, 12 - t), 0) / 24
      const cool = temperatures.reduce((s, t) => s + Math.max(0, t - 18), 0) / 24
      return { perDay: 20 + 3 * heat + 2 * cool, temperatures }
    })
    const model = fitChangePoint(periods)!
    expect(model).toMatchObject({ heatingBalance: 12, coolingBalance: 18, parameters: 5 })
    expect(model.heating).toBeCloseTo(3, 6)
    expect(model.cooling).toBeCloseTo(2, 6)
    expect(changePointPerDay(model, [10])).toBeCloseTo(26, 5)
  })
  it('says no where there is too little', () => {
    expect(fitChangePoint([])).toBeNull()
  })
})

describe('meterSavings', () => {
  it('gives a week of levels to a meter that has one', () => {
    const result = meterSavings({
      meter: hours.map((h, i) => ({ at: h.at, value: i < 20 * 168 ? h.kWh : h.kWh * 0.8 })),
      temperature: hours.map((h) => ({ at: h.at, value: h.temperature })),
      blackoutFrom: hours[20 * 168]!.at,
      blackoutTo: hours[20 * 168]!.at,
    })
    expect(result.model).toBe('time of week and temperature')
    expect(result.share).toBeCloseTo(0.2, 1)
  })
  it('refuses to compare with nothing', () => {
    const series = hours.map((h) => ({ at: h.at, value: h.kWh }))
    expect(() =>
      meterSavings({ meter: series, temperature: series, blackoutFrom: 0, blackoutTo: Infinity }),
    ).toThrow('both sides')
  })
})

describe('sunBaltazar', () => {
  it('is the published polynomial', () => {
    expect(sunBaltazar('daily', 12)).toBeCloseTo(1.3925, 4)
    expect(sunBaltazar('billing', 12)).toBeCloseTo(1.30558, 4)
  })
})
