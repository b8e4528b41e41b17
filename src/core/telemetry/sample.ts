import { BadRecord } from './errors.ts'
import { isMeasureName, limits } from './limits.ts'
import { shown } from './shown.ts'

/** One value as it is stored: a number, or NaN beside a text. */
export type Sample = number | string

/** The stored form of a device's value: finite number (−0 becomes 0), boolean as 0 or 1, or a short text. */
export function toSample(value: unknown, measure: string): Sample {
  // Adding 0 turns −0 into 0, so that equal readings have equal bytes.
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string') return checkedText(value, measure)
  throw badValue(value, measure, 3)
}

/** The error for a value that stands `level` levels deep in its message. */
export function badValue(value: unknown, measure: string, level: number): BadRecord {
  const allowed = `allowed are finite numbers, booleans and texts up to ${limits.textLength} characters`
  return isDeep(value, limits.depth - level + 1)
    ? new BadRecord('too_deep', `${measure} nests deeper than ${limits.depth} levels; ${allowed}`)
    : new BadRecord('bad_value', `${measure} is ${shown(value)}; ${allowed}`)
}

/** A text that may be stored: short, and without lone surrogates, which UTF-8 cannot carry. */
export function checkedText(text: string, measure: string): string {
  if (text.length <= limits.textLength && text.isWellFormed()) return text
  throw new BadRecord(
    'bad_value',
    `${measure} is ${shown(text)} (${text.length} characters); allowed are well-formed texts up to ${limits.textLength} characters`,
  )
}

/** The name, if it may name a measure. */
export function checkedName(name: string): string {
  if (isMeasureName(name)) return name
  throw new BadRecord(
    'bad_name',
    `measure name ${shown(name)}; allowed are a letter, then letters, digits and _ . : / % -, one @ before an instance, ${limits.nameLength} characters in all`,
  )
}

/** The unit, if it may be one; whether it is known is for the conversion to say. */
export function checkedUnit(unit: unknown, measure: string): string {
  if (typeof unit === 'string' && unit.length > 0 && unit.length <= limits.nameLength && unit.isWellFormed())
    return unit
  throw new BadRecord(
    'bad_unit',
    `unit of ${measure} is ${shown(unit)}; allowed is a UCUM code up to ${limits.nameLength} characters`,
  )
}

/** Whether arrays and objects nest more than `levels` deep. Looks no deeper than that, so depth cannot exhaust the stack. */
export function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeep(inner, levels - 1))
}
