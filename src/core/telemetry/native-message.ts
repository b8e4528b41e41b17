import { BadRecord } from './errors.ts'
import { limits } from './limits.ts'
import { column, type Column } from './reading.ts'
import { badValue, checkedName, checkedText, checkedUnit, isDeep, toSample } from './sample.ts'
import { floats } from './slab.ts'
import { shown } from './shown.ts'
import { checkedTime, isTime, parseTimestamp } from './timestamp.ts'

/** Decodes one native message (docs/wire-format.md). Throws BadRecord for what the wire format does not allow. */
export function decodeNativeText(json: string): Column[] {
  return decodeNativeMessage(parseJson(json))
}

/** JSON.parse is iterative in V8, so nesting is no threat here; of duplicate keys the last one counts. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch (cause) {
    throw new BadRecord('bad_json', `payload is no JSON: ${shown((cause as Error).message)}`)
  }
}

type Fields = Readonly<Record<string, unknown>>

/** The same for a message that is parsed already. */
export function decodeNativeMessage(message: unknown): Column[] {
  const { at, step, offsets, measures, units } = checkedForm(message)
  const names = Object.keys(measures)
  checkCounts(names, measures)
  const times = packTimes(parseTimestamp(at, 'at'), step, offsets)
  const columns: Column[] = []
  for (const name of names) {
    const decoded = decodeMeasure(checkedName(name), measures[name], times)
    if (decoded) columns.push(decoded)
  }
  if (units !== undefined) assignUnits(columns, names, units)
  return columns
}

const keys = new Set(['at', 'step', 'offsets', 'measures', 'units'])

function checkedForm(message: unknown) {
  if (!isFields(message))
    throw new BadRecord('bad_message', `message is ${shown(message)}; allowed is a JSON object`)
  for (const key of Object.keys(message))
    if (!keys.has(key)) {
      if (isDeep(message[key], limits.depth - 1))
        throw new BadRecord('too_deep', `${shown(key)} nests deeper than ${limits.depth} levels`)
      throw new BadRecord('bad_message', `unknown key ${shown(key)}; allowed are ${[...keys].join(', ')}`)
    }
  const { at, step, offsets, measures, units } = message
  if (!isFields(measures))
    throw new BadRecord(
      'bad_message',
      `measures is ${shown(measures)}; allowed is an object of names and values`,
    )
  if (at === undefined) throw new BadRecord('bad_time', 'at is missing; every message carries its time')
  return { at, step, offsets, measures, units }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function checkCounts(names: readonly string[], measures: Fields): void {
  if (names.length === 0)
    throw new BadRecord('bad_message', 'measures is empty; allowed are 1 to 256 measures')
  if (names.length > limits.measuresPerMessage)
    throw new BadRecord(
      'too_many_measures',
      `message has ${names.length} measures; allowed are ${limits.measuresPerMessage}`,
    )
  let samples = 0
  for (const name of names) {
    const value = measures[name]
    samples += Array.isArray(value) ? value.length : 1
  }
  if (samples > limits.samplesPerMessage)
    throw new BadRecord(
      'too_many_samples',
      `message has ${samples} samples; allowed are ${limits.samplesPerMessage}`,
    )
}

/** The times of a message: of its scalars, and of index i of its packs. `order` is set where offsets came unsorted. */
interface Times {
  at: number
  /** The same as an array, which all scalars share. */
  scalar: Float64Array | null
  step: number
  pack: Float64Array | null
  order: number[] | null
}

function packTimes(at: number, step: unknown, offsets: unknown): Times {
  if (step !== undefined && offsets !== undefined)
    throw new BadRecord('bad_message', 'both step and offsets are given; allowed is one of them')
  if (offsets !== undefined) return offsetTimes(at, offsets)
  if (step === undefined) return { at, scalar: null, step: 0, pack: null, order: null }
  if (typeof step !== 'number' || !Number.isFinite(step) || step <= 0)
    throw new BadRecord('bad_message', `step is ${shown(step)}; allowed are milliseconds above 0`)
  return { at, scalar: null, step, pack: null, order: null }
}

function offsetTimes(at: number, offsets: unknown): Times {
  if (!Array.isArray(offsets))
    throw new BadRecord('bad_message', `offsets is ${shown(offsets)}; allowed is an array of milliseconds`)
  if (offsets.length > limits.samplesPerMessage)
    throw new BadRecord(
      'too_many_samples',
      `offsets has ${offsets.length} entries; allowed are ${limits.samplesPerMessage}`,
    )
  const pack = new Float64Array(offsets.length)
  let sorted = true
  for (let i = 0; i < pack.length; i++) {
    const offset: unknown = offsets[i]
    if (typeof offset !== 'number' || !Number.isFinite(offset))
      throw new BadRecord('bad_message', `offsets[${i}] is ${shown(offset)}; allowed are milliseconds`)
    pack[i] = Math.round(at + offset)
    if (!isTime(pack[i]!)) checkedTime(pack[i]!, `at plus offsets[${i}]`)
    if (i > 0 && pack[i]! < pack[i - 1]!) sorted = false
  }
  if (sorted) return { at, scalar: null, step: 0, pack, order: null }
  const order = Array.from(pack.keys()).sort((a, b) => pack[a]! - pack[b]!) // stable: ECMA-262 23.1.3.30
  return { at, scalar: null, step: 0, pack: pack.slice().sort(), order }
}

function stepTimes(times: Times, length: number): Float64Array {
  const { at, step } = times
  if (step === 0)
    throw new BadRecord('bad_message', 'a measure is an array but neither step nor offsets is given')
  if (length > 0) checkedTime(at + (length - 1) * step, `at plus ${length - 1} steps`)
  const pack = floats(length)
  for (let i = 0; i < length; i++) pack[i] = Math.round(at + i * step)
  return pack
}

function decodeMeasure(name: string, value: unknown, times: Times): Column | null {
  if (Array.isArray(value)) return decodePack(name, value, times)
  if (value === null) return null
  const sample = toSample(value, name)
  const at = (times.scalar ??= single(times.at))
  return typeof sample === 'number'
    ? column(name, at, single(sample))
    : column(name, at, single(Number.NaN), [sample])
}

/** Faster than Float64Array.of, which looks its constructor up (`npm run -s bench -- decode`). */
function single(value: number): Float64Array {
  const array = new Float64Array(1)
  array[0] = value
  return array
}

function decodePack(name: string, values: readonly unknown[], times: Times): Column | null {
  const pack = (times.pack ??= stepTimes(times, values.length))
  if (values.length !== pack.length)
    throw new BadRecord(
      'unequal_lengths',
      `${name} has ${values.length} samples; allowed are ${pack.length}, as many as the message's other packs or offsets`,
    )
  const ordered = times.order ? times.order.map((i) => values[i]) : values
  return typeof values.find(isPresent) === 'string'
    ? textPack(name, ordered, pack)
    : numberPack(name, ordered, pack)
}

const isPresent = (value: unknown): boolean => value !== null

function numberPack(name: string, values: readonly unknown[], pack: Float64Array): Column | null {
  const numbers = floats(values.length)
  let missing = 0
  for (let i = 0; i < numbers.length; i++) {
    const value = values[i]
    if (typeof value === 'number' && Number.isFinite(value)) numbers[i] = value + 0
    else if (typeof value === 'boolean') numbers[i] = value ? 1 : 0
    else if (value === null) {
      numbers[i] = Number.NaN
      missing++
    } else throw badValue(value, `${name}[${i}]`, 4)
  }
  if (missing === 0) return numbers.length === 0 ? null : column(name, pack, numbers)
  if (missing === numbers.length) return null
  return column(
    name,
    pack.filter((_, i) => values[i] !== null),
    numbers.filter((_, i) => values[i] !== null),
  )
}

function textPack(name: string, values: readonly unknown[], pack: Float64Array): Column {
  const texts: string[] = []
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value === 'string') texts.push(checkedText(value, name))
    else if (value !== null) throw badValue(value, `${name}[${i}], in a pack of texts,`, 4)
  }
  const at = texts.length === pack.length ? pack : pack.filter((_, i) => values[i] !== null)
  return column(name, at, new Float64Array(at.length).fill(Number.NaN), texts)
}

/** A unit is found by the measure's full name, else by its name without `@instance`. */
function assignUnits(columns: readonly Column[], names: readonly string[], units: unknown): void {
  if (!isFields(units))
    throw new BadRecord(
      'bad_message',
      `units is ${shown(units)}; allowed is an object of names and UCUM codes`,
    )
  const known = new Set([...names, ...names.map(withoutInstance)])
  for (const name of Object.keys(units)) {
    if (!known.has(name))
      throw new BadRecord('bad_unit', `units names ${shown(name)}, which measures does not have`)
    checkedUnit(units[name], name)
  }
  for (const decoded of columns) {
    const bare = withoutInstance(decoded.measure)
    const key = Object.hasOwn(units, decoded.measure) ? decoded.measure : bare
    if (Object.hasOwn(units, key)) decoded.unit = units[key] as string
  }
}

const withoutInstance = (name: string): string => name.split('@', 1)[0]!
