import { all, call } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import type { Device, Latest, Page } from '../api/types.ts'
import { now } from './clock.ts'
import { devices, silentAfterMs } from './registry.ts'
import type { Presence } from '../ui/parts.tsx'

/** What the platform knows of a device being there. */
export interface Status {
  thing: string
  condition: 'never' | 'online' | 'silent' | 'offline'
  since: number | null
  lastDataAt: number | null
  /** The gateway that is down, where that is why. */
  because: string | null
}
export type StatusCounts = Record<Presence | 'devices', number>

let watched = true

/** Statuses by name. `query` is that of /v1/status; where the platform keeps none, they follow from the newest values. */
export async function statusByThing(query: string, signal: AbortSignal): Promise<Map<string, Status>> {
  if (watched)
    try {
      const separator = query === '' ? '?' : '&'
      const items = await all<Status>(`/v1/status${query}${separator}limit=1000`, Infinity, signal)
      return new Map(items.map((status) => [status.thing, status]))
    } catch (error) {
      if (asProblem(error).code !== 'no_such_path') throw error
      watched = false
    }
  const latest = await latestByThing(query, signal)
  return new Map([...latest].map(([thing, found]) => [thing, guessed(thing, found)]))
}

/** How many devices are in which condition. */
export async function countStatus(signal: AbortSignal): Promise<StatusCounts> {
  if (watched)
    try {
      return await call<StatusCounts>('/v1/status/counts', { signal })
    } catch (error) {
      if (asProblem(error).code !== 'no_such_path') throw error
      watched = false
    }
  const known = [...(devices.peek()?.values() ?? [])]
  const statuses = await statusByThing('', signal)
  const counts = { devices: known.length, online: 0, silent: 0, offline: 0, never: 0, suspended: 0, retired: 0 }
  for (const device of known) counts[presenceOf(device, statuses.get(device.thing))]++
  return counts
}

function guessed(thing: string, latest: Latest): Status {
  const at = newestAt(latest)
  const device = devices.peek()?.get(thing)
  const condition =
    at === 0 ? 'never' : device && now() - at > silentAfterMs(device) ? 'silent' : ('online' as const)
  return { thing, condition, since: null, lastDataAt: at === 0 ? null : at, because: null }
}

export const presenceOf = (device: Device, status: Status | undefined): Presence =>
  device.status === 'active' ? (status?.condition ?? 'never') : device.status

/** Newest values of every device of a trade or site, by name. */
export async function latestByThing(query: string, signal: AbortSignal): Promise<Map<string, Latest>> {
  const found = new Map<string, Latest>()
  for (let next: string | null = `/v1/latest${query}`; next !== null;) {
    const page: Page<Latest> = await call<Page<Latest>>(next, { signal })
    for (const latest of page.items) found.set(latest.thing, latest)
    next = page.next
  }
  return found
}

export const newestAt = (latest: Latest | undefined): number =>
  latest ? latest.values.reduce((newest, { at }) => Math.max(newest, at), 0) : 0
