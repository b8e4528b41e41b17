/** Reads a cell as a number, null where it is none that can be stored. */
export type ReadNumber = (cell: string) => number | null

const plain = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/
const grouped = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/
const decimalComma = /^[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+(?:[eE][-+]?\d+)?$/
const infinite = /^[-+]?(?:inf(?:inity)?|∞)$/i

/** Whether a cell was meant as a number, infinite ones included. */
export const isNumber = (cell: string): boolean => plain.test(cell) || infinite.test(cell)

/**
 * How the cells of a column write numbers; null if most of them are none. A comma is a decimal one where it cannot be
 * the delimiter and no cell says otherwise; between groups of three digits beside points it only groups.
 */
export function numberColumn(cells: readonly string[], delimiter: string): ReadNumber | null {
  if (cells.length === 0) return null
  const hasComma = delimiter !== ',' && cells.some((cell) => decimalComma.test(cell))
  const commas = hasComma && !cells.some((cell) => cell.includes('.') && plain.test(cell))
  const read = (cell: string): number | null => {
    if (/^(true|false)$/i.test(cell)) return cell.length === 4 ? 1 : 0
    const text = commas && decimalComma.test(cell) ? cell.replaceAll('.', '').replace(',', '.') : grouped.test(cell) ? cell.replaceAll(',', '') : cell // prettier-ignore
    if (!plain.test(text)) return null
    const value = Number(text)
    return Number.isFinite(value) ? value + 0 : null
  }
  const numbers = cells.reduce((n, cell) => n + (read(cell) !== null || infinite.test(cell) ? 1 : 0), 0)
  return numbers * 2 > cells.length ? read : null
}
