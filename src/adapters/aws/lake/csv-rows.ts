/** Athena's CSV: every value in quotes, a quote within doubled, and nothing at all where there is no value. */
export function csvRows(text: string): (string | null)[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  const rows: (string | null)[][] = []
  let row: (string | null)[] = []
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const found = cell.exec(text)
    if (!found) throw new Error(`the answer cannot be read from character ${at} on`)
    const [, quoted, plain, separator] = found
    row.push(quoted?.replaceAll('""', '"') ?? (plain === '' ? null : plain!))
    if (separator === ',' && cell.lastIndex < text.length) continue
    if (separator === ',') row.push(null)
    rows.push(row)
    row = []
  }
  return rows
}
