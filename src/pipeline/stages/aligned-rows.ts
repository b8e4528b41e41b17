import type { Column, ReadingBatch } from '../../core/telemetry/reading.ts'

/** Readings of one record that share a time, one row a time, ascending; NaN where a measure has no reading then. */
export interface AlignedRows {
  at: number[]
  /** By measure, in the order asked for. */
  values: number[][]
}

/** Joins the advancing numeric readings of some measures by their time. */
export function alignedRows(batch: ReadingBatch, measures: readonly string[]): AlignedRows {
  const rows: AlignedRows = { at: [], values: measures.map(() => []) }
  const columns = measures.map((measure) => batch.columns.find((c) => c.measure === measure) ?? null)
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
  while (i < column.at.length && (column.advancing[i] === 0 || Number.isNaN(column.value[i]))) i++
  return i
}
