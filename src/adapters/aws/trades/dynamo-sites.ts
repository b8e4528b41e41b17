import type { Site } from '../../../core/building/site.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { ConfigStore } from '../../../ports/config-store.ts'
import type { SiteDirectory } from '../../../ports/site-directory.ts'

export interface DynamoSitesOptions {
  config: ConfigStore
  clock: Pick<Clock, 'now'>
  /** How long after its publication a change holds, so that every function knows it by then. */
  effectiveAfterMs: number
}

/** Buildings as the newest configuration has them. They are few: a deployment's sites, not its devices. */
export function dynamoSites({ config, clock, effectiveAfterMs }: DynamoSitesOptions): SiteDirectory {
  async function all(): Promise<Map<string, Site>> {
    const sites = new Map<string, Site>()
    for (const change of await config.all()) {
      if (change.kind !== 'site') continue
      if (change.value) sites.set(change.key, change.value)
      else sites.delete(change.key)
    }
    return sites
  }
  async function publish(key: string, value: Site | null): Promise<{ effectiveFrom: number }> {
    const effectiveFrom = clock.now() + effectiveAfterMs
    await config.put([{ kind: 'site', key, effectiveFrom, value }])
    return { effectiveFrom }
  }
  return {
    list: async () => [...(await all()).values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    get: async (name) => (await all()).get(name) ?? null,
    put: async (site) => publish(site.name, site),
    remove: async (name) => {
      if (!(await all()).has(name)) return false
      await publish(name, null)
      return true
    },
  }
}
