import type { Site } from '../../core/building/site.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { JobOutcome, JobSources } from './job.ts'

/**
 * Work of a job site by site. One building that cannot be done is named and left out, so that a hundred others do not
 * wait for it; where none can be done the fault is not theirs, and the minute is repeated.
 */
export async function* eachSite(
  at: EpochMs,
  sources: JobSources,
  work: (site: Site) => AsyncIterable<JobOutcome> | Promise<JobOutcome | null>,
): AsyncGenerator<JobOutcome> {
  const sites = sources.configuration.sites(at)
  let failures = 0
  for (const site of sites) {
    try {
      const done = work(site)
      if (done instanceof Promise) yield (await done) ?? {}
      else yield* done
    } catch (error) {
      failures += 1
      if (failures === sites.length) throw error
      yield { failures: [{ what: site.name, error }] }
    }
  }
}

/** A number from a site's name (FNV-1a), so that a hundred sites do not do what is dear in the same hour. */
export function spreadOf(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0
  return hash
}

/** Whether it is a site's own hour among so many. */
export const turnOf = ({ name }: Pick<Site, 'name'>, at: EpochMs, hours: number): boolean =>
  Math.floor(at / 3_600_000) % hours === spreadOf(name) % hours
