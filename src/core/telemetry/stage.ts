import type { OutboxEntry } from '../alarm/transition.ts'
import type { DeviceProfile } from '../device/profile.ts'
import type { WindowRow } from '../window/window.ts'
import type { DeviceState } from './device-state.ts'
import type { Layout, StateFields } from './layout.ts'
import type { EpochMs, Position, ReadingBatch } from './reading.ts'

/** A finding worth keeping beside the readings, whether or not it raises an alarm. Identity: (thing, measure, at, detector). */
export interface Anomaly {
  thing: string
  measure: string
  at: EpochMs
  detector: string
  /** How far out, in the detector's own unit (multiples of the spread, of the limit's distance, of the rate). */
  score: number
  observed: number
  expected: { low?: number; high?: number }
}

/** A trade's own result (a trip, a stop, a refuel). Identity: (kind, thing, key); a newer version replaces an older one. */
export interface Fact {
  type: string
  thing: string
  key: string
  at: EpochMs
  until: EpochMs
  version: EpochMs
  value: Readonly<Record<string, unknown>>
}

/**
 * What a stage wants done. Data effects (readings, window, anomaly, fact) are upserts by identity, safe to repeat;
 * transitions and commands go through the outbox inside the device's state.
 */
export type Effect =
  | { kind: 'readings'; batch: ReadingBatch; dirty: number[] }
  | { kind: 'window'; window: WindowRow }
  | { kind: 'anomaly'; anomaly: Anomaly }
  | { kind: 'fact'; fact: Fact }
  | OutboxEntry

export type DataEffect = Exclude<Effect, OutboxEntry>

/** What a stage may know besides its state and the batch. The profile is the one in force at the record's receipt. */
export interface Context {
  receivedAt: EpochMs
  position: Position
  profile: DeviceProfile
  /** Minutes of this batch whose windows only repair can get right. */
  dirty: Set<number>
}

/** One step of the pipeline. Deterministic: no clock, no randomness, nothing but its arguments. */
export interface Stage {
  readonly name: string
  readonly fields: StateFields
  /** Binds the stage to where the layout put its fields. */
  bind(layout: Layout): BoundStage
}

export interface BoundStage {
  readonly name: string
  step(state: DeviceState, batch: ReadingBatch, context: Context): Effect[]
  /** Time passes also where no data comes. */
  tick(state: DeviceState, now: EpochMs, context: Context): Effect[]
}

/** Shared by stages that have nothing to say, so that silence allocates nothing. */
export const noEffects: Effect[] = []
