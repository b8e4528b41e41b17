import { DataFault } from './data-fault.ts'

/** One machine's life (or its beginning), cycle by cycle: what it was set to and what it measured. */
export interface Run {
  unit: number
  cycles: number[]
  /** By column, each as long as `cycles`. */
  settings: Float64Array[]
  sensors: Float64Array[]
}

const SETTINGS = 3
const COLUMNS = 26

/** True if the text has the form of C-MAPSS: 26 numbers a line, parted by blanks (Saxena et al. 2008). */
export function looksLikeRuns(text: string): boolean {
  const fields = splitLine(/\S.*/.exec(text)?.[0] ?? '')
  return fields.length === COLUMNS && fields.every((field) => Number.isFinite(Number(field)))
}

/** Reads C-MAPSS text: unit, cycle, 3 settings, 21 sensors a line, in any order. Units come ascending, their cycles too. */
export function parseRuns(text: string): Run[] {
  const rows = new Map<number, number[][]>()
  for (const [i, line] of text.split('\n').entries()) {
    const fields = splitLine(line)
    if (fields.length === 0) continue
    const row = fields.map(Number)
    if (row.length !== COLUMNS)
      throw new DataFault(`line ${i + 1} has ${fields.length} fields, a C-MAPSS line has ${COLUMNS} numbers`)
    const odd = row.findIndex((value) => !Number.isFinite(value))
    if (odd >= 0) throw new DataFault(`line ${i + 1}, field ${odd + 1} is ${fields[odd]}, not a number`)
    const of = rows.get(row[0]!)
    if (of) of.push(row)
    else rows.set(row[0]!, [row])
  }
  if (rows.size === 0) throw new DataFault(`the file is empty, it needs lines of ${COLUMNS} numbers`)
  const ascending = [...rows].sort(([a], [b]) => a - b)
  return ascending.map(([unit, of]) => {
    of.sort((a, b) => a[1]! - b[1]!)
    const twice = of.findIndex((row, i) => row[1] === of[i - 1]?.[1])
    if (twice > 0)
      throw new DataFault(
        `unit ${unit} has cycle ${of[twice]![1]} twice; number the units of joined files anew`,
      )
    const column = (c: number) => Float64Array.from(of, (row) => row[c]!)
    return {
      unit,
      cycles: of.map((row) => row[1]!),
      settings: Array.from({ length: SETTINGS }, (_, i) => column(2 + i)),
      sensors: Array.from({ length: COLUMNS - 2 - SETTINGS }, (_, i) => column(2 + SETTINGS + i)),
    }
  })
}

/** Reads one number a line: the true remaining life after the last cycle of each unit, in the order of the units. */
export function parseRemainingLives(text: string): number[] {
  return text
    .split('\n')
    .flatMap(splitLine)
    .map((field, i) => {
      const life = Number(field)
      if (!Number.isFinite(life)) throw new DataFault(`remaining life ${i + 1} is ${field}, not a number`)
      return life
    })
}

const splitLine = (line: string): string[] => line.split(/\s+/).filter((field) => field !== '')
