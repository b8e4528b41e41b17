import { openEnd } from '../../core/fleet/trips.ts'
import type { DeviceProfile } from '../../core/device/profile.ts'
import { limits } from '../../core/telemetry/limits.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Fact } from '../../core/telemetry/stage.ts'
import { withdrawnFact } from '../../core/telemetry/withdrawn-fact.ts'
import type { Reading, TelemetryReader } from '../../ports/telemetry-reader.ts'
import { LATE_TRACK, lateTrackKey, vehicleMeasures, type TripStatus } from '../stages/trips.ts'
import { factId, trackFold } from './track-fold.ts'

export interface RefoldPorts {
  telemetry: Pick<TelemetryReader, 'readings' | 'facts'>
  write(facts: readonly Fact[]): Promise<void> | void
  profile(thing: string, at: EpochMs): DeviceProfile | null
  /** Where the stream has the vehicle now; null if it never moved one. */
  status(thing: string): TripStatus | null
}

export interface RefoldResult {
  vehicles: number
  /** Facts written or withdrawn, marks aside. */
  facts: number
  /** Vehicles that wait: for a trip to end, or for the stream to agree again. */
  waiting: number
}

/** A mark rests this long, so that the rest of a buffer comes in before its minutes are folded. */
const RESTS_MS = 60_000
/** Small enough that folding a page never holds up its thread for long. */
const PAGE = 5000
const MOST_MARKS = 50_000
const MOST_FACTS = 100_000
/** Days, weeks, then all: a vehicle's last stops are mostly not long ago. */
const LOOK_BACK_MS = [2, 30, Infinity].map((days) => days * 86_400_000)
/** Stores of history take only what a calendar has. */
const FOREVER = openEnd + 1
const refolded = ['trip', 'stop', 'refuel', 'drain', 'harsh', 'tripRisk'] as const

/**
 * Puts trips, stops, fuel and driving right where positions came late (DESIGN section 5). A vehicle's marked minutes
 * are folded again in order of event time, from the trip before the last stop before them (and one trip more, so that
 * the filters have settled) to where a later trip begins as the stream saw it begin; what the refold does not confirm
 * is withdrawn. Until such a trip the marks stay, for the stream may yet write what it wrongly believes. Idempotent:
 * the same readings give the same facts.
 */
export function createRefold(ports: RefoldPorts): (now: EpochMs) => Promise<RefoldResult> {
  const { telemetry, write, profile, status } = ports
  /** What each waiting vehicle was last folded upon: nothing new, nothing to do. */
  const folded = new Map<string, string>()

  async function marksOf(now: EpochMs): Promise<Map<string, Fact[]>> {
    const marks = await telemetry.facts({ type: LATE_TRACK, from: 0, to: FOREVER, limit: MOST_MARKS })
    const due = marks.filter(({ version }) => version + RESTS_MS <= now)
    return Map.groupBy(due, ({ thing }) => thing)
  }

  /** One mark in the place of many: a vehicle that waits long must not hide the marks of others. */
  async function merge(marks: readonly Fact[]): Promise<Fact> {
    const at = Math.min(...marks.map((mark) => mark.at))
    const until = Math.max(...marks.map((mark) => mark.until))
    const version = Math.max(...marks.map((mark) => mark.version))
    const one: Fact = { ...marks[0]!, key: lateTrackKey(at, until), at, until, version }
    const others = marks.filter(({ key }) => key !== one.key)
    if (others.length > 0) await write([one, ...others.map((mark) => withdrawnFact(mark, mark.version))])
    return one
  }

  async function refold(mark: Fact, now: EpochMs): Promise<'done' | 'waits'> {
    const { thing, at: from, until } = mark
    const stream = status(thing)
    const driving = stream !== null && stream.tripAt > 0 && !stream.announced
    if (driving && stream.tripAt <= until) return 'waits'
    const known = profile(thing, now)
    if (!known) return 'done'
    const basis = JSON.stringify([stream, from, until, mark.version])
    if (folded.get(thing) === basis) return 'waits'

    const stops = await stopsBefore(thing, from)
    const begin = stops.at(-2)?.at ?? 0
    const fold = trackFold(known, now)
    const streamed = await streamedTrips(thing, until)
    let agreed: EpochMs | null = null
    for await (const page of pages(thing, stops.at(-3)?.at ?? 0, now + limits.aheadMs)) {
      fold.add(page)
      agreed = agreement(fold.facts, streamed, until)
      if (agreed !== null) break
    }
    if (agreed === null) {
      if (driving) return 'waits'
      fold.end(now)
    }
    await replace(thing, fold.facts, begin, agreed ?? FOREVER, now)
    if (agreed === null) {
      folded.set(thing, basis)
      return 'waits'
    }
    folded.delete(thing)
    return 'done'
  }

  /** At least the last three stops that began before, where there are so many. */
  async function stopsBefore(thing: string, to: EpochMs): Promise<Fact[]> {
    for (const lookBackMs of LOOK_BACK_MS) {
      const from = Math.max(0, to - lookBackMs)
      const stops = await telemetry.facts({ type: 'stop', thing, from, to, limit: MOST_FACTS })
      const begun = stops.filter(({ at }) => at < to)
      if (begun.length >= 3 || from === 0) return begun
    }
    return []
  }

  async function streamedTrips(thing: string, after: EpochMs): Promise<Set<EpochMs>> {
    const trips = await telemetry.facts({ type: 'trip', thing, from: after, to: FOREVER, limit: MOST_FACTS })
    return new Set(trips.filter(({ value }) => value['refolded'] !== true).map(({ at }) => at))
  }

  /** Whole moments of readings up to a time, which nothing that moved the state is beyond. */
  async function* pages(thing: string, from: EpochMs, until: EpochMs): AsyncGenerator<Reading[]> {
    let held: Reading[] = []
    let after: { at: EpochMs; measure: string } | undefined
    for (;;) {
      const found = await telemetry.readings({
        thing,
        measures: vehicleMeasures,
        from,
        to: until + 1,
        limit: PAGE,
        ...(after && { after }),
      })
      const all = [...held, ...found]
      const last = all.at(-1)
      if (found.length < PAGE || !last) {
        yield all
        return
      }
      // The last moment may go on in the next page.
      const whole = all.findIndex(({ at }) => at === last.at)
      yield all.slice(0, whole)
      held = all.slice(whole)
      after = { at: last.at, measure: last.measure }
    }
  }

  let changed = 0
  /** Makes the stored facts that begin within [begin, end) those of the refold. */
  async function replace(
    thing: string,
    facts: ReadonlyMap<string, Fact>,
    begin: EpochMs,
    end: EpochMs,
    now: EpochMs,
  ): Promise<void> {
    const within = ({ at }: Fact): boolean => at >= begin && at < end
    const stored = new Map<string, Fact>()
    for (const type of refolded)
      for (const fact of await telemetry.facts({ type, thing, from: begin, to: end, limit: MOST_FACTS }))
        if (within(fact)) stored.set(factId(fact), fact)
    const news: Fact[] = []
    for (const [id, fact] of facts) {
      if (!within(fact)) continue
      const before = stored.get(id)
      const value = { ...fact.value, refolded: true, ...keptOf(before) }
      if (!before || contentOf(before) !== contentOf({ ...fact, value })) news.push({ ...fact, value })
    }
    for (const [id, fact] of stored) if (!facts.has(id)) news.push(withdrawnFact(fact, now))
    changed += news.length
    if (news.length > 0) await write(news)
  }

  return async (now) => {
    const result: RefoldResult = { vehicles: 0, facts: 0, waiting: 0 }
    changed = 0
    for (const marks of (await marksOf(now)).values()) {
      result.vehicles++
      const mark = await merge(marks)
      // A mark that has been set again meanwhile is newer than its withdrawal, and stays.
      if ((await refold(mark, now)) === 'done') await write([withdrawnFact(mark, mark.version)])
      else result.waiting++
    }
    result.facts = changed
    return result
  }
}

/** The first trip behind the marks that begins as in the stream: from there on both are the same. */
function agreement(
  facts: ReadonlyMap<string, Fact>,
  streamed: ReadonlySet<EpochMs>,
  after: EpochMs,
): EpochMs | null {
  for (const { type, at } of facts.values()) if (type === 'trip' && at >= after && streamed.has(at)) return at
  return null
}

/** The driver's own record reaches further back than a refold does. */
const keptOf = (before: Fact | undefined): Record<string, unknown> =>
  before?.value['driverRisk'] === undefined ? {} : { driverRisk: before.value['driverRisk'] }

const contentOf = ({ at, until, value }: Fact): string =>
  JSON.stringify([
    at,
    until,
    Object.entries({ ...value, refolded: true }).sort(([a], [b]) => (a < b ? -1 : 1)),
  ])
