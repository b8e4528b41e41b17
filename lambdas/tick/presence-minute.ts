import type { Transition } from '../../src/core/alarm/transition.ts'
import { newRhythm } from '../../src/core/device/expected-interval.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import type { Configuration } from '../../src/pipeline/configuration.ts'
import { presenceRules } from '../../src/pipeline/jobs/presence.ts'
import type { AlarmBook } from '../../src/ports/alarm-book.ts'
import { openSnapshot, packSnapshot, watchFrom, type KnownLink, type PresenceSnapshot } from '../middleware/presence-snapshot.ts' // prettier-ignore

/** What the sweep saw of a device's state. */
export interface Sighting {
  receivedAt: EpochMs
  /** Null for a device that does not say where it is. */
  place: { latitude: number; longitude: number } | null
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

/** After such a pause everybody gets new time. */
const PAUSE_MS = 3 * 60_000
const MOST_ALARMS = 100_000

/**
 * Who is there, a minute at a time: the box's watch, begun anew from what the last run left, told what has been heard
 * since, and asked once. What was seen comes from the states that the sweep reads anyway.
 */
export async function presenceMinute(
  parts: PresenceMinuteParts,
  seen: ReadonlyMap<string, Sighting>,
  now: EpochMs,
): Promise<void> {
  const { load, save, alarms, configuration, deliver } = parts
  const bytes = await load()
  const before = bytes && openSnapshot(bytes)
  const floor = before && now - before.at < PAUSE_MS ? before.floor : now
  const standing = await Promise.all(
    presenceRules.map(async (rule) => alarms.list({ state: 'active', rule, limit: MOST_ALARMS })),
  )
  const raised = standing.flat().map(({ rule, thing, transitionAt }) => ({ rule, thing, transitionAt }))
  const soon: (() => void)[] = []
  const known = new Map(before?.vitals.map((vital) => [vital[0], vital]))
  const links = await parts.links()
  const watch = watchFrom({ floor, vitals: [...known.values()], links, raised }, now, {
    configuration: () => configuration,
    deliver,
    soon: (work) => void soon.push(work),
  })
  const rhythms = new Map([...known].map(([thing, [, , rhythm]]) => [thing, rhythm]))
  for (const [thing, { receivedAt }] of seen)
    if (receivedAt > (known.get(thing)?.[1] ?? 0)) watch.heard(thing, receivedAt)
  for (const { thing, rhythm } of watch.takeChanged()) rhythms.set(thing, rhythm)
  while (soon.length > 0) soon.shift()!()
  await watch.sweep(now)
  const registered = (thing: string): boolean => configuration.profile(thing, now) !== null
  const vitals = [...new Set([...known.keys(), ...seen.keys()])]
    .filter(registered)
    .map((thing): PresenceSnapshot['vitals'][number] => [
      thing,
      Math.max(seen.get(thing)?.receivedAt ?? 0, known.get(thing)?.[1] ?? 0),
      rhythms.get(thing) ?? newRhythm(),
    ])
  const places = [...seen].flatMap(([thing, { place }]): PresenceSnapshot['places'] =>
    place && registered(thing) ? [[thing, place.latitude, place.longitude]] : [],
  )
  await save(packSnapshot({ at: now, floor, vitals, links, raised, places }))
}
