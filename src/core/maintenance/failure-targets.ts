import { DataFault } from './data-fault.ts'
import { cellNumber, isMissing, type Table } from './table.ts'

/** Names that a failure label goes by, the first found wins. */
const LABELS = ['machine_failure', 'failure', 'failed', 'fault', 'target', 'label']

/** Columns that name how a machine failed: the modes of AI4I, and what such columns are usually called. */
const OUTCOME = /^(twf|hdf|pwf|osf|rnf)$|_failures?$|^(failure|fault)_(type|mode|code)$/

/** The label column of a table, by the given name or by one of the usual ones. */
export function labelOf(table: Table, wanted?: string): string {
  const found = wanted === undefined ? LABELS.find((name) => table.columns[name]) : wanted
  if (found !== undefined && table.columns[found]) return found
  throw new DataFault(
    `no label column ${wanted ?? LABELS.join(', ')} among ${table.names.join(', ')}; name one with --label`,
  )
}

/** Columns that are known only once a machine has failed: never features. */
export const outcomesOf = (table: Table, label: string): string[] =>
  table.names.filter((name) => name !== label && OUTCOME.test(name))

const YES = ['1', 'true', 'yes', '1.0']
const NO = ['0', 'false', 'no', '0.0']

/** Labels as 0 and 1. */
export function readLabels(table: Table, label: string): Float64Array {
  return Float64Array.from(table.columns[label]!, (cell, row) => {
    const text = cell.toLowerCase()
    if (YES.includes(text)) return 1
    if (NO.includes(text)) return 0
    throw new DataFault(`row ${row + 1} has label ${cell || '(empty)'}, a failure label is 0 or 1`)
  })
}

export interface FailureTargets {
  /** What each target is called. */
  modes: string[]
  /** 1 where the row failed in that mode, 0 elsewhere. */
  ones: Float64Array[]
}

/** A mode of fewer rows cannot be learned by itself. */
const LEAST_ROWS = 4
const OTHER = 'other'

/**
 * The modes that a table names, each a target of its own: one cause is simpler to learn than any of several. What failed
 * in none of them is a mode of its own, or without modes the label is. A mode that says nothing of failure is none.
 */
export function failureTargets(table: Table, label: string, labels: Float64Array): FailureTargets {
  const modes = outcomesOf(table, label)
    .flatMap((column) => modesOf(table, column))
    .map(({ name, shows }) => ({
      name,
      ones: labels.map((y, row) => (y === 1 && shows(row) ? 1 : 0)),
      shows,
    }))
    .filter(({ ones, shows }) => {
      const failed = sum(ones)
      return failed >= LEAST_ROWS && failed > sum(labels.map((_, row) => (shows(row) ? 1 : 0))) / 2
    })
  const rest = labels.map((y, row) => (y === 1 && !modes.some(({ ones }) => ones[row] === 1) ? 1 : 0))
  if (modes.length === 0 || sum(rest) >= LEAST_ROWS) modes.push({ name: modes.length === 0 ? label : OTHER, ones: rest, shows: () => false }) // prettier-ignore
  return { modes: modes.map(({ name }) => name), ones: modes.map(({ ones }) => ones) }
}

interface Mode {
  name: string
  shows(row: number): boolean
}

/** A column of 0 and 1 is one mode; a column of texts has one for each. */
function modesOf(table: Table, column: string): Mode[] {
  const cells = table.columns[column]!
  const values = [...new Set(cells.filter((cell) => !isMissing(cell)))].sort()
  if (values.every((value) => YES.includes(value.toLowerCase()) || NO.includes(value.toLowerCase())))
    return [{ name: column, shows: (row) => YES.includes(cells[row]!.toLowerCase()) }]
  if (values.every((value) => Number.isFinite(cellNumber(value)))) return []
  return values.map((value) => ({ name: value, shows: (row) => cells[row] === value }))
}

export const sum = (values: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}
