import type { Severity, Trade } from '../api/types.ts'

export interface Summary {
  id: string
  trade: Trade
  title: string
  site: string | null
  from: number
  to: number
  timeZone: string
  madeAt: number
}

interface Column {
  title: string
  unit?: string
  digits?: number
}
export interface Bars {
  title: string
  unit: string
  digits: number
  labels: string[]
  series: { name: string; tone: Severity | 'calm'; values: number[] }[]
}
export interface Chart {
  title: string
  unit: string
  at: number[]
  mean: (number | null)[]
  min?: (number | null)[]
  max?: (number | null)[]
  reference?: (number | null)[]
  limits?: { low?: number; high?: number }
  spans?: { from: number; to: number; severity: Severity }[]
}
export interface TableSection {
  kind: 'table'
  title: string
  columns: Column[]
  rows: (string | number | null)[][]
  empty: string
  note: string
}
export type Section =
  | {
      kind: 'figures'
      title: string
      figures: { label: string; value: number | null; unit: string; digits: number; note: string }[]
    }
  | TableSection
  | { kind: 'bars'; bars: Bars }
  | { kind: 'chart'; chart: Chart }

export interface Report extends Summary {
  sections: Section[]
}

/** A number with the digits that its report gives it. */
export const digitsText = (value: number | null, digits: number): string =>
  value === null
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** “16 Nov to 22 Nov 2026”, on the calendar of the report’s own zone. */
export function stretchText({ from, to, timeZone }: Summary): string {
  const text = (at: number, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short', ...options }).format(at)
  return `${text(from, {})} to ${text(to - 1, { year: 'numeric' })}`
}
