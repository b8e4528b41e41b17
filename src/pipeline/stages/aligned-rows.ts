import { Quality, type Column, type ReadingBatch } from '../../core/telemetry/reading.ts'

/** Readings of one record that share a time, one row a time, ascending; NaN where a measure has no reading then. */
export interface AlignedRows {
  at: number[]
  /** By measure, in the order asked for. */
  values: number[][]
}

const none: AlignedRows = { at: [], values: [] }

/** Joins the advancing numeric readings of some measures by their time. */
export function alignedRows(batch: ReadingBatch, measures: readonly string[]): AlignedRows {
  const columns: (Column | null)[] = []
  let shared: Float64Array | null = null
  let present = 0
  let alike = true
  for (let k = 0; k < measures.length; k++) {
    const column = columnOf(batch, measures[k]!)
    columns.push(column)
    if (!column) continue
    present++
    shared ??= column.at
    alike &&= column.at === shared
  }
  if (present === 0) return none
  return alike ? ofOnePack(columns, shared!) : merged(columns)
}

function columnOf(batch: ReadingBatch, measure: string): Column | null {
  for (let i = 0; i < batch.columns.length; i++)
    if (batch.columns[i]!.measure === measure) return batch.columns[i]!
  return null
}

/** What the type calls impossible says that a sensor is broken, and nothing of a vehicle or its driver. */
const counts = (column: Column, i: number): boolean =>
  column.advancing[i] === 1 && !Number.isNaN(column.value[i]) && column.quality[i] !== Quality.outOfRange

/** Columns of one pack share their times, so that rows are there already. */
function ofOnePack(columns: (Column | null)[], at: Float64Array): AlignedRows {
  const rows: AlignedRows = { at: [], values: columns.map(() => []) }
  for (let i = 0; i < at.length; i++) {
    let any = false
    for (let k = 0; k < columns.length; k++) any ||= columns[k] !== null && counts(columns[k]!, i)
    if (!any) continue
    rows.at.push(at[i]!)
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]
      rows.values[k]!.push(column && counts(column, i) ? column.value[i]! : NaN)
    }
  }
  return rows
}

function merged(columns: (Column | null)[]): AlignedRows {
  const rows: AlignedRows = { at: [], values: columns.map(() => []) }
  const next = columns.map((column) => (column ? after(column, -1) : Infinity))
  for (;;) {
    let at = Infinity
    for (let k = 0; k < columns.length; k++) at = Math.min(at, columns[k]?.at[next[k]!] ?? Infinity)
    if (at === Infinity) return rows
    rows.at.push(at)
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]
      const here = column && column.at[next[k]!] === at
      rows.values[k]!.push(here ? column.value[next[k]!]! : NaN)
      if (here) next[k] = after(column, next[k]!)
    }
  }
}

/** Index of the next reading that counts. */
function after(column: Column, index: number): number {
  let i = index + 1
  while (i < column.at.length && !counts(column, i)) i++
  return i
}
