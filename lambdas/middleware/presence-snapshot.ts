import { gunzipSync, gzipSync } from 'node:zlib'
import type { PresenceNews } from '../../src/core/device/status.ts'
import type { Rhythm } from '../../src/core/device/expected-interval.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { Configuration } from '../../src/pipeline/configuration.ts'
import { createPresenceWatch } from '../../src/pipeline/jobs/presence.ts'
import type { PresenceOptions, PresencePorts, PresenceWatch } from '../../src/pipeline/jobs/presence-ports.ts'

/** Its object in the lake's bucket. */
export const PRESENCE_SNAPSHOT = 'presence/vitals.json.gz'

/** A device's connection as the table of presence has it. */
export interface KnownLink {
  thing: string
  connected: boolean
  at: EpochMs
}

/** What a sweep leaves to the next and to those who ask: one object for all devices, since nearly every one has changed. */
export interface PresenceSnapshot {
  at: EpochMs
  /** Silence is counted from here at the earliest: before it, nobody looked. */
  floor: EpochMs
  vitals: [thing: string, lastDataAt: EpochMs, rhythm: Rhythm][]
  links: KnownLink[]
  /** Presence alarms that stood when the sweep began. */
  raised: PresenceOptions['raised']
  /** Of devices that say where they are. */
  places: [thing: string, latitude: number, longitude: number][]
}

export const packSnapshot = (snapshot: PresenceSnapshot): Uint8Array => gzipSync(JSON.stringify(snapshot))

/** An older release left neither links nor alarms nor places. */
export const openSnapshot = (bytes: Uint8Array): PresenceSnapshot => ({
  links: [],
  raised: [],
  places: [],
  ...(JSON.parse(gunzipSync(bytes).toString()) as Omit<PresenceSnapshot, 'links' | 'raised' | 'places'>),
})

/** The box's watch, begun anew from what a sweep left. */
export function watchFrom(
  { floor, vitals, links, raised }: Pick<PresenceSnapshot, 'floor' | 'vitals' | 'links' | 'raised'>,
  now: EpochMs,
  ports: Pick<PresencePorts, 'deliver' | 'soon'> & { configuration(): Configuration },
): PresenceWatch {
  const profileOf = (thing: string) => ports.configuration().profile(thing, now)
  return createPresenceWatch(
    {
      device: (thing) => profileOf(thing)?.device ?? null,
      declaredIntervalMs: ({ thing }) => profileOf(thing)?.type.expectedIntervalMs,
      deliver: ports.deliver,
      soon: ports.soon,
    },
    {
      startedAt: floor,
      bucketMs: 1000,
      startGraceMs: 0,
      stored: vitals.map(([thing, , rhythm]) => ({ thing, everConnected: false, rhythm })),
      links: links.map((link) => [link.thing, newsOf(link)] as const),
      lastData: vitals.map(([thing, at]) => [thing, at] as const),
      raised,
    },
  )
}

/** AWS has settled its own events by then: the newest says how things stand. */
export const newsOf = ({ connected, at }: KnownLink): PresenceNews => ({
  eventType: connected ? 'connected' : 'disconnected',
  sessionIdentifier: `${at}`,
  timestamp: at,
  versionNumber: 0,
})
