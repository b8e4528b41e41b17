import type { SeriesQuestion } from '../history/query.ts'
import type { ReportSources } from './report-sources.ts'

interface Answer {
  stepMs: number | null
  series: {
    at: number[]
    value?: (number | null)[]
    mean?: (number | null)[]
    min?: (number | null)[]
    max?: (number | null)[]
  }[]
}

/** The series of a chart through the planner, over all tiers. A bucket stands in its middle; missing ones break the line. */
export const chartSeries =
  (ask: (question: SeriesQuestion) => Promise<string>): ReportSources['series'] =>
  async ({ thing, measure, from, to, points }) => {
    const question = { things: [thing], measures: [measure], from, to, points }
    const text = await ask({ ...question, resolution: 'auto', fill: 'none', reduce: 'none' })
    const { stepMs, series } = JSON.parse(text) as Answer
    const found = series[0]
    if (!found || found.at.length === 0) return null
    if (stepMs === null || !found.mean) return { at: found.at, mean: found.mean ?? found.value ?? [] }
    const chart = { at: [] as number[], mean: [] as (number | null)[], min: [] as (number | null)[], max: [] as (number | null)[] } // prettier-ignore
    for (const [i, start] of found.at.entries()) {
      const before = found.at[i - 1]
      if (before !== undefined && start - before > 2.5 * stepMs) {
        chart.at.push(before + 1.5 * stepMs)
        for (const column of [chart.mean, chart.min, chart.max]) column.push(null)
      }
      chart.at.push(start + stepMs / 2)
      chart.mean.push(found.mean[i] ?? null)
      chart.min.push(found.min?.[i] ?? null)
      chart.max.push(found.max?.[i] ?? null)
    }
    return chart
  }
