import ucum from '@lhncbc/ucum-lhc'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unitAliases } from '../../../src/core/telemetry/unit-aliases.ts'
import { convert, tableUnits, ucumCode } from '../../../src/core/telemetry/unit-table.ts'
import { conversion, learnConversion } from '../../../src/pipeline/decode/units.ts'

const utilities = ucum.UcumLhcUtils.getInstance()

describe('conversion', () => {
  it.each(tableUnits())('converts $unit to $through as UCUM does, and back', ({ unit, through }) => {
    for (const [from, to] of [
      [unit, through],
      [through, unit],
    ] as const) {
      const { scale, offset } = conversion(from, to)!
      for (const value of [-40, 0, 1, 72.5, 1e6]) {
        const { toVal } = utilities.convertUnitTo(from, value, to)
        const expected = toVal ?? Number.NaN
        expect(Math.abs(scale * value + offset - expected)).toBeLessThanOrEqual(
          1e-12 * (Math.abs(expected) + Math.abs(offset)),
        )
      }
    }
  })

  it.each([
    ['degF', 'Cel', 72, 22.22222222222],
    ['°F', 'degC', 212, 100],
    ['degC', 'K', 21.35, 294.5],
    ['K', 'Cel', 295.15, 22],
    ['kWh', 'J', 1, 3_600_000],
    ['rpm', 'Hz', 1480, 24.6666666666667],
    ['ppm', '%', 400, 0.04],
    ['psi', 'kPa', 100, 689.475729316836],
    ['mph', 'km/h', 60, 96.56064],
    ['m3/h', 'L/s', 3.6, 1],
    ['lux', 'lx', 5, 5],
    ['hPa', 'bar', 1013.25, 1.01325],
    ['g', 'm/s2', 1, 9.80665],
    ['g', 'kg', 250, 0.25],
    ['m', 'cm', 4.35, 435],
    ['%RH', '%', 41.7, 41.7],
  ])('converts %s to %s without dust', (from, to, value, expected) => {
    expect(convert(conversion(from, to)!, value)).toBe(expected)
  })

  it('tells what cannot be converted from what it does not know', () => {
    expect(conversion('Cel', 'W')).toBeNull()
    expect(conversion('K', 'furlong')).toBeUndefined()
    expect(conversion('var-iable', 'var-iable')).toEqual({ scale: 1, offset: 0 })
  })

  it('comes back to where it started, to 12 digits', () => {
    const unit = fc.constantFrom(...tableUnits())
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(unit, value, ({ unit, through }, value) => {
        const there = convert(conversion(unit, through)!, value)
        const back = convert(conversion(through, unit)!, there)
        expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-11 * Math.max(1e3, Math.abs(value)))
      }),
      { seed: 3 },
    )
  })
})

describe('convert', () => {
  it('leaves a value in its own unit untouched, and zero zero', () => {
    expect(convert({ scale: 1, offset: 0 }, 0.1 + 0.2)).toBe(0.1 + 0.2)
    expect(convert({ scale: 1000, offset: 0 }, 0)).toBe(0)
    expect(convert({ scale: 2, offset: 0 }, 1e-300)).toBe(2e-300)
    expect(convert({ scale: 2, offset: 0 }, 1e300)).toBe(2e300)
  })
})

describe('learnConversion', () => {
  it('asks UCUM for what the table lacks and then knows it', async () => {
    expect(await learnConversion('dCel', 'K')).toEqual({ scale: 0.1, offset: 273.15 })
    expect(conversion('dCel', 'K')).toEqual({ scale: 0.1, offset: 273.15 })
    expect((await learnConversion('inH2O', 'Pa'))!.scale).toBeCloseTo(249.08891, 8)
    expect(await learnConversion('L/(100.km)', 'L/km')).toEqual({ scale: 0.01, offset: 0 })
  })

  it('refuses what UCUM refuses, and what is no straight line', async () => {
    expect(await learnConversion('nonsense', 'K')).toBeNull()
    expect(await learnConversion('dB', '1')).toBeNull()
    expect(await learnConversion('degF', 'W')).toBeNull()
    expect(conversion('nonsense', 'K')).toBeNull()
  })
})

describe('ucumCode', () => {
  it.each([...unitAliases])('means by %s the valid UCUM code %s', (alias, code) => {
    expect(ucumCode(alias)).toBe(code)
    expect(utilities.convertUnitTo(code, 1, code).status).toBe('succeeded')
  })
})
