import type { Placed } from '../src/core/device/nearest.ts'
import type { Device } from '../src/core/device/profile.ts'
import { devicePlace } from '../src/pipeline/device-place.ts'
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
    const place = (state && devicePlace(state)) ?? location
    if (place) yield { thing, ...place }
  }
}
