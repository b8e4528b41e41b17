import type { Device } from '../src/core/device/profile.ts'
import type { DeviceQuery } from '../src/ports/device-directory.ts'

export interface DeviceIndex {
  get(thing: string): Device | null
  put(device: Device): void
  remove(thing: string): void
  list(query: DeviceQuery): Device[]
  all(): Iterable<Device>
  /** Those whose names come after this one, ascending. */
  after(thing: string): Iterable<Device>
  count(): number
}

interface Entry {
  thing: string
  device: Device
  /** Everything that a search looks into, in lower case. */
  text: string
}

/** Beyond so many new names sorting everything once is cheaper than inserting each. */
const MOST_INSERTED = 64

/**
 * The registry in memory, in the order of names. Finding a page's start is a binary search; a filter walks an array,
 * a hundred thousand entries in some milliseconds.
 */
export function createDeviceIndex(membersOf: (group: string) => Iterable<string>): DeviceIndex {
  const entries = new Map<string, Entry>()
  let sorted: Entry[] = []
  let added: Entry[] = []

  function inOrder(): Entry[] {
    if (added.length > MOST_INSERTED)
      sorted = [...sorted, ...added].sort((a, b) => (a.thing < b.thing ? -1 : 1))
    else for (const entry of added) sorted.splice(firstAfter(sorted, entry.thing), 0, entry)
    if (added.length > 0) added = []
    return sorted
  }

  function put(device: Device): void {
    const known = entries.get(device.thing)
    if (known) {
      known.device = device
      known.text = searchText(device)
      return
    }
    const entry = { thing: device.thing, device, text: searchText(device) }
    entries.set(device.thing, entry)
    added.push(entry)
  }

  const members = (group: string): Entry[] =>
    [...membersOf(group)]
      .flatMap((thing) => entries.get(thing) ?? [])
      .sort((a, b) => (a.thing < b.thing ? -1 : 1))

  function list(query: DeviceQuery): Device[] {
    const { trade, site, type, status, gateway, group, tag, cursor, limit } = query
    const text = query.text?.toLowerCase()
    const found: Device[] = []
    const all = group === undefined ? inOrder() : members(group)
    for (let i = cursor === undefined ? 0 : firstAfter(all, cursor); i < all.length; i++) {
      if (found.length >= limit) break
      const { device, text: words } = all[i]!
      if (trade !== undefined && device.trade !== trade) continue
      if (site !== undefined && device.site !== site) continue
      if (type !== undefined && device.type !== type) continue
      if (status !== undefined && device.status !== status) continue
      if (gateway !== undefined && device.gateway !== gateway) continue
      if (tag !== undefined && !carries(device, tag)) continue
      if (text !== undefined && !words.includes(text)) continue
      found.push(device)
    }
    return found
  }

  return {
    get: (thing) => entries.get(thing)?.device ?? null,
    put,
    remove: (thing) => {
      if (!entries.has(thing)) return
      inOrder().splice(firstAfter(sorted, thing) - 1, 1)
      entries.delete(thing)
    },
    list,
    *all() {
      for (const { device } of inOrder()) yield device
    },
    *after(thing) {
      const all = inOrder()
      for (let i = firstAfter(all, thing); i < all.length; i++) yield all[i]!.device
    },
    count: () => entries.size,
  }
}

const carries = ({ attributes }: Device, { name, value }: { name: string; value?: string }): boolean =>
  Object.hasOwn(attributes, name) && (value === undefined || attributes[name] === value)

function firstAfter(sorted: readonly Entry[], thing: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]!.thing <= thing) low = middle + 1
    else high = middle
  }
  return low
}

/** U+0000 stands between the words, so that no search matches across two of them. */
const searchText = ({ thing, type, site, attributes }: Device): string =>
  [thing, type, site ?? '', ...Object.values(attributes)].join('\0').toLowerCase()
