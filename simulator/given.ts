import { shown } from '../src/core/telemetry/shown.ts'

type Fields = Readonly<Record<string, unknown>>

/** The value as an object with no keys but these. */
export function fields(value: unknown, where: string, known: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${where} is ${shown(value)}; it must be an object`)
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new Error(`${where} has ${shown(unknown)}; known are ${known.join(', ')}`)
  return value as Fields
}

export function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where} is ${shown(value)}; it must be an array`)
  return value
}

export function number(value: unknown, where: string, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw new Error(`${where} is ${shown(value)}; allowed are ${least} to ${most}`)
  return value
}

export function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '')
    throw new Error(`${where} is ${shown(value)}; it must be a text`)
  return value
}
