import { seriesBase, type DeviceState } from '../../core/telemetry/device-state.ts'
import type { Layout, Offsets } from '../../core/telemetry/layout.ts'
import {
  MINUTE,
  minuteOf,
  type Column,
  type EpochMs,
  type ReadingBatch,
} from '../../core/telemetry/reading.ts'
import {
  noEffects,
  type BoundStage,
  type Context,
  type Effect,
  type Stage,
} from '../../core/telemetry/stage.ts'
import type { NormalizeOffsets } from './normalize.ts'

export const aggregateFields = {
  sum: 'f64',
  m2: 'f64',
  min: 'f64',
  max: 'f64',
  first: 'f64',
  n: 'u32',
  /** Newest receipt that went in, in seconds. */
  receipt: 'u32',
} as const

/** A tick closes a window this long after its end: the watermark. */
const WATERMARK_MS = 60_000

/**
 * One open one-minute window a series. Its minute is that of the series' newest reading, so it needs no field; n = 0
 * means that this minute has been written, and whatever still comes for it is repair's.
 */
export const aggregate: Stage = {
  name: 'aggregate',
  fields: { series: aggregateFields },
  bind: bindAggregate,
}

function bindAggregate(layout: Layout): BoundStage {
  const o = layout.series('aggregate') as Offsets<typeof aggregateFields>
  const last = layout.series('normalize') as NormalizeOffsets

  function step(state: DeviceState, batch: ReadingBatch, context: Context): Effect[] {
    if (batch.lane === 'backfill') return noEffects
    let effects = noEffects
    for (const column of batch.columns) effects = fold(state, column, context, effects)
    return effects
  }

  function fold(state: DeviceState, column: Column, context: Context, effects: Effect[]): Effect[] {
    const { at, value, advancing } = column
    const { f64, u32 } = state
    const base = seriesBase(layout, column.slot)
    let minute = minuteOf(column.before.at)
    let end = (minute + 1) * MINUTE
    const receipt = Math.floor(context.receivedAt / 1000)
    let folded = false
    let previous = column.before.value
    let n = u32[base * 2 + o.n]!
    let sum = f64[base + o.sum]!
    let m2 = f64[base + o.m2]!
    let min = f64[base + o.min]!
    let max = f64[base + o.max]!
    for (let i = 0; i < at.length; i++) {
      const x = value[i]!
      if (advancing[i] === 0 || x !== x) continue
      if (at[i]! >= end) {
        if (n > 0) {
          u32[base * 2 + o.n] = n
          f64[base + o.sum] = sum
          f64[base + o.m2] = m2
          f64[base + o.min] = min
          f64[base + o.max] = max
          if (folded) u32[base * 2 + o.receipt] = receipt
          effects = append(effects, written(state, column.slot, base, minute, previous))
        }
        minute = minuteOf(at[i]!)
        end = (minute + 1) * MINUTE
        n = 1
        sum = min = max = x
        m2 = 0
        f64[base + o.first] = x
        folded = true
      } else if (n === 0) {
        context.dirty.add(minute) // already written: from now on only repair writes this minute
      } else {
        // Welford 1962, the mean taken from the exact sum
        const before = x - sum / n
        n++
        sum += x
        m2 += before * (x - sum / n)
        if (x < min) min = x
        if (x > max) max = x
        folded = true
      }
      previous = x
    }
    u32[base * 2 + o.n] = n
    f64[base + o.sum] = sum
    f64[base + o.m2] = m2
    f64[base + o.min] = min
    f64[base + o.max] = max
    if (folded) u32[base * 2 + o.receipt] = receipt
    return effects
  }

  function tick(state: DeviceState, now: EpochMs): Effect[] {
    let effects = noEffects
    for (let slot = 0; slot < state.measures.length; slot++) {
      const base = seriesBase(layout, slot)
      if (state.u32[base * 2 + o.n] === 0) continue
      const minute = minuteOf(state.f64[base + last.lastAt]!)
      if (now < (minute + 1) * MINUTE + WATERMARK_MS) continue
      effects = append(effects, written(state, slot, base, minute, state.f64[base + last.lastValue]!))
      state.u32[base * 2 + o.n] = 0
    }
    return effects
  }

  function written(
    state: DeviceState,
    slot: number,
    base: number,
    minute: number,
    lastValue: number,
  ): Effect {
    const { f64, u32, thing } = state
    return {
      kind: 'window',
      window: {
        thing,
        measure: state.measures[slot]!,
        minute,
        n: u32[base * 2 + o.n]!,
        sum: f64[base + o.sum]!,
        m2: f64[base + o.m2]!,
        min: f64[base + o.min]!,
        max: f64[base + o.max]!,
        first: f64[base + o.first]!,
        last: lastValue,
        version: u32[base * 2 + o.receipt]! * 1000,
        repaired: false,
      },
    }
  }

  return { name: 'aggregate', step, tick }
}

/** `noEffects` is shared and stays empty. */
function append(effects: Effect[], effect: Effect): Effect[] {
  if (effects === noEffects) return [effect]
  effects.push(effect)
  return effects
}
