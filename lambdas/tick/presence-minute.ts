import { gunzipSync, gzipSync } from 'node:zlib'
import type { Transition } from '../../src/core/alarm/transition.ts'
import { newRhythm, type Rhythm } from '../../src/core/device/expected-interval.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { Configuration } from '../../src/pipeline/configuration.ts'
import { createPresenceWatch, presenceRules } from '../../src/pipeline/jobs/presence.ts'
import type { AlarmBook } from '../../src/ports/alarm-book.ts'

/** A device's connection as the table of presence has it. */
export interface KnownLink {
  thing: string
  connected: boolean
  at: EpochMs
}

export interface PresenceMinuteParts {
  /** What the last run left; null before the first. */
  load(): Promise<Uint8Array | null>
  save(bytes: Uint8Array): Promise<void>
  links(): Promise<KnownLink[]>
  alarms: Pick<AlarmBook, 'list'>
  configuration: Configuration
  deliver(transitions: readonly Transition[]): Promise<void>
}

/** What a run leaves to the next: one object for all devices, since nearly every one has changed. */
interface Snapshot {
  at: EpochMs
  /** Silence is counted from here at the earliest: before it, nobody looked. */
  floor: EpochMs
  vitals: [thing: string, lastDataAt: EpochMs, rhythm: Rhythm][]
}

/** After such a pause everybody gets new time. */
const PAUSE_MS = 3 * 60_000
const MOST_ALARMS = 100_000

/**
 * Who is there, a minute at a time: the box's watch, begun anew from what the last run left, told what has been heard
 * since, and asked once. `receipts` are those of the states that the sweep reads anyway.
 */
export async function presenceMinute(parts: PresenceMinuteParts, receipts: ReadonlyMap<string, EpochMs>, now: EpochMs): Promise<void> {
  const { load, save, links, alarms, configuration, deliver } = parts
  const bytes = await load()
  const before = bytes && (JSON.parse(gunzipSync(bytes).toString()) as Snapshot)
  const floor = before && now - before.at < PAUSE_MS ? before.floor : now
  const raised = await Promise.all(presenceRules.map((rule) => alarms.list({ state: 'active', rule, limit: MOST_ALARMS })))
  const soon: (() => void)[] = []
  const known = new Map(before?.vitals.map((vital) => [vital[0], vital]))
  const watch = createPresenceWatch(
    {
      device: (thing) => configuration.profile(thing, now)?.device ?? null,
      declaredIntervalMs: ({ thing }) => configuration.profile(thing, now)?.type.expectedIntervalMs,
      deliver,
      soon: (work) => void soon.push(work),
    },
    {
      startedAt: floor,
      bucketMs: 1000,
      startGraceMs: 0,
      stored: [...known.values()].map(([thing, , rhythm]) => ({ thing, everConnected: false, rhythm })),
      lastData: [...known.values()].map(([thing, at]) => [thing, at] as const),
      raised: raised.flat(),
    },
  )
  for (const { thing, connected, at } of await links())
    watch.news(thing, { eventType: connected ? 'connected' : 'disconnected', sessionIdentifier: `${at}`, timestamp: at, versionNumber: 0 }, now)
  const rhythms = new Map([...known].map(([thing, [, , rhythm]]) => [thing, rhythm]))
  for (const [thing, at] of receipts) if (at > (known.get(thing)?.[1] ?? 0)) watch.heard(thing, at)
  for (const { thing, rhythm } of watch.takeChanged()) rhythms.set(thing, rhythm)
  while (soon.length > 0) soon.shift()!()
  await watch.sweep(now)
  const vitals = [...new Set([...known.keys(), ...receipts.keys()])]
    .filter((thing) => configuration.profile(thing, now) !== null)
    .map((thing): Snapshot['vitals'][number] => [
      thing,
      Math.max(receipts.get(thing) ?? 0, known.get(thing)?.[1] ?? 0),
      rhythms.get(thing) ?? newRhythm(),
    ])
  await save(gzipSync(JSON.stringify({ at: now, floor, vitals } satisfies Snapshot)))
} // prettier-ignore
