import type { Severity } from '../../core/alarm/transition.ts'
import type { DeviceCondition } from '../../core/device/status.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Alarm } from '../../ports/alarm-book.ts'

const weighty: readonly Severity[] = ['major', 'critical']

/** Whether a device is well after its update: neither silent nor offline, and without a new alarm of weight. */
export function healthLook(
  alarms: readonly Alarm[],
  statusOf: (thing: string) => { condition: DeviceCondition },
) {
  const raised = new Map<string, EpochMs>()
  for (const { thing, severity, raisedAt } of alarms)
    if (weighty.includes(severity)) raised.set(thing, Math.max(raisedAt, raised.get(thing) ?? 0))
  return (thing: string, updatedAt: EpochMs): boolean => {
    const { condition } = statusOf(thing)
    return condition !== 'offline' && condition !== 'silent' && (raised.get(thing) ?? 0) < updatedAt
  }
}
