import { hoursFor, toSingle, type HoursByMeasure } from '../../core/maintenance/machine-hours.ts'
import { HOUR_MINUTES } from '../../core/maintenance/measure-spans.ts'
import { MINUTE } from '../../core/telemetry/reading.ts'
import type { HourQuery } from '../../ports/machine-reader.ts'
import { querySeries } from './query.ts'
import type { HistoryStores } from './series-reader.ts'

const HOUR = HOUR_MINUTES * MINUTE

/** A machine's clock hours over all tiers, by the planner. */
export async function storedHours(
  { thing, from, to, knownBy }: HourQuery,
  stores: HistoryStores,
): Promise<HoursByMeasure> {
  const all: HoursByMeasure = new Map()
  if (from >= to) return all
  const { series } = await querySeries(
    {
      things: [thing],
      from,
      to,
      stepMs: HOUR,
      points: Math.ceil((to - from) / HOUR),
      fill: 'none',
      reduce: 'none',
      resolution: knownBy === undefined ? 'auto' : 'minute',
      ...(knownBy !== undefined && { knownBy }),
    },
    stores,
  )
  for (const { measure, moments } of series) {
    const hours = hoursFor(all, measure)
    for (const { at, n, sum, m2, min, max } of moments ?? []) {
      const start = at / MINUTE
      const span = { start, end: start + HOUR_MINUTES, n, mean: sum / n, m2, min, max }
      toSingle(span)
      hours.set(at / HOUR, span)
    }
  }
  return all
}
