import { seriesBase, type DeviceState } from '../core/telemetry/device-state.ts'
import { trendPerMinute } from '../core/telemetry/trend.ts'
import type { LatestValue } from '../ports/telemetry-reader.ts'
import type { NormalizeOffsets } from './stages/normalize.ts'

/** The newest reading by event time of each of a device's series, straight from its fast state. */
export function latestOf(state: DeviceState): LatestValue[] {
  const o = state.layout.series('normalize') as NormalizeOffsets
  const latest: LatestValue[] = []
  for (const [slot, measure] of state.measures.entries()) {
    const base = seriesBase(state.layout, slot)
    const at = state.f64[base + o.lastAt]!
    if (at === 0) continue // only history, or readings ahead of their time, came so far
    const value = state.f64[base + o.lastValue]!
    latest.push({
      measure,
      at,
      value: Number.isNaN(value) ? null : value,
      trendPerMinute: rounded(trendPerMinute(state.f32, base * 2, o)),
    })
  }
  return latest
}

/** Single precision holds seven digits; the others would be a tenth of what a poll of ten thousand devices carries. */
const rounded = (trend: number | null): number | null => trend && Number(trend.toPrecision(7))
