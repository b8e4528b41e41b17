import { call, withQuery } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import type { Points } from '../chart/plot.ts'
import { duration } from '../data/format.ts'
import { pagedSeries } from './paged-series.ts'

export interface SeriesQuery {
  thing: string
  measures: readonly string[]
  from: number
  to: number
  /** About how many points a chart can show. */
  points: number
}

export interface SeriesAnswer {
  series: ReadonlyMap<string, Points>
  /** What the points are: “readings”, “1 min windows”. */
  used: string
}

interface PlannedAnswer {
  resolution: 'raw' | 'minute' | 'quarter' | 'day'
  stepMs: number | null
  tiersUsed: string[]
  complete: boolean
  series: {
    measure: string
    at: number[]
    value?: (number | null)[]
    mean?: (number | null)[]
    min?: (number | null)[]
    max?: (number | null)[]
  }[]
}

let planner = true

/** Whatever the platform has of these measures over a range, at a resolution that fits it, from all its tiers. */
export async function fetchSeries(query: SeriesQuery, signal: AbortSignal): Promise<SeriesAnswer> {
  const { thing, measures, from, to, points } = query
  if (measures.length === 0) return { series: new Map(), used: '' }
  if (!planner) return pagedSeries(query, signal)
  const path = withQuery('/v1/series', {
    things: thing,
    measures: measures.join(','),
    from: Math.floor(from),
    to: Math.ceil(to),
    points,
  })
  try {
    const answer = await call<PlannedAnswer>(path, { signal })
    return {
      series: new Map(answer.series.map((one) => [one.measure, pointsOf(one, answer.stepMs)])),
      used: usedText(answer),
    }
  } catch (error) {
    const { code } = asProblem(error)
    if (code !== 'no_history' && code !== 'no_such_path') throw error
    planner = false
    return pagedSeries(query, signal)
  }
}

/** A bucket stands in its middle; where buckets are missing the line breaks. */
function pointsOf(
  { at, value, mean, min, max }: PlannedAnswer['series'][number],
  stepMs: number | null,
): Points {
  if (stepMs === null || !mean) return { at, mean: value ?? mean ?? [] }
  const out: { at: number[]; mean: (number | null)[]; min: (number | null)[]; max: (number | null)[] } = {
    at: [],
    mean: [],
    min: [],
    max: [],
  }
  for (const [i, start] of at.entries()) {
    const before = at[i - 1]
    if (before !== undefined && start - before > 2.5 * stepMs) {
      out.at.push(before + 1.5 * stepMs)
      for (const column of [out.mean, out.min, out.max]) column.push(null)
    }
    out.at.push(start + stepMs / 2)
    out.mean.push(mean[i] ?? null)
    out.min.push(min?.[i] ?? null)
    out.max.push(max?.[i] ?? null)
  }
  return out
}

function usedText({ resolution, stepMs, tiersUsed, complete }: PlannedAnswer): string {
  const what =
    stepMs === null ? (resolution === 'raw' ? 'readings' : 'windows') : `${duration(stepMs)} windows`
  const where = tiersUsed.some((tier) => tier !== 'hot') ? `, ${tiersUsed.join(' and ')} storage` : ''
  return `${what}${where}${complete ? '' : '; a part has expired or is damaged'}`
}
