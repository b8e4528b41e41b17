import { BadRecord } from './errors.ts'
import { limits } from './limits.ts'
import { isDeep } from './sample.ts'
import { shown } from './shown.ts'

/** A resolved record of RFC 8428 section 4.6: full name, absolute time in seconds, no base fields. */
export interface SenmlRecord {
  n: string
  u?: string
  t: number
  v?: number
  vs?: string
  vb?: boolean
  vd?: string
  s?: number
  ut?: number
}

/** A resolved record together with the two parts that its name was made of. */
export interface NamedRecord {
  base: string
  local: string
  record: SenmlRecord
}

/** Resolves a SenML pack (RFC 8428 section 4) in pack order. Labels are the JSON ones; throws BadRecord. */
export const resolveSenml = (pack: unknown, receivedAtSeconds: number): SenmlRecord[] =>
  walkSenml(pack, receivedAtSeconds).map(({ record }) => record)

/** The same, keeping base name and name apart. */
export function walkSenml(pack: unknown, receivedAtSeconds: number): NamedRecord[] {
  if (!Array.isArray(pack) || pack.length === 0)
    throw bad(`pack is ${shown(pack)}; allowed is an array of records`)
  if (pack.length > limits.samplesPerMessage)
    throw new BadRecord(
      'too_many_samples',
      `pack has ${pack.length} records; allowed are ${limits.samplesPerMessage}`,
    )
  let base: Base = { bver: null, bn: '', bt: 0 }
  const named: NamedRecord[] = []
  for (const [i, raw] of pack.entries()) {
    const fields = checkedRecord(raw, i)
    base = nextBase(base, fields, i)
    if (Object.keys(fields).every(isBaseLabel)) continue
    named.push(resolve(fields, base, receivedAtSeconds, i))
  }
  return named
}

/** The version of SenML that RFC 8428 defines; section 4.4 forbids to read a later one. */
const VERSION = 10
/** RFC 8428 section 4.5.3: times below it are relative to now. */
const ABSOLUTE_FROM = 2 ** 28

type Fields = Readonly<Record<string, unknown>>

interface Base {
  bver: number | null
  bn: string
  bt: number
  bu?: string
  bv?: number
  bs?: number
}

const numbers = new Set(['bver', 'bt', 'bv', 'bs', 'v', 's', 't', 'ut'])
const texts = new Set(['bn', 'bu', 'n', 'u', 'vs', 'vd'])
const baseLabels = new Set(['bver', 'bn', 'bt', 'bu', 'bv', 'bs'])
const isBaseLabel = (label: string): boolean => baseLabels.has(label)
const valueLabels = ['v', 'vs', 'vb', 'vd'] as const

const bad = (detail: string): BadRecord => new BadRecord('bad_senml', detail)

function checkedRecord(raw: unknown, i: number): Fields {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    if (isDeep(raw, limits.depth - 1))
      throw new BadRecord('too_deep', `record ${i} nests deeper than ${limits.depth} levels`)
    throw bad(`record ${i} is ${shown(raw)}; allowed is an object`)
  }
  for (const [label, value] of Object.entries(raw)) checkField(label, value, i)
  return raw as Fields
}

function checkField(label: string, value: unknown, i: number): void {
  // RFC 8428 section 4.4: a label ending in _ must be understood, any other unknown one is to be ignored.
  if (label.endsWith('_'))
    throw bad(`record ${i} has label ${shown(label)}, which must be understood and is not`)
  if (numbers.has(label) && !(typeof value === 'number' && Number.isFinite(value)))
    throw bad(`${label} of record ${i} is ${shown(value)}; allowed is a finite number`)
  if (texts.has(label) && typeof value !== 'string')
    throw bad(`${label} of record ${i} is ${shown(value)}; allowed is a text`)
  if (label === 'vb' && typeof value !== 'boolean')
    throw bad(`vb of record ${i} is ${shown(value)}; allowed are true and false`)
}

function nextBase(base: Base, fields: Fields, i: number): Base {
  const { bver } = fields as Partial<Base>
  if (bver !== undefined && bver !== null) {
    if (!Number.isInteger(bver) || bver < 1 || bver > VERSION)
      throw bad(`bver of record ${i} is ${shown(bver)}; allowed are 1 to ${VERSION}`)
    if ((base.bver ?? (i === 0 ? bver : VERSION)) !== bver)
      throw bad(`bver of record ${i} is ${shown(bver)}; allowed is one version a pack`)
  }
  const present = Object.entries(fields).filter(([label]) => isBaseLabel(label))
  return present.length === 0 ? base : { ...base, ...Object.fromEntries(present) }
}

function resolve(fields: Fields, base: Base, receivedAtSeconds: number, i: number): NamedRecord {
  const own = fields as Partial<SenmlRecord>
  const values = valueLabels.filter((label) => own[label] !== undefined)
  if (values.length > 1) throw bad(`record ${i} has ${values.join(' and ')}; allowed is one value`)
  const sum = own.s === undefined && base.bs === undefined ? undefined : (base.bs ?? 0) + (own.s ?? 0)
  if (values.length === 0 && sum === undefined)
    throw bad(`record ${i} has no value; allowed are v, vs, vb, vd or a sum s`)
  const local = own.n ?? ''
  const record: SenmlRecord = {
    n: checkedFullName(base.bn + local, i),
    t: absolute(base.bt + (own.t ?? 0), receivedAtSeconds),
  }
  const unit = own.u ?? base.bu
  if (unit !== undefined) record.u = unit
  if (own.v !== undefined) record.v = (base.bv ?? 0) + own.v
  if (own.vs !== undefined) record.vs = own.vs
  if (own.vb !== undefined) record.vb = own.vb
  if (own.vd !== undefined) record.vd = own.vd
  if (sum !== undefined) record.s = sum
  if (own.ut !== undefined) record.ut = own.ut
  return { base: base.bn, local, record }
}

const absolute = (t: number, now: number): number => (t < ABSOLUTE_FROM ? now + t : t)

/** RFC 8428 section 4.5.1. */
function checkedFullName(name: string, i: number): string {
  if (/^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/.test(name) || (name.startsWith('/') && name.length > 1)) return name
  throw new BadRecord(
    'bad_name',
    `name of record ${i} is ${shown(name)}; allowed are a letter or digit, then letters, digits and - : . / _`,
  )
}
