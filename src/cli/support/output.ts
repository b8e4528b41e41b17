/** Prints one JSON document, or the text for people. */
export function present(json: boolean | undefined, document: unknown, text: () => string): void {
  console.log(json === true ? JSON.stringify(document) : text())
}

type Cell = string | number | null | undefined

/** Rows as aligned columns under their headings; numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map((cell) => String(cell ?? '–')))
  const widths = headings.map((heading, i) => Math.max(heading.length, ...texts.map((row) => row[i]!.length)))
  const numeric = headings.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof (row[i] ?? 0) === 'number'),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (numeric[i]! ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return [line(headings), ...texts.map(line)].join('\n')
}

export const isoTime = (at: number | null): string => (at === null ? '–' : new Date(at).toISOString())

export const oneLine = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`
