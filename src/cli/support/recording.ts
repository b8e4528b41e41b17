import { isTime } from '../../core/telemetry/timestamp.ts'
import { limits } from '../../core/telemetry/limits.ts'
import { toMeasureName } from '../../core/telemetry/measure-name.ts'
import type { Sample } from '../../core/telemetry/sample.ts'
import { delimiterOf, parseCsv } from '../../core/table/csv.ts'
import { isNumber, numberColumn } from './number-cells.ts'
import { findTimes } from './time-columns.ts'
import { timeColumn } from './wall-time.ts'

/** A recorded file as series over common times, in the file's order. */
export interface Recording {
  at: Float64Array
  columns: { measure: string; heading: string; values: (Sample | null)[] }[]
  facts: RecordingFacts
}

/** What was found in the file, and what of it cannot be used. */
export interface RecordingFacts {
  rows: number
  timeHeading: string | null
  indexColumn: boolean
  /** Rows without a usable time, or with more cells than the heading has. */
  skippedRows: number
  /** Rows that break off; their cells are used. */
  shortRows: number
  /** Texts amid numbers, texts that are too long, numbers that are not finite. */
  unusableCells: number
}

export interface RecordingOptions {
  /** Time of the first row where the file has none. */
  start: number
  stepMs: number
  /** Whether the user has said so: then a column that is only named like time is a measure like any other. */
  numbered?: boolean
  /** Name of the measure, where the file has one only. */
  measure?: string
}

const missing = /^(?:|na|n\/a|nan|null|none|-|#\w+[/!?]?\w*[!?]?)$/i

/** Reads a delimited file by what is in it: delimiter, heading, index column, time columns, kinds of columns. */
export function readRecording(text: string, options: RecordingOptions): Recording {
  const { headings, body, indexColumn, delimiter, facts } = tableOf(text)
  const offset = indexColumn ? 1 : 0
  const cell = (row: number, column: number): string => body[row]![column + offset] ?? ''
  const { numbered = false } = options
  const times = findTimes({ headings, rows: body.length, cell }, { ...options, numbered })
  const kept: number[] = []
  const at: number[] = []
  for (let row = 0; row < body.length; row++) {
    const t = times.of(row)
    if (t === null || !isTime(t)) facts.skippedRows++
    else {
      kept.push(row)
      at.push(t)
    }
  }
  if (at.length === 0)
    throw new Error(
      `no row has a time from 2000 to 2100; the first says ${JSON.stringify([...times.columns].map((column) => cell(0, column)).join(' '))}`,
    )
  const others = headings.flatMap((heading, i) => (times.columns.has(i) ? [] : [{ heading, i }]))
  const names = measureNames(
    others.map(({ heading }) => heading),
    options.measure,
  )
  const columns = others.flatMap(({ heading, i }, k) => {
    const { values, unusable } = samplesOf(
      kept.map((row) => cell(row, i)),
      delimiter,
    )
    facts.unusableCells += unusable
    return values.some((value) => value !== null) ? [{ measure: names[k]!, heading, values }] : []
  })
  if (columns.length === 0) throw new Error('no column has values')
  if (columns.length > limits.measuresPerDevice)
    throw new Error(`${columns.length} columns; a device has at most ${limits.measuresPerDevice} measures`)
  return {
    at: Float64Array.from(at),
    columns,
    facts: { ...facts, rows: at.length, timeHeading: times.headings.join(' + ') || null, indexColumn },
  }
}

function tableOf(text: string) {
  const delimiter = delimiterOf(text)
  const rows = parseCsv(text, delimiter)
  const [first] = rows
  if (!first) throw new Error('the file is empty')
  const filled = first.filter((cell) => cell !== '')
  const hasHeading = filled.length > 0 && !filled.some((cell) => isNumber(cell) || timeColumn([cell], 'time'))
  const all = hasHeading ? rows.slice(1) : rows
  const headings = hasHeading ? first : first.map((_, i) => `c${i + 1}`)
  if (all.length === 0) throw new Error('the file has a heading but no rows')
  // A comma at the end of every row, the heading or both adds a cell that is always empty.
  while (
    headings.length > 1 &&
    headings.at(-1) === '' &&
    all.every((row) => (row[headings.length - 1] ?? '') === '')
  )
    headings.pop()
  const width = headings.length
  const wider = all.filter((row) => row.length === width + 1)
  const trailing = wider.every((row) => row[width] === '')
  const indexColumn =
    wider.length > all.length / 2 && !trailing && wider.every((row) => /^"?\d+"?$/.test(row[0]!))
  const widest = width + (indexColumn ? 1 : 0)
  const facts = { skippedRows: 0, shortRows: 0, unusableCells: 0 }
  const body = all.filter((row) => {
    const tooWide = row.slice(widest).some((cell) => cell !== '')
    if (tooWide) facts.skippedRows++
    else if (row.length < widest) facts.shortRows++
    return !tooWide
  })
  return { headings, body, indexColumn, delimiter, facts }
}

/** Valid and distinct names; a unit in parentheses at the end of a heading is left off. */
function measureNames(headings: readonly string[], only: string | undefined): string[] {
  const taken = new Set<string>()
  return headings.map((heading) => {
    const bare = heading.replace(/\s*\([^()]*\)\s*$/, '').trim()
    const wanted = toMeasureName(
      headings.length === 1 && only !== undefined ? only : bare === '' ? 'value' : bare,
    )
    let name = wanted
    for (let n = 2; taken.has(name); n++)
      name = toMeasureName(`${wanted.slice(0, limits.nameLength - 5)}_${n}`)
    taken.add(name)
    return name
  })
}

/** Numbers where the column has mostly numbers, else texts; null where nothing is given or it cannot be used. */
function samplesOf(
  cells: readonly string[],
  delimiter: string,
): { values: (Sample | null)[]; unusable: number } {
  const toNumber = numberColumn(
    cells.filter((cell) => !missing.test(cell)),
    delimiter,
  )
  let unusable = 0
  const values = cells.map((cell) => {
    if (missing.test(cell)) return null
    const value = toNumber ? toNumber(cell) : toText(cell)
    if (value === null) unusable++
    return value
  })
  return { values, unusable }
}

const toText = (cell: string): string | null =>
  cell.length <= limits.textLength && cell.isWellFormed() ? cell : null
