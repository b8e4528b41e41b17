import type { DeviceCondition } from '../../src/core/device/status.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { Configuration } from '../../src/pipeline/configuration.ts'
import type { PresenceWatch } from '../../src/pipeline/jobs/presence-ports.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { openSnapshot, watchFrom } from '../middleware/presence-snapshot.ts'

export interface StandingParts {
  /** What the last sweep left; null before the first. */
  load(): Promise<Uint8Array | null>
  configuration(): Promise<Configuration>
  clock: Pick<Clock, 'now'>
}

/** How everybody stood at the last sweep. */
export interface Standing {
  configuration: Configuration
  watch: PresenceWatch
  /** As the sweep found it. */
  condition(thing: string): DeviceCondition
  /** Ascending, everybody who is registered. */
  things: readonly string[]
  places: ReadonlyMap<string, { latitude: number; longitude: number }>
}

/** A sweep leaves something new every minute: before that there is nothing to look for. */
const NEXT_MS = 65_000
/** Where sweeps have stopped, or are late, nobody looks more often than this. */
const AGAIN_MS = 5_000

/** The sweep's word on all devices, read again when there is a newer one. */
export function standingOf({ load, configuration, clock }: StandingParts): () => Promise<Standing> {
  let current: Omit<Standing, 'configuration'> | null = null
  let sweptAt = 0
  let readAt = -Infinity
  let config: Configuration

  async function read(now: EpochMs): Promise<Omit<Standing, 'configuration'>> {
    readAt = now
    const bytes = await load()
    const snapshot = bytes ? openSnapshot(bytes) : { at: now, floor: now, vitals: [], links: [], raised: [], places: [] } // prettier-ignore
    if (current && snapshot.at === sweptAt) return current
    sweptAt = snapshot.at
    // Alarms are the sweep's to raise.
    const quiet = { configuration: () => config, deliver: async () => {}, soon: () => {} }
    const watch = watchFrom(snapshot, snapshot.at, quiet)
    const things = config.things(now).sort()
    const conditions = new Map(things.map((thing) => [thing, watch.status(thing, snapshot.at).condition]))
    return {
      watch,
      things,
      condition: (thing) => conditions.get(thing) ?? 'never',
      places: new Map(
        snapshot.places.map(([thing, latitude, longitude]) => [thing, { latitude, longitude }]),
      ),
    }
  }

  return async () => {
    config = await configuration()
    const now = clock.now()
    if (!current || (now - sweptAt > NEXT_MS && now - readAt > AGAIN_MS)) current = await read(now)
    return { ...current, configuration: config }
  }
}
