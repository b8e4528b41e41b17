import { isMeasureName, isThingName, limits } from '../telemetry/limits.ts'
import type { EpochMs } from '../telemetry/reading.ts'

/** A row of a table that is brought in, understood. `row` counts from 1, the header aside. */
export interface ImportRow {
  row: number
  thing: string
  measure: string
  at: EpochMs
  value: number | string
}

/** A row that is left out, with the reason. */
export interface RowFault {
  row: number
  reason: string
}

export interface ImportTable {
  rows: ImportRow[]
  faults: RowFault[]
}

/** Names that a column may have, whatever the case. */
const names = {
  thing: ['device', 'thing'],
  measure: ['measure', 'metric'],
  at: ['ts', 'at', 'time', 'timestamp'],
  value: ['value'],
  text: ['text'],
} as const
type ColumnName = keyof typeof names

/** Which columns of a table hold what; a string says what it lacks. */
export function importColumns(header: readonly string[]): Record<ColumnName, number> | string {
  const plain = header.map((h) => h.trim().toLowerCase())
  const find = (wanted: readonly string[]): number => plain.findIndex((h) => wanted.includes(h))
  const columns = {
    thing: find(names.thing),
    measure: find(names.measure),
    at: find(names.at),
    value: find(names.value),
    text: find(names.text),
  }
  const { thing, measure, at, value, text } = columns
  return thing < 0 || measure < 0 || at < 0 || (value < 0 && text < 0)
    ? `a table needs columns device, measure, ts and value (or text); this one has ${header.join(', ')}`
    : columns
}

/** Reads one row's cells; a string says why it is left out. */
export function readImportRow(
  cells: readonly unknown[],
  columns: Readonly<Record<ColumnName, number>>,
  row: number,
): ImportRow | string {
  const thing = textOf(cells[columns.thing])
  if (!isThingName(thing)) return `device ${shown(thing)} is no device name`
  const measure = textOf(cells[columns.measure])
  if (!isMeasureName(measure)) return `measure ${shown(measure)} is no measure name`
  const at = timeOf(cells[columns.at])
  if (Number.isNaN(at)) return `time ${shown(cells[columns.at])} is neither RFC 3339 nor epoch milliseconds`
  if (at < limits.earliestAt || at > limits.latestAt)
    return `time ${new Date(at).toISOString()} does not lie between the years 2000 and 2100`
  const value = columns.value < 0 ? null : numberOf(cells[columns.value])
  if (typeof value === 'number' && !Number.isFinite(value))
    return `value ${shown(cells[columns.value])} is no finite number`
  const text = columns.text < 0 ? '' : textOf(cells[columns.text])
  if (value === null && text === '') return 'there is neither a value nor a text'
  if (value === null && text.length > limits.textLength)
    return `the text has ${text.length} characters; allowed are ${limits.textLength}`
  return { row, thing, measure, at, value: value ?? text }
}

const textOf = (cell: unknown): string =>
  typeof cell === 'string'
    ? cell.trim()
    : typeof cell === 'number' || typeof cell === 'bigint'
      ? String(cell)
      : ''

/** Null where the cell is empty, NaN where it is no number. */
function numberOf(cell: unknown): number | null {
  if (cell === null || cell === undefined) return null
  if (typeof cell === 'boolean') return cell ? 1 : 0
  if (typeof cell === 'number' || typeof cell === 'bigint') return Number(cell)
  const text = textOf(cell)
  if (text === '') return null
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? 1 : 0
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN
}

/** RFC 3339 (UTC where it names no offset), epoch milliseconds, or a timestamp of Parquet. */
function timeOf(cell: unknown): number {
  if (cell instanceof Date) return cell.getTime()
  if (typeof cell === 'number' || typeof cell === 'bigint') return Number(cell)
  const text = textOf(cell)
  if (/^\d{9,}$/.test(text)) return Number(text)
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)/.test(text)) return NaN
  const iso = text.replace(' ', 'T')
  return Date.parse(iso.length > 10 && !/(Z|[+-]\d\d:?\d\d)$/i.test(iso) ? `${iso}Z` : iso)
}

function shown(cell: unknown): string {
  const text =
    typeof cell === 'string'
      ? cell
      : JSON.stringify(cell, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))
  return text === undefined ? 'nothing' : `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
}
