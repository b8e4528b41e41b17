import type { AlarmState } from '../core/alarm/alarm-state.ts'
import type { Severity, Transition, Why } from '../core/alarm/transition.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/** The one alarm of a (rule, thing, key). What people do lies in fields that transitions never touch. */
export interface Alarm {
  id: string
  rule: string
  thing: string
  key: string
  state: AlarmState
  severity: Severity
  /** When the present episode was raised, and cleared. */
  raisedAt: EpochMs
  clearedAt: EpochMs | null
  /** Time of the newest transition taken. */
  transitionAt: EpochMs
  occurrences: number
  why: Why
  acknowledgedAt: EpochMs | null
  acknowledgedBy: string | null
  comment: string | null
}

export interface AlarmEvent {
  id: string
  alarm: string
  at: EpochMs
  recordedAt: EpochMs
  kind: 'raised' | 'cleared' | 'acknowledged'
  severity: Severity
  by: string | null
  text: string
}

export interface AlarmQuery {
  state?: 'active' | 'unacknowledged' | 'all'
  thing?: string
  severity?: Severity
  rule?: string
  /** Alarm id to go on after. */
  cursor?: string
  limit: number
}

export interface AlarmBook {
  /**
   * Takes transitions in order; one not newer than its key's last is ignored. `tell` says which of them people must
   * hear of; those stay in `untold` until `told`, so a crash in between repeats the telling, never swallows it.
   * Gives the ones that were new.
   */
  apply(
    transitions: readonly Transition[],
    recordedAt: EpochMs,
    tell: (transition: Transition) => boolean,
  ): Promise<Transition[]>
  /** Oldest first. */
  untold(limit: number): Promise<Transition[]>
  told(ids: readonly string[]): Promise<void>
  acknowledge(id: string, by: string, comment: string | null, at: EpochMs): Promise<Alarm | null>
  get(id: string): Promise<Alarm | null>
  list(query: AlarmQuery): Promise<Alarm[]>
  /** Newest first. */
  history(id: string, limit: number): Promise<AlarmEvent[]>
}

export const alarmId = (rule: string, thing: string, key: string): string => `${rule}/${thing}/${key}`
