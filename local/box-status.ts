import type { Device } from '../src/core/device/profile.ts'
import type { DeviceCondition } from '../src/core/device/status.ts'
import { isAskedAbout } from '../src/pipeline/devices/is-asked-about.ts'
import type { PresenceWatch } from '../src/pipeline/jobs/presence-ports.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { StatusDesk } from '../src/ports/device-desk.ts'
import type { LocalDevices } from './local-devices.ts'

/** Where so few devices of a hundred thousand are as asked, they are looked up and sorted instead of walking the registry. */
const FEW = 5_000

/** Who is how, out of memory: a page costs what it shows, not what there is. */
export function createBoxStatus(parts: {
  watch: Pick<PresenceWatch, 'status' | 'standing' | 'shown'>
  devices: Pick<LocalDevices, 'current' | 'all' | 'after'>
  clock: Clock
}): StatusDesk {
  const { watch, devices, clock } = parts
  const view = (thing: string) => ({ thing, ...watch.status(thing, clock.now()) })
  /** Whether a device is so, as the last sweep found it. */
  const test =
    (condition: DeviceCondition | undefined): ((thing: string) => boolean) =>
    (thing) =>
      condition === undefined || watch.shown(thing) === condition

  function* candidates(condition: DeviceCondition | undefined, cursor: string): Generator<Device> {
    const standing = condition === undefined || condition === 'never' ? null : watch.standing(condition)
    if (standing === null || standing.size > FEW) {
      yield* devices.after(cursor)
      return
    }
    for (const thing of [...standing].filter((name) => name > cursor).sort()) {
      const device = devices.current(thing)
      if (device) yield device
    }
  }

  return {
    of: async (thing) => view(thing),
    list: async ({ condition, cursor = '', limit, ...query }) => {
      const is = test(condition)
      const found = []
      for (const device of candidates(condition, cursor)) {
        if (found.length >= limit) break
        if (!isAskedAbout(device, query) || !is(device.thing)) continue
        const status = view(device.thing)
        if (condition === undefined || status.condition === condition) found.push(status)
      }
      return found
    },
    counts: async (query) => {
      const counts = { devices: 0, never: 0, online: 0, silent: 0, offline: 0, suspended: 0, retired: 0 }
      for (const device of devices.all()) {
        if (!isAskedAbout(device, query)) continue
        counts.devices++
        counts[device.status === 'active' ? watch.shown(device.thing) : device.status]++
      }
      return counts
    },
  }
}
