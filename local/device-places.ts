import type { Placed } from '../src/core/device/nearest.ts'
import type { Device } from '../src/core/device/profile.ts'
import type { DeviceState } from '../src/core/telemetry/device-state.ts'
import { latestOf } from '../src/pipeline/latest.ts'
import type { BoxStates } from './box-states.ts'
import type { LocalDevices } from './local-devices.ts'

/** Where devices are: by their newest position if they send one, else where the registry says. */
export function* placesOf(
  devices: LocalDevices,
  states: BoxStates,
  keep: (device: Device) => boolean,
): Generator<Placed> {
  for (const device of devices.all()) {
    if (!keep(device)) continue
    const { thing, location } = device
    const state = states.get(thing)
    const place = (state && positionIn(state)) ?? location
    if (place) yield { thing, ...place }
  }
}

function positionIn(state: DeviceState): { latitude: number; longitude: number } | null {
  if (!state.slots.has('latitude') || !state.slots.has('longitude')) return null
  const values = new Map(latestOf(state).map(({ measure, value }) => [measure, value]))
  const [latitude, longitude] = [values.get('latitude'), values.get('longitude')]
  return typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : null
}
