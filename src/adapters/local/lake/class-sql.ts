import { quoted } from '../../../core/history/lake-sql.ts'

const matches = (measures: readonly string[]): string =>
  measures
    .map(
      (m) => `measure = ${quoted(m)}${m.includes('@') ? '' : ` OR starts_with(measure, ${quoted(`${m}@`)})`}`,
    )
    .join(' OR ')

/** Rows of a class: those it names, full names before bare ones; or all that no other class names. */
export function measuresOfClass(own: readonly string[], others: readonly string[]): string {
  if (own.length === 0) return others.length === 0 ? 'true' : `NOT (${matches(others)})`
  const exact = others.filter((m) => m.includes('@'))
  return exact.length === 0 ? `(${matches(own)})` : `(${matches(own)}) AND NOT (${matches(exact)})`
}
