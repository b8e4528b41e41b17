import { seriesBase, type DeviceState } from '../core/telemetry/device-state.ts'
import { trendPerMinute } from '../core/telemetry/trend.ts'
import type { LatestValue } from '../ports/telemetry-reader.ts'
import type { NormalizeOffsets } from './stages/normalize.ts'

/** The newest reading by event time of each of a device's series, straight from its fast state. */
export function latestOf(state: DeviceState): LatestValue[] {
  const o = state.layout.series('normalize') as NormalizeOffsets
  return state.measures.map((measure, slot) => {
    const base = seriesBase(state.layout, slot)
    const value = state.f64[base + o.lastValue]!
    return {
      measure,
      at: state.f64[base + o.lastAt]!,
      value: Number.isNaN(value) ? null : value,
      trendPerMinute: trendPerMinute(state.f32, base * 2, o),
    }
  })
}
