import type { Site } from '../core/building/site.ts'
import type { Change, Device, DeviceProfile, DeviceType, Learned } from '../core/device/profile.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/**
 * Every version of every device, type and learned profile, chosen by a record's receipt, so that folding a record
 * again sees what the first time saw. A change must be applied before the first record at or after its `effectiveFrom`.
 */
export interface Configuration {
  apply(change: Change): void
  profile(thing: string, receivedAt: EpochMs): DeviceProfile | null
  /** Things that exist at that moment. */
  things(at: EpochMs): string[]
  site(name: string, at: EpochMs): Site | null
  /** Sites that exist at that moment, by name. */
  sites(at: EpochMs): Site[]
}

interface Version<T> {
  from: EpochMs
  value: T
}
interface Found {
  profile: DeviceProfile | null
  from: EpochMs
  until: EpochMs
}

const noLearned: Readonly<Record<string, Learned>> = {}

export function configuration(changes: Iterable<Change> = []): Configuration {
  const devices = new Map<string, Version<Device | null>[]>()
  const types = new Map<string, Version<DeviceType>[]>()
  const learned = new Map<string, Version<Record<string, Learned>>[]>()
  const sites = new Map<string, Version<Site | null>[]>()
  const found = new Map<string, Found>()
  let version = 0

  function apply(change: Change): void {
    version++
    if (change.kind === 'device') insert(devices, change.key, change.effectiveFrom, change.value)
    else if (change.kind === 'type') insert(types, change.key, change.effectiveFrom, change.value)
    else if (change.kind === 'site') insert(sites, change.key, change.effectiveFrom, change.value)
    else insert(learned, change.key, change.effectiveFrom, change.value)
    if (change.kind === 'site') return
    if (change.kind === 'type') found.clear()
    else found.delete(change.key)
  }

  function profile(thing: string, receivedAt: EpochMs): DeviceProfile | null {
    const hit = found.get(thing)
    if (hit && receivedAt >= hit.from && receivedAt < hit.until) return hit.profile
    if (!devices.has(thing)) return null // not remembered: whoever speaks chooses the names of children
    const fresh = look(thing, receivedAt)
    found.set(thing, fresh)
    return fresh.profile
  }

  function look(thing: string, receivedAt: EpochMs): Found {
    const device = at(devices.get(thing), receivedAt)
    if (!device.value) return { profile: null, from: device.from, until: device.until }
    const type = at(types.get(device.value.type), receivedAt)
    const knowledge = at(learned.get(thing), receivedAt)
    return {
      profile: {
        version,
        device: device.value,
        type: type.value ?? { name: device.value.type, trade: device.value.trade, version: 0, measures: {} },
        learned: knowledge.value ?? noLearned,
      },
      from: Math.max(device.from, type.from, knowledge.from),
      until: Math.min(device.until, type.until, knowledge.until),
    }
  }

  for (const change of changes) apply(change)
  return {
    apply,
    profile,
    things: (moment) => [...devices.keys()].filter((thing) => at(devices.get(thing), moment).value),
    site: (name, moment) => at(sites.get(name), moment).value ?? null,
    sites: (moment) => [...sites.keys()].sort().flatMap((name) => at(sites.get(name), moment).value ?? []),
  }
}

/** Keeps versions ascending; the same moment again replaces, so applying a change twice changes nothing. */
function insert<T>(into: Map<string, Version<T>[]>, key: string, from: EpochMs, value: T): void {
  const versions = into.get(key) ?? []
  const after = versions.findIndex((v) => v.from >= from)
  if (after === -1) versions.push({ from, value })
  else versions.splice(after, versions[after]!.from === from ? 1 : 0, { from, value })
  into.set(key, versions)
}

function at<T>(
  versions: Version<T>[] | undefined,
  moment: EpochMs,
): { value: T | undefined; from: EpochMs; until: EpochMs } {
  if (!versions) return { value: undefined, from: -Infinity, until: Infinity }
  let i = versions.length - 1
  while (i >= 0 && versions[i]!.from > moment) i--
  return {
    value: versions[i]?.value,
    from: versions[i]?.from ?? -Infinity,
    until: versions[i + 1]?.from ?? Infinity,
  }
}
