import { timeColumn } from './wall-time.ts'

/** Where a table's rows get their times from. */
export interface RowTimes {
  /** Headings of the columns that say it; empty where rows are numbered off. */
  headings: string[]
  /** Columns that hold times, and so no measures. */
  columns: ReadonlySet<number>
  /** Time of a row, null where it has none. */
  of(row: number): number | null
}

export interface Table {
  headings: readonly string[]
  rows: number
  cell(row: number, column: number): string
}

export interface TimesOptions {
  /** Time of the first row where the file has none, or counts from its beginning. */
  start: number
  stepMs: number
  /** Whether the user has said how rows are apart: then a column that only looks like time is none. */
  numbered: boolean
}

const unit = /\s*[([](\w*)[)\]]\s*$/
const namesTime =
  /^(?:time|date|date[ _-]?time|time[ _-]?stamp|ts|utc|epoch|elapsed(?:[ _-]?time)?|datum|zeit|zeitstempel)$/i
const unitMs: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  sec: 1000,
  ms: 1,
  min: 60_000,
  h: 3_600_000,
}

/**
 * Finds the times of a table from what its cells hold: a column of moments, else one of days beside one of times of
 * day, else one of days, else a column named like time that counts from the beginning. Throws where a column is named
 * like time and none of this: rows must not be given made-up times for a format that is not understood.
 */
export function findTimes(table: Table, options: TimesOptions): RowTimes {
  const { headings, rows, cell } = table
  const cells = (column: number): string[] => Array.from({ length: rows }, (_, row) => cell(row, column))
  const found = headings.flatMap((heading, column) => {
    const times = timeColumn(cells(column), heading)
    return times ? [{ column, heading, ...times }] : []
  })
  const moments = found.filter(({ kind }) => kind === 'moment')
  const dates = found.filter(({ kind }) => kind === 'date')
  const clock = found.find(({ kind }) => kind === 'clock')
  const moment = moments.find(({ heading }) => /utc/i.test(heading)) ?? moments[0]
  const columns = new Set([...moments, ...dates].map(({ column }) => column))
  const date = dates.find(({ heading }) => /utc/i.test(heading)) ?? dates[0]
  if (!moment && date && clock) {
    columns.add(clock.column)
    return {
      headings: [date.heading, clock.heading],
      columns,
      of: (row) => {
        const day = date.read(cell(row, date.column))
        const time = clock.read(cell(row, clock.column))
        return day === null || time === null ? null : day + time
      },
    }
  }
  const one = moment ?? date
  if (one) return { headings: [one.heading], columns, of: (row) => one.read(cell(row, one.column)) }
  const named = headings.findIndex((heading) => namesTime.test(heading.replace(unit, '').trim()))
  if (named >= 0 && !options.numbered) return elapsed(cells(named), headings[named]!, named, options.start)
  return { headings: [], columns, of: (row) => options.start + row * options.stepMs }
}

/** Numbers that rise from the beginning of the recording, in seconds unless the heading says otherwise. */
function elapsed(cells: readonly string[], heading: string, column: number, start: number): RowTimes {
  const scale = unitMs[unit.exec(heading)?.[1]?.toLowerCase() ?? '']
  const values = cells.map((cell) => (/^\d+\.?\d*$|^\.\d+$/.test(cell) ? Number(cell) : null))
  const given = values.filter((value) => value !== null)
  const rises = given.every((value, i) => i === 0 || value >= given[i - 1]!)
  if (scale === undefined || !rises || given.length < 0.9 * cells.length || given.at(-1)! > 1e9) {
    const example =
      cells.find((cell, i) => cell !== '' && values[i] === null) ?? cells.find((cell) => cell !== '')
    throw new Error(
      `the column ${heading} should be time, but ${JSON.stringify(example ?? '')} is not understood; with --start or --step rows are numbered off instead`,
    )
  }
  const first = given[0]!
  return {
    headings: [heading],
    columns: new Set([column]),
    of: (row) => (values[row] === null ? null : Math.round(start + (values[row]! - first) * scale)),
  }
}
