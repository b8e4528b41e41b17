import { qualityNames } from '../../core/telemetry/reading.ts'
import { mean, std } from '../../core/window/window.ts'
import type { SeriesAnswer } from './query.ts'

/** The answer as the API gives it: one array a column, which is a third of the bytes of an object a point. */
export function seriesJson({ plan, tiersUsed, missing, series }: SeriesAnswer): string {
  return JSON.stringify({
    resolution: plan.resolution,
    sources: plan.steps,
    stepMs: plan.buckets && 'stepMs' in plan.buckets ? plan.buckets.stepMs : null,
    from: plan.from,
    to: plan.to,
    tiersUsed,
    complete: missing.length === 0,
    missing,
    series: series.map(({ thing, measure, readings, moments, filled }) => {
      if (readings)
        return {
          thing,
          measure,
          at: readings.map((r) => r.at),
          value: readings.map((r) => (Number.isNaN(r.value) ? null : r.value)),
          ...(readings.some((r) => r.text !== null) && { text: readings.map((r) => r.text) }),
          ...(readings.some((r) => r.quality !== 0) && {
            quality: readings.map((r) => qualityNames[r.quality] ?? 'good'),
          }),
        }
      if (filled) return { thing, measure, at: filled.at, mean: filled.mean }
      const rows = moments ?? []
      return {
        thing,
        measure,
        at: rows.map((m) => m.at),
        n: rows.map((m) => m.n),
        mean: rows.map(mean),
        min: rows.map((m) => m.min),
        max: rows.map((m) => m.max),
        std: rows.map(std),
        first: rows.map((m) => m.first),
        last: rows.map((m) => m.last),
        sum: rows.map((m) => m.sum),
      }
    }),
  })
}
