import type { Site } from '../core/building/site.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/** Buildings as they will be: what a change says is listed at once and holds from `effectiveFrom`. */
export interface SiteDirectory {
  /** Ascending by name. */
  list(): Promise<Site[]>
  get(name: string): Promise<Site | null>
  /** Creates or replaces. */
  put(site: Site): Promise<{ effectiveFrom: EpochMs }>
  /** Forgets the building; what was measured and planned stays. False if there was none. */
  remove(name: string): Promise<boolean>
}
