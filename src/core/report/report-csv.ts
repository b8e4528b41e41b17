import type { EpochMs } from '../telemetry/reading.ts'
import type { Report, Section } from './report.ts'

type Row = [section: string, item: string, field: string, time: string, value: string, unit: string]
const header: Row = ['section', 'item', 'field', 'time', 'value', 'unit']

/**
 * Everything that a report shows, one value a row (RFC 4180), so that any program can take it apart again. Times are
 * UTC, numbers have their full precision, what is unknown is empty.
 */
export function reportCsv(report: Report): string {
  const rows = [header, ...report.sections.flatMap(rowsOf)]
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
}

function rowsOf(section: Section): Row[] {
  switch (section.kind) {
    case 'figures':
      return section.figures.map(({ label, value, unit }) => [section.title, label, 'value', '', text(value), unit]) // prettier-ignore
    case 'table':
      return section.rows.flatMap(
        (cells) =>
        section.columns
          .slice(1)
          .map((column, i): Row => [section.title, text(cells[0] ?? null), column.title, '', text(cells[i + 1] ?? null), column.unit ?? '']), // prettier-ignore
      )
    case 'bars': {
      const { title, unit, labels, series } = section.bars
      return series.flatMap(({ name, values }) =>
        labels.map((label, i): Row => [title, name, label, '', text(values[i] ?? null), unit]),
      )
    }
    case 'chart': {
      const { title, unit, at, ...columns } = section.chart
      return at.flatMap((moment, i) =>
        (['mean', 'min', 'max', 'reference'] as const).flatMap((field): Row[] => {
          const value = columns[field]?.[i] ?? null
          return value === null ? [] : [[title, title, field, iso(moment), text(value), unit]]
        }),
      )
    }
  }
}

const text = (value: string | number | null): string => (value === null ? '' : String(value))
const iso = (at: EpochMs): string => new Date(at).toISOString()

/**
 * A spreadsheet would run a text that begins like a formula (OWASP, CSV injection): such a text gets an apostrophe. A
 * number never does.
 */
function quoted(field: string): string {
  const safe = /^[=+\-@\t\r]/.test(field) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(field) ? `'${field}` : field
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
