import type { Cell, Column } from './report.ts'

/** A number with so many digits behind the point, its thousands parted. */
export function numberText(value: number | null, digits: number): string {
  if (value === null || !Number.isFinite(value)) return '–'
  const [whole = '', fraction] = Math.abs(value).toFixed(digits).split('.')
  const parted = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const text = fraction === undefined ? parted : `${parted}.${fraction}`
  return value < 0 && Number(text.replaceAll(',', '')) !== 0 ? `-${text}` : text
}

/** A cell as people read it. */
export const cellText = (cell: Cell, { digits = 0 }: Column): string =>
  typeof cell === 'string' ? cell : numberText(cell, digits)

export const isNumeric = ({ digits }: Column): boolean => digits !== undefined
