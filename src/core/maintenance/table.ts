import { DataFault } from './data-fault.ts'

/** A table of texts with named columns. Names are normalised: `Air temperature [K]` is `air_temperature`. */
export interface Table {
  names: string[]
  rows: number
  columns: Record<string, string[]>
  /** What the header gives in brackets behind a name. */
  units: Record<string, string>
}

/** Reads comma-separated text with a header (RFC 4180, also semicolons or tabs); a byte-order mark is skipped. */
export function parseTable(text: string): Table {
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const head = plain.slice(0, Math.max(plain.indexOf('\n'), 0) || plain.length)
  const separator = [',', ';', '\t'].reduce((best, s) =>
    head.split(s).length > head.split(best).length ? s : best,
  )
  const [header, ...body] = splitRecords(plain, separator)
  if (!header) throw new DataFault('the table is empty, it needs a header line')
  const names = unique(header.map(columnName))
  body.forEach((row, i) => {
    if (row.length !== names.length)
      throw new DataFault(`row ${i + 1} has ${row.length} fields, the header has ${names.length}`)
  })
  return {
    names,
    rows: body.length,
    columns: Object.fromEntries(names.map((name, c) => [name, body.map((row) => row[c]!.trim())])),
    units: Object.fromEntries(
      names.flatMap((name, c) => {
        const [, unit] = /[[(](.*?)[\])]\s*$/.exec(header[c]!) ?? []
        return unit === undefined ? [] : [[name, unit.trim()]]
      }),
    ),
  }
}

/** A column's name without its unit, in lower case, parted by underscores. */
export const columnName = (header: string): string =>
  header
    .replace(/[[(].*?[\])]/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '') || 'column'

function unique(names: string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}_${count}`
  })
}

function splitRecords(text: string, separator: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let quoted = false
  const endField = () => {
    record.push(field)
    field = ''
  }
  const endRecord = () => {
    endField()
    if (record.length > 1 || record[0]!.trim() !== '') records.push(record)
    record = []
  }
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quoted) {
      if (c !== '"') field += c
      else if (text[i + 1] === '"') field += text[i++]!
      else quoted = false
    } else if (c === '"' && field === '') quoted = true
    else if (c === separator) endField()
    else if (c === '\n') endRecord()
    else if (c !== '\r') field += c
  }
  if (quoted) throw new DataFault(`a quote in or after row ${records.length} is never closed`)
  if (field !== '' || record.length > 0) endRecord()
  return records
}

const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', '?'])

/** A cell as a number, NaN where it is missing or no number. */
export function cellNumber(cell: string): number {
  return MISSING.has(cell.toLowerCase()) ? NaN : Number(cell)
}
export const isMissing = (cell: string): boolean => MISSING.has(cell.toLowerCase())
