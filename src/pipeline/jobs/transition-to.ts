import { transitionId, type Severity, type Transition, type Why } from '../../core/alarm/transition.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { alarmId, type AlarmBook } from '../../ports/alarm-book.ts'

/**
 * The transition that brings an alarm to where it should be, none if it is there or a newer one has spoken. A job that
 * runs again finds its own transition taken and has nothing to add.
 */
export async function transitionTo(
  alarms: Pick<AlarmBook, 'get'>,
  subject: { rule: string; thing: string; key: string; at: EpochMs; severity: Severity },
  /** What holds now; null where it can be neither raised nor cleared. */
  verdict: { active: boolean; why: Why } | null,
): Promise<Transition[]> {
  if (verdict === null) return []
  const { rule, thing, key, at, severity } = subject
  const alarm = await alarms.get(alarmId(rule, thing, key))
  const stands = alarm !== null && (alarm.state === 'unackActive' || alarm.state === 'ackActive')
  if (stands === verdict.active || (alarm !== null && alarm.transitionAt >= at)) return []
  const to = verdict.active ? 'active' : 'clear'
  return [{ id: transitionId(rule, thing, key, at), rule, thing, key, to, at, severity, why: verdict.why }]
}

/** Whether the alarm stands now. */
export async function standsNow(
  alarms: Pick<AlarmBook, 'get'>,
  rule: string,
  thing: string,
  key: string,
): Promise<boolean> {
  const state = (await alarms.get(alarmId(rule, thing, key)))?.state
  return state === 'unackActive' || state === 'ackActive'
}
