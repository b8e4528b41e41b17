/** A piece of a CSV text with the header of the whole, and how many rows it holds. */
export interface CsvPiece {
  text: string
  rows: number
}

/** Characters of a piece: well below what one request may hold, whatever they take in UTF-8. */
const PIECE = 1_000_000

/** Cuts a CSV text between rows, never within a quoted cell; each piece begins with the header. */
export async function* csvPieces(chunks: AsyncIterable<string>, size = PIECE): AsyncGenerator<CsvPiece> {
  let header: string | null = null
  let held = ''
  for await (const chunk of chunks) {
    held += chunk
    if (held.length < size) continue
    const end = lastRowEnd(held)
    if (end === 0) continue
    const rows = held.slice(0, end)
    held = held.slice(end)
    yield piece(rows)
  }
  if (held !== '') yield piece(held)

  function piece(text: string): CsvPiece {
    if (header === null) {
      const end = firstRowEnd(text)
      header = text.slice(0, end)
      if (!header.endsWith('\n')) header += '\n'
      text = text.slice(end)
    }
    return { text: header + text, rows: countRows(text) }
  }
}

/** Calls for each row's end, the position after its line break; a last row without one is not told of. */
function eachRowEnd(text: string, tell: (end: number) => boolean): void {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    // A quote within a bare cell is a letter like any other; two within quotes close and open again.
    if (c === 0x22) quoted = quoted ? false : at === 0 || ',;\t\n"'.includes(text[at - 1]!)
    else if (c === 0x0a && !quoted && tell(at + 1)) return
  }
}

function lastRowEnd(text: string): number {
  let last = 0
  eachRowEnd(text, (end) => ((last = end), false))
  return last
}

function firstRowEnd(text: string): number {
  let first = text.length
  eachRowEnd(text, (end) => ((first = end), true))
  return first
}

/** Rows that are not empty: a parser leaves the others out. */
function countRows(text: string): number {
  let rows = 0
  let start = 0
  eachRowEnd(text, (end) => {
    if (text.slice(start, end).trim() !== '') rows++
    start = end
    return false
  })
  return text.slice(start).trim() === '' ? rows : rows + 1
}
