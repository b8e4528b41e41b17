import type { Device } from '../src/core/device/profile.ts'
import type { DeviceQuery } from '../src/ports/device-directory.ts'

export interface DeviceIndex {
  get(thing: string): Device | null
  put(device: Device): void
  remove(thing: string): void
  list(query: DeviceQuery): Device[]
  all(): Iterable<Device>
  count(): number
}

interface Entry {
  device: Device
  /** Everything that a search looks into, in lower case. */
  text: string
}

/** The registry in memory, in the order of names. A page of 100,000 devices costs a search for its start and a scan for its filter. */
export function createDeviceIndex(inGroup: (group: string, thing: string) => boolean): DeviceIndex {
  const entries = new Map<string, Entry>()
  const sorted: string[] = []
  let unsorted = false

  function names(): string[] {
    if (unsorted) sorted.sort((a, b) => (a < b ? -1 : 1))
    unsorted = false
    return sorted
  }

  function put(device: Device): void {
    const { thing } = device
    if (!entries.has(thing)) {
      if (sorted.length > 0 && thing < sorted.at(-1)!) unsorted = true
      sorted.push(thing)
    }
    entries.set(thing, { device, text: searchText(device) })
  }

  function list(query: DeviceQuery): Device[] {
    const { trade, site, type, status, gateway, group, tag, cursor, limit } = query
    const text = query.text?.toLowerCase()
    const found: Device[] = []
    const all = names()
    for (let i = cursor === undefined ? 0 : firstAfter(all, cursor); i < all.length; i++) {
      if (found.length >= limit) break
      const { device, text: words } = entries.get(all[i]!)!
      if (trade !== undefined && device.trade !== trade) continue
      if (site !== undefined && device.site !== site) continue
      if (type !== undefined && device.type !== type) continue
      if (status !== undefined && device.status !== status) continue
      if (gateway !== undefined && device.gateway !== gateway) continue
      if (tag !== undefined && !carries(device, tag)) continue
      if (group !== undefined && !inGroup(group, device.thing)) continue
      if (text !== undefined && !words.includes(text)) continue
      found.push(device)
    }
    return found
  }

  return {
    get: (thing) => entries.get(thing)?.device ?? null,
    put,
    remove: (thing) => {
      if (!entries.delete(thing)) return
      const at = firstAfter(names(), thing) - 1
      sorted.splice(at, 1)
    },
    list,
    *all() {
      for (const { device } of entries.values()) yield device
    },
    count: () => entries.size,
  }
}

const carries = ({ attributes }: Device, { name, value }: { name: string; value?: string }): boolean =>
  Object.hasOwn(attributes, name) && (value === undefined || attributes[name] === value)

function firstAfter(sorted: readonly string[], thing: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= thing) low = middle + 1
    else high = middle
  }
  return low
}

/** U+0000 stands between the words, so that no search matches across two of them. */
const searchText = ({ thing, type, site, attributes }: Device): string =>
  [thing, type, site ?? '', ...Object.values(attributes)].join('\0').toLowerCase()
