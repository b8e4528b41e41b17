import { computed, signal } from '@preact/signals'
import { all } from '../api/client.ts'
import type { Alarm, Severity } from '../api/types.ts'

/** Alarms that stand, most urgent and newest first. Null until they are known. */
export const activeAlarms = signal<readonly Alarm[] | null>(null)

export const severities: readonly Severity[] = ['critical', 'major', 'minor', 'warning']
export const isUnacknowledged = ({ state }: Alarm): boolean =>
  state === 'unackActive' || state === 'unackCleared'

export const byUrgency = (a: Alarm, b: Alarm): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  b.transitionAt - a.transitionAt ||
  (a.id < b.id ? -1 : 1)

export async function loadActiveAlarms(): Promise<void> {
  const found = await all<Alarm>('/v1/alarms?state=active&limit=1000', 5000)
  activeAlarms.value = found.sort(byUrgency)
}

/** The most urgent standing alarm of each thing. */
export const worstByThing = computed(() => {
  const worst = new Map<string, Alarm>()
  for (const alarm of activeAlarms.value ?? []) if (!worst.has(alarm.thing)) worst.set(alarm.thing, alarm)
  return worst
})
