import { unitAliases } from './unit-aliases.ts'

/** y = scale · x + offset. */
export interface Conversion {
  scale: number
  offset: number
}

export const identity: Conversion = { scale: 1, offset: 0 }

/** The UCUM code that a device's unit stands for. `g` is gravity where an acceleration is asked for, else gram. */
export function ucumCode(unit: string, target = ''): string {
  if ((unit === 'g' || unit === 'G') && table.get(target)?.[0] === 'm/s2') return '[g]'
  return unitAliases.get(unit) ?? unit
}

/** The conversion between two units of the table: null if they measure different things, undefined if one is not in it. */
export function tableConversion(from: string, to: string): Conversion | null | undefined {
  const target = ucumCode(to)
  const source = ucumCode(from, target)
  if (source === target) return identity
  const a = table.get(source)
  const b = table.get(target)
  if (!a || !b) return undefined
  if (a[0] !== b[0]) return null
  return { scale: a[1] / b[1], offset: (a[2] - b[2]) / b[1] }
}

/** A converted value without the dust that binary arithmetic leaves on decimal readings. */
export function convert({ scale, offset }: Conversion, value: number): number {
  if (scale === 1 && offset === 0) return value
  const scaled = scale * value
  // An offset cancels leading digits, so what is rounded off there is measured by the larger term.
  return offset === 0
    ? roundDigits(scaled, Math.abs(scaled), 15)
    : roundDigits(scaled + offset, Math.max(Math.abs(scaled), Math.abs(offset)), 13)
}

/** Rounds to the decimals that a number of this magnitude has at so many significant digits. */
function roundDigits(value: number, magnitude: number, digits: number): number {
  const decimals = digits - 1 - Math.floor(Math.log10(magnitude))
  if (decimals > 22 || decimals < -22) return value // 10^22 is the last power that a double holds exactly
  if (decimals < 0) return Math.round(value / 10 ** -decimals) * 10 ** -decimals
  return Math.round(value * 10 ** decimals) / 10 ** decimals
}

const minute = 60
const hour = 3600
const day = 86_400
const inch = 0.0254
const foot = 0.3048
const mile = 1609.344
const gallon = 231 * inch ** 3
const pound = 0.45359237
const gravity = 9.80665
const psi = (pound * gravity) / inch ** 2
const btu = 1055.05585262

/** UCUM code → what it is converted through, scale and offset into that. A test holds it equal to the UCUM library. */
const dimensions: Readonly<Record<string, Readonly<Record<string, number | readonly [number, number]>>>> = {
  Cel: { Cel: 1, K: [1, -273.15], '[degF]': [5 / 9, -160 / 9] },
  Pa: { Pa: 1, hPa: 100, kPa: 1000, MPa: 1e6, bar: 1e5, mbar: 100, '[psi]': psi, atm: 101_325 },
  J: {
    J: 1,
    kJ: 1000,
    MJ: 1e6,
    'W.s': 1,
    'W.h': hour,
    'kW.h': 1000 * hour,
    'MW.h': 1e6 * hour,
    '[Btu_IT]': btu,
  },
  W: {
    W: 1,
    mW: 1e-3,
    kW: 1000,
    MW: 1e6,
    'V.A': 1,
    'kV.A': 1000,
    '[Btu_IT]/h': btu / hour,
    '[HP]': 550 * foot * pound * gravity,
  },
  V: { V: 1, mV: 1e-3, kV: 1000 },
  A: { A: 1, mA: 1e-3, kA: 1000 },
  Ohm: { Ohm: 1, kOhm: 1000, MOhm: 1e6 },
  Hz: { Hz: 1, kHz: 1000, MHz: 1e6, '/s': 1, '/min': 1 / minute, '/h': 1 / hour },
  '1': { '1': 1, '%': 0.01, '[ppth]': 1e-3, '[ppm]': 1e-6, '[ppb]': 1e-9 },
  s: { s: 1, ms: 1e-3, us: 1e-6, min: minute, h: hour, d: day },
  m: { m: 1, mm: 1e-3, cm: 1e-2, um: 1e-6, km: 1000, '[in_i]': inch, '[ft_i]': foot, '[mi_i]': mile },
  'm/s': {
    'm/s': 1,
    'mm/s': 1e-3,
    'km/h': 1000 / hour,
    '[mi_i]/h': mile / hour,
    '[kn_i]': 1852 / hour,
    '[in_i]/s': inch,
  },
  'm/s2': { 'm/s2': 1, 'mm/s2': 1e-3, '[g]': gravity },
  m3: { m3: 1, L: 1e-3, l: 1e-3, mL: 1e-6, '[gal_us]': gallon, '[cft_i]': foot ** 3 },
  'm3/s': {
    'm3/s': 1,
    'm3/h': 1 / hour,
    'L/s': 1e-3,
    'l/s': 1e-3,
    'L/min': 1e-3 / minute,
    'L/h': 1e-3 / hour,
    '[gal_us]/min': gallon / minute,
    '[cft_i]/min': foot ** 3 / minute,
  },
  kg: { kg: 1, g: 1e-3, mg: 1e-6, t: 1000, '[lb_av]': pound, '[oz_av]': pound / 16 },
  'kg/m3': { 'kg/m3': 1, 'g/m3': 1e-3, 'mg/m3': 1e-6, 'ug/m3': 1e-9 },
  deg: { deg: 1, rad: 180 / Math.PI },
  lx: { lx: 1, klx: 1000 },
  N: { N: 1, kN: 1000 },
  'N.m': { 'N.m': 1, 'kN.m': 1000 },
  'W/m2': { 'W/m2': 1, 'kW/m2': 1000 },
  'S/m': { 'S/m': 1, 'mS/cm': 0.1, 'uS/cm': 1e-4 },
  C: { C: 1, 'A.s': 1, 'A.h': hour, 'mA.h': hour / 1000 },
}

const table = new Map(
  Object.entries(dimensions).flatMap(([through, units]) =>
    Object.entries(units).map(([unit, factor]): [string, readonly [string, number, number]] =>
      typeof factor === 'number' ? [unit, [through, factor, 0]] : [unit, [through, ...factor]],
    ),
  ),
)

/** Every unit of the table with what it is converted through. */
export const tableUnits = (): { unit: string; through: string }[] =>
  [...table].map(([unit, [through]]) => ({ unit, through }))
