import { transitionId, type Severity, type Transition, type Why } from '../../core/alarm/transition.ts'
import { measureType, type Learned, type MeasureType } from '../../core/device/profile.ts'
import { seriesBase, tickFloorOf, type DeviceState } from '../../core/telemetry/device-state.ts'
import type { Layout, Offsets } from '../../core/telemetry/layout.ts'
import { Quality, type Column, type EpochMs, type ReadingBatch } from '../../core/telemetry/reading.ts'
import {
  noEffects,
  type BoundStage,
  type Context,
  type Effect,
  type Stage,
} from '../../core/telemetry/stage.ts'

export const detectFields = { detect: 'u32' } as const

/** Layout of the one state word: alarms standing in bits 0–7, outliers in a row in 8–15, equal readings in a row in 16–31. */
const standing = { high: 1, low: 2, rate: 4, stuck: 8, outlier: 16 } as const
type Detector = keyof typeof standing
const RUN_SHIFT = 8
const SAME_SHIFT = 16
const LONGEST_RUN = 0xff
const LONGEST_SAME = 0xffff

const defaults = { zLimit: 6, zRun: 3, deadbandShare: 0.02 } as const
const defaultSeverity: Record<Detector, Severity> = {
  high: 'major',
  low: 'major',
  rate: 'minor',
  stuck: 'warning',
  outlier: 'minor',
}
const severityKey = { high: 'limit', low: 'limit', rate: 'rate', stuck: 'stuck', outlier: 'z' } as const

/**
 * Finds what is wrong with a single series: outside its physical limits, changing faster than it can, stuck, or far
 * from what it has been learned to be (robust z-score, Iglewicz and Hoaglin 1993). Only advancing readings count.
 */
export const detect: Stage = { name: 'detect', fields: { series: detectFields }, bind: bindDetect }

/** A measure's settings with every default filled in, in the form the loop wants. */
interface Settings {
  type: MeasureType
  low: number
  high: number
  deadband: number
  rate: number
  stuckAfter: number
  zLimit: number
  zRun: number
  learned: Learned | undefined
}

function bindDetect(layout: Layout): BoundStage {
  const o = layout.series('detect') as Offsets<typeof detectFields>
  const known = new WeakMap<MeasureType | Learned, Settings>()

  function settingsOf({ profile }: Context, measure: string): Settings {
    const type = measureType(profile, measure)
    const learned = profile.learned[measure]
    let settings = known.get(learned ?? type) // many devices share a type's word, each has learned its own
    if (settings?.type !== type) {
      const low = type.low ?? -Infinity
      const high = type.high ?? Infinity
      const span = Number.isFinite(high - low) ? high - low : Math.abs(Number.isFinite(high) ? high : low)
      settings = {
        type,
        low,
        high,
        deadband: type.deadband ?? (Number.isFinite(span) ? span * defaults.deadbandShare : 0),
        rate: type.ratePerSecond === undefined ? Infinity : type.ratePerSecond / 1000,
        stuckAfter: type.stuckAfter ? Math.min(type.stuckAfter, LONGEST_SAME) : Infinity,
        zLimit: type.zLimit ?? defaults.zLimit,
        zRun: Math.min(type.zRun ?? defaults.zRun, LONGEST_RUN),
        learned,
      }
      known.set(learned ?? type, settings)
    }
    return settings
  }

  function step(state: DeviceState, batch: ReadingBatch, context: Context): Effect[] {
    if (batch.lane === 'backfill') return noEffects
    const effects: Effect[] = []
    for (const column of batch.columns) {
      if (column.text === null) watch(state, column, settingsOf(context, column.measure), effects)
    }
    return effects
  }

  function watch(state: DeviceState, column: Column, settings: Settings, effects: Effect[]): void {
    const { at, value, advancing, quality, delta } = column
    const { low, high, deadband, rate, stuckAfter, zLimit, zRun, learned } = settings
    const word = seriesBase(layout, column.slot) * 2 + o.detect
    const median = learned ? learned.median : 0
    const reach = learned && zLimit > 0 ? zLimit * learned.spread : Infinity
    let bits = state.u32[word]! & 0xff
    let run = (state.u32[word]! >>> RUN_SHIFT) & 0xff
    let same = state.u32[word]! >>> SAME_SHIFT
    let previousAt = column.before.at
    let previous = column.before.value
    for (let i = 0; i < at.length; i++) {
      const v = value[i]!
      if (advancing[i] === 0 || v !== v) continue
      const t = at[i]!

      const above = v > high || ((bits & standing.high) !== 0 && v > high - deadband)
      if (above !== ((bits & standing.high) !== 0)) {
        bits ^= standing.high
        turn(state, column, i, 'high', above, settings, effects)
      }
      const below = v < low || ((bits & standing.low) !== 0 && v < low + deadband)
      if (below !== ((bits & standing.low) !== 0)) {
        bits ^= standing.low
        turn(state, column, i, 'low', below, settings, effects)
      }

      const fast = previousAt > 0 && Math.abs(delta[i]!) > rate * (t - previousAt)
      if (fast) quality[i] = Quality.spike
      if (fast !== ((bits & standing.rate) !== 0)) {
        bits ^= standing.rate
        turn(state, column, i, 'rate', fast, settings, effects)
      }

      same = v === previous ? Math.min(same + 1, LONGEST_SAME) : 1
      const stuck = same >= stuckAfter
      if (stuck) quality[i] = Quality.stuck
      if (stuck !== ((bits & standing.stuck) !== 0)) {
        bits ^= standing.stuck
        turn(state, column, i, 'stuck', stuck, settings, effects)
      }

      const far = Math.abs(v - median) > reach
      if (far && quality[i] === Quality.good) quality[i] = Quality.spike
      run = far ? Math.min(run + 1, LONGEST_RUN) : 0
      if (run === 1) effects.push(finding(state.thing, column, i, 'outlier', settings))
      const outlying = far && (run >= zRun || (bits & standing.outlier) !== 0)
      if (outlying !== ((bits & standing.outlier) !== 0)) {
        bits ^= standing.outlier
        turn(state, column, i, 'outlier', outlying, settings, effects)
      }

      previousAt = t
      previous = v
    }
    state.u32[word] = bits | (run << RUN_SHIFT) | (same << SAME_SHIFT)
  }

  return { name: 'detect', step, tick: () => noEffects }
}

function turn(
  state: DeviceState,
  column: Column,
  i: number,
  detector: Detector,
  active: boolean,
  settings: Settings,
  effects: Effect[],
): void {
  const at = Math.max(column.at[i]!, tickFloorOf(state) + 1)
  const rule = `detect-${detector}`
  const transition: Transition = {
    id: transitionId(rule, state.thing, column.measure, at),
    rule,
    thing: state.thing,
    key: column.measure,
    to: active ? 'active' : 'clear',
    at,
    severity: settings.type.severity?.[severityKey[detector]] ?? defaultSeverity[detector],
    why: explain(column, i, detector, active, settings),
  }
  effects.push({ kind: 'transition', transition })
  if (active && detector !== 'outlier') effects.push(finding(state.thing, column, i, detector, settings))
}

function explain(column: Column, i: number, detector: Detector, active: boolean, settings: Settings): Why {
  const observed = column.value[i]!
  const unit = settings.type.unit
  const shown = unit === undefined ? `${observed}` : `${observed} ${unit}`
  const text = active
    ? {
        high: `${column.measure} is ${shown}, above its limit of ${settings.high}`,
        low: `${column.measure} is ${shown}, below its limit of ${settings.low}`,
        rate: `${column.measure} changed by ${column.delta[i]!} to ${shown}, faster than ${settings.rate * 1000} a second`,
        stuck: `${column.measure} has been exactly ${shown} for ${settings.stuckAfter} readings`,
        outlier: `${column.measure} is ${shown}, more than ${settings.zLimit} spreads from its usual ${settings.learned?.median}`,
      }[detector]
    : `${column.measure} is ${shown} again within what is expected`
  return {
    detector,
    text,
    observed,
    expected: expectedBand(detector, settings),
    ...(unit === undefined ? {} : { unit }),
  }
}

function finding(thing: string, column: Column, i: number, detector: Detector, settings: Settings): Effect {
  const observed = column.value[i]!
  const at: EpochMs = column.at[i]!
  const expected = expectedBand(detector, settings)
  return {
    kind: 'anomaly',
    anomaly: {
      thing,
      measure: column.measure,
      at,
      detector,
      score: score(column, i, detector, settings),
      observed,
      expected,
    },
  }
}

function score(column: Column, i: number, detector: Detector, settings: Settings): number {
  const v = column.value[i]!
  if (detector === 'high') return v - settings.high
  if (detector === 'low') return settings.low - v
  if (detector === 'rate') return Math.abs(column.delta[i]!)
  if (detector === 'stuck') return settings.stuckAfter
  return settings.learned ? Math.abs(v - settings.learned.median) / settings.learned.spread : 0
}

function expectedBand(
  detector: Detector,
  { low, high, zLimit, learned }: Settings,
): { low?: number; high?: number } {
  if (detector === 'outlier' && learned)
    return { low: learned.median - zLimit * learned.spread, high: learned.median + zLimit * learned.spread }
  return { ...(low > -Infinity ? { low } : {}), ...(high < Infinity ? { high } : {}) }
}

export { defaults as detectDefaults }
