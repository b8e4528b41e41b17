import { identity, tableConversion, ucumCode, type Conversion } from '../../core/telemetry/unit-table.ts'

/** A device that invents units for ever must not fill the memory. */
const REMEMBERED = 10_000
const remembered = new Map<string, Conversion | null>()

/**
 * The conversion between two units, aliases included: null if there is none, undefined if only `learnConversion`
 * can tell. The units of the built-in table never need it.
 */
export function conversion(from: string, to: string): Conversion | null | undefined {
  const key = `${from}\n${to}`
  const known = remembered.get(key)
  if (known !== undefined) return known
  const found = tableConversion(from, to)
  if (found !== undefined) remember(key, found)
  return found
}

/** The same for any pair that UCUM can convert. Loads the UCUM library at its first use, never before. */
export async function learnConversion(from: string, to: string): Promise<Conversion | null> {
  const known = conversion(from, to)
  if (known !== undefined) return known
  const learned = affine(await ucumConverter(), ucumCode(from, ucumCode(to)), ucumCode(to))
  remember(`${from}\n${to}`, learned)
  return learned
}

function remember(key: string, found: Conversion | null): void {
  if (remembered.size >= REMEMBERED) remembered.clear()
  remembered.set(key, found)
}

type Converter = (from: string, value: number, to: string) => number | null

/** Scale and offset out of three points; null for what is refused or, like dB to a ratio, no straight line. */
function affine(converter: Converter, from: string, to: string): Conversion | null {
  const zero = converter(from, 0, to)
  const one = converter(from, 1, to)
  const thousand = converter(from, 1000, to)
  if (zero === null || one === null || thousand === null) return null
  if (zero === 0 && one === 1) return identity
  const scale = zero === 0 ? one : Number(((thousand - zero) / 1000).toPrecision(13))
  const offset = Number(zero.toPrecision(13))
  return Math.abs(scale + offset - one) <= 1e-9 * (Math.abs(scale) + Math.abs(offset))
    ? { scale, offset }
    : null
}

async function ucumConverter(): Promise<Converter> {
  const { default: ucum } = await import('@lhncbc/ucum-lhc')
  const utilities = ucum.UcumLhcUtils.getInstance()
  return (from, value, to) => {
    const { status, toVal } = utilities.convertUnitTo(from, value, to)
    return status === 'succeeded' ? toVal : null
  }
}

/** Whether UCUM, or the table of aliases, knows the unit. Loads the UCUM library only for what the table lacks. */
export async function isUnit(unit: string): Promise<boolean> {
  if (tableConversion(unit, 'Cel') !== undefined) return true
  const converter = await ucumConverter()
  const code = ucumCode(unit)
  return converter(code, 1, code) !== null
}
