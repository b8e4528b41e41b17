/** The rows of a delimited text (RFC 4180: quoted cells, doubled quotes, line breaks within quotes); empty lines are left out. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  const endRow = (): void => {
    if (row.length > 1 || row[0]!.trim() !== '') rows.push(row)
    row = []
  }
  while (at < text.length) {
    const { cell, end } = text[at] === '"' ? quotedCell(text, at, delimiter) : bareCell(text, at, delimiter)
    row.push(cell)
    at = end
    if (text[at] === delimiter) {
      at++
      if (at === text.length) row.push('')
      else continue
    }
    if (text[at] === '\r') at++
    if (text[at] === '\n') at++
    endRow()
  }
  return rows
}

function bareCell(text: string, start: number, delimiter: string): { cell: string; end: number } {
  let end = start
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++
  return { cell: text.slice(start, end).trim(), end }
}

function quotedCell(text: string, start: number, delimiter: string): { cell: string; end: number } {
  let cell = ''
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) throw new Error(`the quote opened at character ${start + 1} is never closed`)
    cell += text.slice(at, quote)
    if (text[quote + 1] !== '"') {
      const rest = bareCell(text, quote + 1, delimiter)
      return { cell: cell + rest.cell, end: rest.end }
    }
    cell += '"'
    at = quote + 2
  }
}

const candidates = [',', ';', '\t'] as const

/** The delimiter that cuts the first lines into the most cells. */
export function delimiterOf(text: string): string {
  const lines = text.slice(0, 20_000).split(/\r?\n/, 20)
  const cells = (delimiter: string): number => lines.reduce((n, line) => n + line.split(delimiter).length, 0)
  return candidates.reduce((best, next) => (cells(next) > cells(best) ? next : best))
}
