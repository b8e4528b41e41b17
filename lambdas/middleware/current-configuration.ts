import type { DynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { configuration, type Configuration } from '../../src/pipeline/configuration.ts'
import type { Clock } from '../../src/ports/clock.ts'

/** How old a function's configuration may be. */
const CACHE_MS = 5_000
/** A change holds from this long after its publication, so that every function knows it by then. */
export const EFFECTIVE_AFTER_MS = 2 * CACHE_MS

/** The configuration, as new as `CACHE_MS`: all of it once, then what the log says has been published since. */
export function currentConfiguration(
  store: Pick<DynamoConfigStore, 'all' | 'since'>,
  clock: Pick<Clock, 'now'>,
): () => Promise<Configuration> {
  let config: Configuration | null = null
  let readAt = 0
  return async () => {
    const now = clock.now()
    if (config && now - readAt < CACHE_MS) return config
    if (!config) config = configuration(await store.all())
    else for (const change of await store.since(readAt)) config.apply(change)
    readAt = now
    return config
  }
}
