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
  const base: Base = { bver: null, bn: '', bt: 0, bu: undefined, bv: 0, bs: undefined }
  const named: NamedRecord[] = []
  for (let i = 0; i < pack.length; i++) {
    const own = readFields(pack[i], base, i)
    if (own) named.push(resolve(own, base, receivedAtSeconds, i))
  }
  return named
}

/** The version of SenML that RFC 8428 defines; section 4.4 forbids to read a later one. */
const VERSION = 10
/** RFC 8428 section 4.5.3: times below it are relative to now. */
const ABSOLUTE_FROM = 2 ** 28

/** Base fields in force; a record changes them for itself and all that follow. */
interface Base {
  bver: number | null
  bn: string
  bt: number
  bu: string | undefined
  bv: number
  bs: number | undefined
}
type Own = Partial<SenmlRecord>

const bad = (detail: string): BadRecord => new BadRecord('bad_senml', detail)

/** Takes a record's base fields into `base` and gives its own fields; null if it has none. */
function readFields(raw: unknown, base: Base, i: number): Own | null {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    if (isDeep(raw, limits.depth - 1))
      throw new BadRecord('too_deep', `record ${i} nests deeper than ${limits.depth} levels`)
    throw bad(`record ${i} is ${shown(raw)}; allowed is an object`)
  }
  const fields = raw as Readonly<Record<string, unknown>>
  const own: Own = {}
  let isBaseOnly = true
  for (const label of Object.keys(fields))
    if (!readBase(label, fields[label], base, i)) {
      readOwn(label, fields[label], own, i)
      isBaseOnly = false
    }
  return isBaseOnly ? null : own
}

function readBase(label: string, value: unknown, base: Base, i: number): boolean {
  switch (label) {
    case 'bver':
      base.bver = version(value, base, i)
      return true
    case 'bn':
    case 'bu':
      base[label] = text(value, label, i)
      return true
    case 'bt':
    case 'bv':
    case 'bs':
      base[label] = number(value, label, i)
      return true
    default:
      return false
  }
}

function readOwn(label: string, value: unknown, own: Own, i: number): void {
  switch (label) {
    case 'n':
    case 'u':
    case 'vs':
    case 'vd':
      own[label] = text(value, label, i)
      break
    case 'v':
    case 's':
    case 't':
    case 'ut':
      own[label] = number(value, label, i)
      break
    case 'vb':
      if (typeof value !== 'boolean')
        throw bad(`vb of record ${i} is ${shown(value)}; allowed are true and false`)
      own.vb = value
      break
    default:
      // RFC 8428 section 4.4: a label ending in _ must be understood, any other unknown one is to be ignored.
      if (label.endsWith('_'))
        throw bad(`record ${i} has label ${shown(label)}, which must be understood and is not`)
  }
}

function number(value: unknown, label: string, i: number): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw bad(`${label} of record ${i} is ${shown(value)}; allowed is a finite number`)
}

function text(value: unknown, label: string, i: number): string {
  if (typeof value === 'string') return value
  throw bad(`${label} of record ${i} is ${shown(value)}; allowed is a text`)
}

function version(value: unknown, base: Base, i: number): number {
  const bver = number(value, 'bver', i)
  if (!Number.isInteger(bver) || bver < 1 || bver > VERSION)
    throw bad(`bver of record ${i} is ${bver}; allowed are 1 to ${VERSION}`)
  if ((base.bver ?? (i === 0 ? bver : VERSION)) !== bver)
    throw bad(`bver of record ${i} is ${bver}; allowed is one version a pack`)
  return bver
}

function resolve(own: Own, base: Base, receivedAtSeconds: number, i: number): NamedRecord {
  const values =
    Number(own.v !== undefined) +
    Number(own.vs !== undefined) +
    Number(own.vb !== undefined) +
    Number(own.vd !== undefined)
  if (values > 1) throw bad(`record ${i} has ${values} values; allowed is one of v, vs, vb and vd`)
  const sum = own.s === undefined && base.bs === undefined ? undefined : (base.bs ?? 0) + (own.s ?? 0)
  if (values === 0 && sum === undefined)
    throw bad(`record ${i} has no value; allowed are v, vs, vb, vd or a sum s`)
  const local = own.n ?? ''
  const record: SenmlRecord = {
    n: checkedFullName(base.bn + local, i),
    t: absolute(base.bt + (own.t ?? 0), receivedAtSeconds),
  }
  const unit = own.u ?? base.bu
  if (unit !== undefined) record.u = unit
  if (own.v !== undefined) record.v = base.bv + own.v
  if (own.vs !== undefined) record.vs = own.vs
  if (own.vb !== undefined) record.vb = own.vb
  if (own.vd !== undefined) record.vd = own.vd
  if (sum !== undefined) record.s = sum
  if (own.ut !== undefined) record.ut = own.ut
  return { base: base.bn, local, record }
}

const absolute = (t: number, now: number): number => (t < ABSOLUTE_FROM ? now + t : t)

/** RFC 8428 section 4.5.1. The length is bounded because a long base name would be read again for every record. */
function checkedFullName(name: string, i: number): string {
  if (name.length > limits.textLength)
    throw new BadRecord(
      'bad_name',
      `name of record ${i} has ${name.length} characters; allowed are ${limits.textLength}, base name included`,
    )
  if (/^[A-Za-z0-9][A-Za-z0-9\-:./_]*$/.test(name) || (name.startsWith('/') && name.length > 1)) return name
  throw new BadRecord(
    'bad_name',
    `name of record ${i} is ${shown(name)}; allowed are a letter or digit, then letters, digits and - : . / _`,
  )
}
