import type { DeviceProfile } from '../core/device/profile.ts'
import type { Machine } from '../core/maintenance/failure-modes.ts'
import type { FeatureOptions } from '../core/maintenance/features.ts'
import type { WorkOrder } from '../core/maintenance/work-order.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { MachineQuestion } from '../ports/machine-watch.ts'

/** What sort of machine a device is: its attribute `machine`, else its type's name. Null for what has no failure modes. */
export function machineKind({ device }: Pick<DeviceProfile, 'device'>): Machine | null {
  const name = device.attributes['machine'] ?? device.type
  return name === 'motor' || name === 'pump' || name === 'compressor' || name === 'vehicle' ? name : null
}

/** When the machine was put in service, by its attribute `installed`; null if that is no date. */
export function installedAt({ device }: Pick<DeviceProfile, 'device'>): EpochMs | null {
  const at = Date.parse(device.attributes['installed'] ?? '')
  return Number.isNaN(at) ? null : at
}

/** What is asked of a machine's history: its attributes say when it runs (`rpm>100`) and what loads it. */
export function machineQuestion(
  profile: Pick<DeviceProfile, 'device'>,
  orders: readonly WorkOrder[],
  at: EpochMs,
): MachineQuestion {
  const { thing, attributes } = profile.device
  const { running, load } = attributes
  const maintainedAt = orders.flatMap(({ status, closedAt }) =>
    status === 'done' && closedAt !== null && closedAt < at ? [closedAt] : [],
  )
  return {
    thing,
    at,
    installedAt: installedAt(profile),
    maintainedAt: maintainedAt.sort((a, b) => a - b),
    ...runningOf(running),
    ...(load === undefined ? {} : { load }),
  }
}

function runningOf(text: string | undefined): Pick<FeatureOptions, 'running'> {
  const [measure, above] = (text ?? '').split('>')
  const limit = Number(above)
  return measure && above && Number.isFinite(limit)
    ? { running: { measure: measure.trim(), above: limit } }
    : {}
}
