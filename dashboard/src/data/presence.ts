import { call } from '../api/client.ts'
import type { Device, Latest, Page } from '../api/types.ts'
import { now } from './clock.ts'
import { silentAfterMs } from './registry.ts'
import type { Presence } from '../ui/parts.tsx'

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

export function presenceOf(device: Device, latest: Latest | undefined): Presence {
  if (device.status !== 'active') return device.status
  const at = newestAt(latest)
  if (at === 0) return 'never'
  return now() - at > silentAfterMs(device) ? 'silent' : 'reporting'
}
