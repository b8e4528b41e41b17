import {
  adaptiveComfort,
  clothingFor,
  pmv,
  ppd,
  uncontrolledSpeedLimit,
  withinLimits,
  type ComfortConditions,
} from './comfort.ts'
import { coolingEffect, pmvAshrae, standardEffectiveTemperature } from './standard-effective-temperature.ts'

/** A cell of a validation row: a number, a truth, or null where the standard gives none. */
type Cell = number | boolean | string | null

/** One row of the public comfort validation tables (validation-data-comfort-models): scalars or arrays broadcast together. */
export interface ComfortRow {
  inputs: Readonly<Record<string, Cell | readonly Cell[]>>
  outputs: Readonly<Record<string, Cell | readonly Cell[]>>
}

export interface ComfortRowResult {
  actual: Record<string, Cell[]>
  within: boolean
}

interface Reader {
  number(name: string, fallback?: number): number
  flag(name: string, fallback: boolean): boolean
  text(name: string, fallback: string): string
  /** A temperature or a speed in the row's own units, as °C or m/s. */
  celsius(name: string): number
  speed(name: string): number
  imperial: boolean
}

const MS_PER_FPS = 0.3048
const toF = (celsius: number | null, imperial: boolean): number | null =>
  celsius === null || !imperial ? celsius : celsius * 1.8 + 32

/**
 * Evaluates one row with the model that its requested outputs name (PMV/PPD, adaptive, SET, cooling effect, clothing)
 * and compares within the file's own tolerance. Outputs that no model here gives are left out and count as not within.
 */
export function evaluateComfortRow(
  row: ComfortRow,
  tolerance: Readonly<Record<string, number>>,
): ComfortRowResult {
  const lists = Object.values({ ...row.inputs, ...row.outputs }).filter((v) => Array.isArray(v))
  const length = Math.max(1, ...lists.map((list) => list.length))
  const actual: Record<string, Cell[]> = {}
  let within = true
  for (let i = 0; i < length; i++) {
    const got = evaluate(reader(row.inputs, i), Object.keys(row.outputs))
    for (const [name, expected] of Object.entries(row.outputs)) {
      const value = got[name]
      if (value !== undefined) (actual[name] ??= []).push(value)
      within &&=
        value !== undefined && agrees(value, at(expected, i), tolerance[name] ?? tolerance['tmp_cmf'] ?? 0)
    }
  }
  return { actual, within }
}

const at = (value: Cell | readonly Cell[], i: number): Cell =>
  typeof value === 'object' && value !== null ? (value[i] ?? null) : value

function agrees(actual: Cell, expected: Cell, tolerance: number): boolean {
  if (typeof actual === 'number' && typeof expected === 'number')
    return Math.abs(actual - expected) <= tolerance + 1e-9
  return actual === expected
}

function reader(inputs: ComfortRow['inputs'], i: number): Reader {
  const cell = (name: string): Cell | undefined => {
    const value = inputs[name]
    return value === undefined ? undefined : at(value, i)
  }
  const number = (name: string, fallback = NaN): number => {
    const value = cell(name)
    return typeof value === 'number' ? value : fallback
  }
  const text = (name: string, fallback: string): string => {
    const value = cell(name)
    return typeof value === 'string' ? value.toLowerCase() : fallback
  }
  const imperial = text('units', 'si') === 'ip'
  return {
    number,
    text,
    imperial,
    flag: (name, fallback) => {
      const value = cell(name)
      return typeof value === 'boolean' ? value : fallback
    },
    celsius: (name) => (imperial ? (number(name) - 32) / 1.8 : number(name)),
    speed: (name) => number(name) * (imperial ? MS_PER_FPS : 1),
  }
}

function conditionsOf(read: Reader): ComfortConditions {
  return {
    airC: read.celsius('tdb'),
    radiantC: read.celsius('tr'),
    airSpeed: Number.isNaN(read.number('vr')) ? read.speed('v') : read.speed('vr'),
    humidityPercent: read.number('rh'),
    met: read.number('met'),
    clo: read.number('clo'),
  }
}

function evaluate(read: Reader, wanted: readonly string[]): Record<string, Cell> {
  if (wanted.includes('pmv') || wanted.includes('ppd')) return evaluatePmv(read)
  if (wanted.includes('set')) {
    const set = standardEffectiveTemperature(conditionsOf(read), read.flag('calculate_ce', false))
    return { set: toF(set, read.imperial) }
  }
  if (wanted.includes('ce')) return { ce: coolingEffect(conditionsOf(read)) * (read.imperial ? 1.8 : 1) }
  if (wanted.includes('clo_tout')) return { clo_tout: clothingFor(read.celsius('tout')) }
  if (wanted.some((name) => name.startsWith('tmp_cmf') || name.startsWith('acceptability_')))
    return evaluateAdaptive(read)
  return {}
}

function evaluatePmv(read: Reader): Record<string, Cell> {
  const conditions = conditionsOf(read)
  const standard = read.text('standard', 'iso').startsWith('ashrae') ? 'ashrae' : 'iso'
  const vote = standard === 'ashrae' ? pmvAshrae(conditions) : pmv(conditions)
  const outside =
    read.flag('limit_inputs', true) &&
    (!withinLimits(standard, conditions) || (standard === 'iso' && Math.abs(vote) > 2))
  const tooFast =
    standard === 'ashrae' &&
    !read.flag('airspeed_control', true) &&
    conditions.airSpeed > uncontrolledSpeedLimit(conditions)
  return outside || tooFast ? { pmv: null, ppd: null } : { pmv: vote, ppd: ppd(vote) }
}

function evaluateAdaptive(read: Reader): Record<string, Cell> {
  const adaptive = adaptiveComfort(
    read.celsius('tdb'),
    read.celsius('tr'),
    read.celsius('t_running_mean'),
    read.speed('v'),
  )
  const degrees = (celsius: number | undefined): number | null => toF(celsius ?? null, read.imperial)
  return {
    tmp_cmf: toF(adaptive.comfortC, read.imperial),
    tmp_cmf_80_low: degrees(adaptive.band80?.low),
    tmp_cmf_80_up: degrees(adaptive.band80?.high),
    tmp_cmf_90_low: degrees(adaptive.band90?.low),
    tmp_cmf_90_up: degrees(adaptive.band90?.high),
    acceptability_80: adaptive.acceptable80,
    acceptability_90: adaptive.acceptable90,
  }
}
