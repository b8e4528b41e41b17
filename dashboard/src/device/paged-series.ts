import { call, segment, withQuery } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { MinuteWindow, Page, Reading } from '../api/types.ts'
import type { Points } from '../chart/plot.ts'
import type { SeriesAnswer, SeriesQuery } from './series-source.ts'

/** Longer than this, single readings are more than a chart can show and than a few requests can bring. */
const READINGS_MS = 15 * 60_000
const WINDOWS_MS = 8 * 86_400_000
const MOST_PAGES = 24

/** The same from lists of readings or windows, where no planner is installed. */
export async function pagedSeries(query: SeriesQuery, signal: AbortSignal): Promise<SeriesAnswer> {
  const { from, to, measures, thing } = query
  const span = to - from
  if (span > WINDOWS_MS)
    throw new Problem(
      'range_too_long',
      0,
      'the range is too long',
      'this installation answers at most 8 days at a time',
    )
  const raw = span <= READINGS_MS
  const series = new Map<string, Points>()
  await Promise.all(
    measures.map(async (measure) => {
      const path = withQuery(`/v1/devices/${segment(thing)}/${raw ? 'readings' : 'windows'}`, {
        measures: measure,
        from: Math.floor(from),
        to: Math.ceil(to),
        limit: 1000,
      })
      const points = raw
        ? ofReadings(await pages<Reading>(path, signal))
        : ofWindows(await pages<MinuteWindow>(path, signal))
      series.set(measure, points)
    }),
  )
  return { series, used: raw ? 'readings' : '1 min windows' }
}

async function pages<T>(path: string, signal: AbortSignal): Promise<T[]> {
  const items: T[] = []
  let next: string | null = path
  for (let n = 0; next !== null && n < MOST_PAGES; n++) {
    const page: Page<T> = await call<Page<T>>(next, { signal })
    items.push(...page.items)
    next = page.next
  }
  return items
}

function ofReadings(readings: readonly Reading[]): Points {
  const numbers = readings.filter(({ value }) => value !== null)
  return { at: numbers.map(({ at }) => at), mean: numbers.map(({ value }) => value) }
}

/** A minute without readings breaks the line. */
function ofWindows(windows: readonly MinuteWindow[]): Points {
  const at: number[] = []
  const [mean, min, max]: (number | null)[][] = [[], [], []]
  for (const window of windows) {
    const before = at.at(-1)
    if (before !== undefined && window.at - before > 150_000) {
      at.push(before + 60_000)
      mean?.push(null)
      min?.push(null)
      max?.push(null)
    }
    at.push(window.at + 30_000)
    mean?.push(window.mean)
    min?.push(window.min)
    max?.push(window.max)
  }
  return { at, mean: mean ?? [], min: min ?? [], max: max ?? [] }
}
