import { BadRecord } from './errors.ts'
import { checkedText, type Sample } from './sample.ts'
import { shown } from './shown.ts'

/** A metric's value as it stood in the payload, with the field that it stood in; null if it had none or is_null. */
export type MetricValue =
  | { field: 'int' | 'float' | 'double'; value: number }
  | { field: 'long'; value: bigint }
  | { field: 'boolean'; value: boolean }
  | { field: 'string'; value: string }
  | { field: 'other' }
  | null

// Sparkplug 3.0.0 section 6.4.16, data types.
export const sparkplugDatatype = {
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  Text: 14,
  UUID: 15,
} as const

const integers: Readonly<Record<number, { bits: number; signed: boolean }>> = {
  1: { bits: 8, signed: true },
  2: { bits: 16, signed: true },
  3: { bits: 32, signed: true },
  4: { bits: 64, signed: true },
  5: { bits: 8, signed: false },
  6: { bits: 16, signed: false },
  7: { bits: 32, signed: false },
  8: { bits: 64, signed: false },
  13: { bits: 64, signed: false },
}

/** Whether telemetry holds values of this type. DataSet, Template, Bytes, File, property sets and arrays it does not. */
export const isTelemetryType = (datatype: number): boolean => datatype >= 1 && datatype <= 15

/** The stored form of a metric's value; null where there is none. Integers above 2^53 lose their last digits. */
export function toMetricSample(name: string, datatype: number, value: MetricValue): Sample | null {
  if (value === null) return null
  const integer = integers[datatype]
  if (integer && (value.field === 'int' || value.field === 'long'))
    return integer.bits <= 32 && value.field === 'int'
      ? wrap(value.value, integer.bits, integer.signed)
      : wrapBig(BigInt(value.value), integer.bits, integer.signed)
  if ((datatype === 9 || datatype === 10) && (value.field === 'float' || value.field === 'double'))
    if (Number.isFinite(value.value)) return value.value + 0
  if (datatype === 11 && value.field === 'boolean') return value.value ? 1 : 0
  if ((datatype === 12 || datatype >= 14) && value.field === 'string') return checkedText(value.value, name)
  throw new BadRecord(
    'bad_value',
    `${shown(name)} of data type ${datatype} is ${value.field} ${'value' in value ? shown(value.value) : ''}; allowed is a finite value of its data type`,
  )
}

// Section 6.4.16: signed integers stand in unsigned fields in two's complement, sign-extended or not.
const wrap = (value: number, bits: number, signed: boolean): number => {
  const shift = 32 - bits
  return signed ? (value << shift) >> shift : ((value << shift) >>> shift) >>> 0
}
const wrapBig = (value: bigint, bits: number, signed: boolean): number =>
  Number(signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value))

/** The data type of a metric that neither its birth nor itself declares, told by the field it stands in. */
export function impliedDatatype(value: MetricValue): number {
  if (value === null) return 0
  const implied = { int: 7, long: 8, float: 9, double: 10, boolean: 11, string: 12, other: 0 }
  return implied[value.field]
}
