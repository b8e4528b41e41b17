/** A row of a device list: its line in the file, and what it says, not yet validated. */
export interface DeviceRow {
  line: number
  thing: string
  device: Record<string, unknown>
}

export interface CsvFault {
  line: number
  message: string
}

const plainColumns = ['thing', 'trade', 'type', 'status', 'site', 'gateway', 'latitude', 'longitude'] as const
const limitColumns = ['unit', 'kind', 'low', 'high', 'deadband', 'ratePerSecond'] as const

/**
 * Reads a device list: a heading with `thing`, `trade`, `type` and, as they are needed, `status`, `site`, `gateway`,
 * `latitude`, `longitude`, `attribute.<name>` and `measure.<name>.<unit|kind|low|high|deadband|ratePerSecond>`. An empty
 * cell says nothing. A faulty row is reported and the others are read on.
 */
export function parseDeviceCsv(text: string): { rows: DeviceRow[]; faults: CsvFault[] } {
  const lines = csvRows(text)
  const heading = lines[0]?.cells ?? []
  const unknown = heading.filter((name) => columnOf(name) === null)
  if (!heading.includes('thing') || unknown.length > 0) {
    const message =
      unknown.length > 0 ? `column ${unknown[0]!.slice(0, 64)} is not known` : 'column thing is missing'
    return { rows: [], faults: [{ line: 1, message }] }
  }
  const rows: DeviceRow[] = []
  const faults: CsvFault[] = []
  const seen = new Map<string, number>()
  for (const { line, cells, fault } of lines.slice(1)) {
    const thing = cells[heading.indexOf('thing')] ?? ''
    const before = seen.get(thing)
    if (fault !== null) faults.push({ line, message: fault })
    else if (cells.length > heading.length)
      faults.push({ line, message: `${cells.length} cells, the heading has ${heading.length}` }) // prettier-ignore
    else if (before !== undefined)
      faults.push({ line, message: `${thing.slice(0, 128)} stands in line ${before} too` })
    else {
      seen.set(thing, line)
      rows.push({ line, thing, device: deviceOf(heading, cells) })
    }
  }
  return { rows, faults }
}

type Column =
  | { kind: 'plain'; name: (typeof plainColumns)[number] }
  | { kind: 'attribute'; name: string }
  | { kind: 'measure'; name: string; field: string }

function columnOf(heading: string): Column | null {
  const plain = plainColumns.find((name) => name === heading)
  if (plain) return { kind: 'plain', name: plain }
  if (heading.startsWith('attribute.')) return { kind: 'attribute', name: heading.slice(10) }
  if (!heading.startsWith('measure.')) return null
  const end = heading.lastIndexOf('.')
  const field = heading.slice(end + 1)
  return end > 8 && (limitColumns as readonly string[]).includes(field)
    ? { kind: 'measure', name: heading.slice(8, end), field }
    : null
}

function deviceOf(heading: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const device = new Map<string, unknown>()
  const location = new Map<string, number>()
  const attributes: [string, string][] = []
  const measures = new Map<string, [string, unknown][]>()
  heading.forEach((name, i) => {
    const cell = cells[i] ?? ''
    const column = columnOf(name)
    if (cell === '' || column === null || name === 'thing') return
    if (column.kind === 'attribute') attributes.push([column.name, cell])
    else if (column.kind === 'measure') {
      const value = column.field === 'unit' || column.field === 'kind' ? cell : Number(cell)
      measures.set(column.name, [...(measures.get(column.name) ?? []), [column.field, value]])
    } else if (column.name === 'latitude' || column.name === 'longitude')
      location.set(column.name, Number(cell))
    else device.set(column.name, cell)
  })
  device.set('attributes', Object.fromEntries(attributes))
  if (location.size > 0) device.set('location', Object.fromEntries(location))
  if (measures.size > 0)
    device.set('measures', Object.fromEntries([...measures].map(([name, fields]) => [name, Object.fromEntries(fields)]))) // prettier-ignore
  return Object.fromEntries(device)
}

interface CsvLine {
  line: number
  cells: string[]
  fault: string | null
}

/** RFC 4180, with `,` or `;` between cells, whichever the heading has more of. Empty lines are left out. */
function csvRows(text: string): CsvLine[] {
  const body = text.replace(/^\uFEFF/, '')
  const heading = body.slice(0, body.search(/[\r\n]|$/))
  const separator = heading.split(';').length > heading.split(',').length ? ';' : ','
  const rows: CsvLine[] = []
  let line = 1
  let row: CsvLine = { line, cells: [], fault: null }
  let at = 0
  while (at <= body.length) {
    let cell = ''
    if (body[at] === '"') {
      const start = at++
      for (;;) {
        const quote = body.indexOf('"', at)
        if (quote < 0) {
          row.fault = 'a quote is never closed'
          at = body.length
          break
        }
        cell += body.slice(at, quote)
        at = quote + 1
        if (body[at] !== '"') break
        cell += '"'
        at++
      }
      line += body.slice(start, at).split('\n').length - 1
    }
    const rest = at
    while (at < body.length && body[at] !== separator && body[at] !== '\n' && body[at] !== '\r') at++
    row.cells.push((cell + body.slice(rest, at)).trim())
    if (body[at] === separator) {
      at++
      continue
    }
    if (row.cells.some((text) => text !== '') || row.fault !== null) rows.push(row)
    if (body[at] === '\r' && body[at + 1] === '\n') at++
    at++
    line++
    row = { line, cells: [], fault: null }
  }
  return rows
}
