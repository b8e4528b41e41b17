import { readText, withData } from '../src/cli/support/given-data.ts'
import {
  deviations,
  healthIndex,
  healthMeter,
  learnHealthy,
  type FeatureRow,
} from '../src/core/maintenance/health-index.ts'
import { rollingMean } from '../src/core/maintenance/rul-features.ts'
import { cellNumber, parseTable } from '../src/core/maintenance/table.ts'

export interface HealthBenchArguments {
  /** Table whose first column is the time and whose others are measures, in order of time. */
  data: string
  /** Share of the rows, from the start, that is taken as healthy. */
  healthyShare?: number
  /** Rows of the rolling mean that steadies the distance. */
  window?: number
}

export interface HealthReport {
  rows: number
  /** First row from which the index stays below 50 for six rows, and the time that row bears. */
  alarmRow: number | null
  alarmAt: string | null
  /** Hours from the alarm to the end of the data. */
  leadHours: number | null
  /** Rows below 50 in the first half. */
  falseRows: number
  lowestInFirstHalf: number
  strongest: string | null
}

const SUSTAINED = 6

/** Watches a run to failure without labels: learns health from the beginning, then reads on. */
export async function benchHealth(args: HealthBenchArguments): Promise<HealthReport> {
  const text = await readText(args.data)
  const table = withData(args.data, () => parseTable(text))
  const [time, ...measures] = table.names
  const rows: FeatureRow[] = Array.from({ length: table.rows }, (_, i) =>
    Object.fromEntries(measures.map((name) => [name, cellNumber(table.columns[name]![i]!)])),
  )
  const period = learnHealthy(rows.slice(0, Math.floor(rows.length * (args.healthyShare ?? 0.25))))
  if (!period) throw new Error('too few rows to learn what is healthy')
  const distances = Float64Array.from(rows, healthMeter(period))
  const index = rollingMean(distances, args.window ?? 6).map((distance) => healthIndex(period, distance))
  const alarmRow = index.findIndex(
    (_, i) => i + 1 >= SUSTAINED && index.slice(i + 1 - SUSTAINED, i + 1).every((h) => h < 50),
  )
  const firstHalf = index.slice(0, rows.length >>> 1)
  const at = (i: number) => table.columns[time!]![i]!
  const hours = (i: number) => Date.parse(`${at(i).replace(' ', 'T')}Z`) / 3_600_000
  return {
    rows: rows.length,
    alarmRow: alarmRow < 0 ? null : alarmRow,
    alarmAt: alarmRow < 0 ? null : at(alarmRow),
    leadHours: alarmRow < 0 ? null : Math.round(10 * (hours(rows.length - 1) - hours(alarmRow))) / 10,
    falseRows: firstHalf.filter((h) => h < 50).length,
    lowestInFirstHalf: Math.round(Math.min(...firstHalf)),
    strongest: alarmRow < 0 ? null : (deviations(period, rows[alarmRow]!)[0]?.feature ?? null),
  }
}
