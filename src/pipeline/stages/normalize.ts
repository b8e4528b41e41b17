import { convert, type Conversion } from '../../core/telemetry/unit-table.ts'
import { measureType, type MeasureType } from '../../core/device/profile.ts'
import { addSeries, seriesBase, slotOf, type DeviceState } from '../../core/telemetry/device-state.ts'
import { BadRecord, UnlearnedUnit } from '../../core/telemetry/errors.ts'
import type { Layout, Offsets } from '../../core/telemetry/layout.ts'
import { limits } from '../../core/telemetry/limits.ts'
import { minuteOf, Quality, type Column, type ReadingBatch } from '../../core/telemetry/reading.ts'
import {
  noEffects,
  type BoundStage,
  type Context,
  type Effect,
  type Stage,
} from '../../core/telemetry/stage.ts'
import {
  addToTrend,
  restartTrend,
  trendFields,
  TREND_TIME_CONSTANT_MINUTES,
} from '../../core/telemetry/trend.ts'
import { MINUTE } from '../../core/telemetry/reading.ts'

export const normalizeFields = { lastAt: 'f64', lastValue: 'f64', ...trendFields } as const
export type NormalizeOffsets = Offsets<typeof normalizeFields>

/** How one unit becomes another: null where that makes no sense, undefined where it must be looked up first. */
export type FindConversion = (from: string, to: string) => Conversion | null | undefined

/**
 * First stage: finds the series, converts to its canonical unit, and decides once for every reading whether it
 * advances state (DESIGN section 4). Whatever does not advance is stored, and its minute left to repair.
 */
export function normalize(findConversion: FindConversion): Stage {
  return {
    name: 'normalize',
    fields: { series: normalizeFields },
    bind: (layout) => bindNormalize(layout, findConversion),
  }
}

function bindNormalize(layout: Layout, findConversion: FindConversion): BoundStage {
  const o = layout.series('normalize') as NormalizeOffsets
  let decayMs = -1 // packs have a steady step, so the last exponential is nearly always the next one too
  let decay = 1

  function step(state: DeviceState, batch: ReadingBatch, context: Context): Effect[] {
    for (const column of batch.columns) {
      const type = measureType(context.profile, column.measure)
      if (column.unit !== null) toCanonicalUnit(column, type, findConversion)
      column.slot = findSlot(state, column.measure)
      const base = seriesBase(layout, column.slot)
      column.before.at = state.f64[base + o.lastAt]!
      column.before.value = state.f64[base + o.lastValue]!
      if (batch.lane === 'backfill' || column.history) setAside(column, type, context)
      else advance(state, base, column, type, context)
    }
    return noEffects
  }

  function advance(
    state: DeviceState,
    base: number,
    column: Column,
    type: MeasureType,
    context: Context,
  ): void {
    const { at, value, text, quality, advancing, delta } = column
    const { f64, f32 } = state
    const horizon = context.receivedAt + limits.aheadMs
    const counter = type.kind === 'counter'
    const low = type.low ?? -Infinity
    const high = type.high ?? Infinity
    let lastAt = column.before.at
    let lastValue = column.before.value
    const numeric = text === null
    for (let i = 0; i < at.length; i++) {
      const t = at[i]!
      const v = value[i]!
      if (t <= lastAt || t > horizon) {
        const repeated = t === lastAt && v === lastValue
        if (!repeated && v === v) context.dirty.add(minuteOf(t))
        quality[i] =
          v < low || v > high
            ? Quality.outOfRange
            : t > horizon
              ? Quality.ahead
              : t === lastAt
                ? Quality.duplicate
                : Quality.late
        continue
      }
      if (v < low || v > high) quality[i] = Quality.outOfRange
      if (!numeric && lastAt > 0 && lastValue === lastValue) continue // a text amid numbers: kept, but moves nothing
      advancing[i] = 1
      if (lastAt > 0 && v === v) {
        const reset = counter && v < lastValue
        delta[i] = reset ? v : v - lastValue
        const elapsed = t - lastAt
        if (reset) restartTrend(f32, base * 2, o)
        else {
          if (elapsed !== decayMs) {
            decayMs = elapsed
            decay = Math.exp(-elapsed / (TREND_TIME_CONSTANT_MINUTES * MINUTE))
          }
          addToTrend(f32, base * 2, o, elapsed / MINUTE, v - lastValue, decay)
        }
      } else restartTrend(f32, base * 2, o)
      lastAt = t
      lastValue = v
    }
    f64[base + o.lastAt] = lastAt
    f64[base + o.lastValue] = lastValue
  }

  function findSlot(state: DeviceState, measure: string): number {
    const known = slotOf(state, measure)
    if (known >= 0) return known
    if (state.measures.length >= limits.measuresPerDevice)
      throw new BadRecord(
        'too_many_measures',
        `${state.thing} already has ${limits.measuresPerDevice} measures`,
      )
    return addSeries(state, measure)
  }

  return { name: 'normalize', step, tick: () => noEffects }
}

/** Buffered history raises nothing and moves nothing. */
function setAside(column: Column, type: MeasureType, context: Context): void {
  const { at, value, quality } = column
  const low = type.low ?? -Infinity
  const high = type.high ?? Infinity
  for (let i = 0; i < at.length; i++) {
    const v = value[i]!
    if (v === v) context.dirty.add(minuteOf(at[i]!))
    quality[i] = v < low || v > high ? Quality.outOfRange : Quality.backfilled
  }
}

function toCanonicalUnit(column: Column, type: MeasureType, findConversion: FindConversion): void {
  const unit = column.unit!
  column.unit = null
  if (type.unit === undefined || type.unit === unit) return
  const conversion = findConversion(unit, type.unit)
  if (conversion === undefined) throw new UnlearnedUnit(unit, type.unit)
  if (conversion === null)
    throw new BadRecord(
      'bad_unit',
      `${column.measure} is kept in ${type.unit}, which ${unit} cannot be converted to`,
    )
  const { value } = column
  for (let i = 0; i < value.length; i++) value[i] = convert(conversion, value[i]!)
}
