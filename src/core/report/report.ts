import type { Severity } from '../alarm/transition.ts'
import type { EpochMs, Trade } from '../telemetry/reading.ts'

/** A number is shown with its column's digits, a text as it is, null as unknown. */
export type Cell = string | number | null

export interface Column {
  title: string
  unit?: string
  /** Digits behind the point; a column of numbers has them, a column of words does not. */
  digits?: number
}

export interface Figure {
  label: string
  value: number | null
  unit: string
  digits: number
  note: string
}

/** One measure over the report's time, as a chart of the page shows it. */
export interface ReportChart {
  title: string
  unit: string
  at: EpochMs[]
  mean: (number | null)[]
  /** The spread of what each point stands for. */
  min?: (number | null)[]
  max?: (number | null)[]
  /** What it is compared with. */
  reference?: (number | null)[]
  limits?: { low?: number; high?: number }
  spans?: { from: EpochMs; to: EpochMs; severity: Severity }[]
}

/** Counts or amounts by day, stacked. */
export interface ReportBars {
  title: string
  unit: string
  digits: number
  labels: string[]
  series: { name: string; tone: Severity | 'calm'; values: number[] }[]
}

export type Section =
  | { kind: 'figures'; title: string; figures: Figure[] }
  | { kind: 'table'; title: string; columns: Column[]; rows: Cell[][]; empty: string; note: string }
  | { kind: 'bars'; bars: ReportBars }
  | { kind: 'chart'; chart: ReportChart }

/** What happened in a trade in a stretch of time: made once, then shown as a page, a PDF or a table. */
export interface Report {
  id: string
  trade: Trade
  title: string
  /** Null for every site. */
  site: string | null
  /** Half-open. */
  from: EpochMs
  to: EpochMs
  timeZone: string
  madeAt: EpochMs
  sections: Section[]
}

export type ReportSummary = Omit<Report, 'sections'>
