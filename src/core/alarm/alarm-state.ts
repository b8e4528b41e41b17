/**
 * ISA-18.2 states from two facts: does the condition stand, and has a person seen it. An acknowledged alarm that
 * clears is normal again; an unacknowledged one stays on the list until someone has seen it.
 */
export type AlarmState = 'unackActive' | 'ackActive' | 'unackCleared' | 'normal'

export function alarmState(active: boolean, acknowledged: boolean): AlarmState {
  if (active) return acknowledged ? 'ackActive' : 'unackActive'
  return acknowledged ? 'normal' : 'unackCleared'
}
