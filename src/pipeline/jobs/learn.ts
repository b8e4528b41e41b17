import { newlyLearned, learnSeries } from '../../core/detect/learn.ts'
import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import { closedWindows } from './closed-windows.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'

const DAY = 86_400_000
const EVERY_MINUTES = 10
/** Each device's turn comes once a day, so that ten thousand devices are spread over it. */
const TURNS = (24 * 60) / EVERY_MINUTES

/** Learns what is usual for each series from its last day, for the robust z of the detect stage. */
export const learn: Job = {
  name: 'learn',
  everyMinutes: EVERY_MINUTES,
  catchUp: TURNS,
  async *run(at, sources) {
    const turn = Math.floor(at / (EVERY_MINUTES * MINUTE)) % TURNS
    for (const thing of sources.configuration.things(at)) {
      const profile = sources.configuration.profile(thing, at)
      if (profile?.device.status !== 'active') continue
      // A device that nothing is known of yet does not wait a day for its turn.
      const fresh = Object.keys(profile.learned).length === 0
      if (turnOf(thing) === turn || (fresh && turn % 6 === turnOf(thing) % 6))
        yield await learnDevice(thing, at, sources)
    }
  },
}

async function learnDevice(thing: string, at: EpochMs, sources: JobSources): Promise<JobOutcome> {
  const { reader, alarms, configuration } = sources
  // What stands in alarm now is not usual: learning it would silence the alarm.
  const standing = await alarms.list({ state: 'active', thing, limit: 1 })
  if (standing.length > 0) return {}
  const windows = await closedWindows(reader, thing, undefined, at - DAY, at)
  const before = configuration.profile(thing, at)?.learned ?? {}
  const value = newlyLearned(before, learnSeries(windows))
  return value === null ? {} : { changes: [{ kind: 'learned', key: thing, value }] }
}

/** FNV-1a (Fowler, Noll, Vo): spreads names evenly over the turns, the same every day. */
function turnOf(thing: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < thing.length; i++) hash = Math.imul(hash ^ thing.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % TURNS
}
