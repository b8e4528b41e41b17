import type { Site } from '../src/core/building/site.ts'
import type { Change } from '../src/core/device/profile.ts'
import type { SiteDirectory } from '../src/ports/site-directory.ts'

/** Buildings as they are now. `publish` stores a change and journals it; it must lie in the future of the journal. */
export function createLocalSites(parts: {
  changes: readonly Change[]
  publish(change: Change): Promise<void>
  now(): number
}): SiteDirectory & { zoneOf(name: string): string | undefined } {
  const sites = new Map<string, Site>()
  const remember = (change: Change): void => {
    if (change.kind !== 'site') return
    if (change.value) sites.set(change.key, change.value)
    else sites.delete(change.key)
  }
  for (const change of parts.changes) remember(change)

  async function change(name: string, value: Site | null): Promise<{ effectiveFrom: number }> {
    const effectiveFrom = parts.now() + 1
    const next: Change = { kind: 'site', key: name, effectiveFrom, value }
    await parts.publish(next)
    remember(next)
    return { effectiveFrom }
  }

  return {
    list: async () => [...sites.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    zoneOf: (name) => sites.get(name)?.timeZone,
    get: async (name) => sites.get(name) ?? null,
    put: async (site) => change(site.name, site),
    remove: async (name) => {
      if (!sites.has(name)) return false
      await change(name, null)
      return true
    },
  }
}
