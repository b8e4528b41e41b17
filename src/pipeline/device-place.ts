import type { DeviceState } from '../core/telemetry/device-state.ts'
import { latestOf } from './latest.ts'

/** Where a device last said that it is; null for one that does not say. */
export function devicePlace(state: DeviceState): { latitude: number; longitude: number } | null {
  if (!state.slots.has('latitude') || !state.slots.has('longitude')) return null
  const values = new Map(latestOf(state).map(({ measure, value }) => [measure, value]))
  const [latitude, longitude] = [values.get('latitude'), values.get('longitude')]
  return typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : null
}
