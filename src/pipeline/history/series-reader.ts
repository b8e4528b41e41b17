import type { LakeRange } from '../../core/history/lake-sql.ts'
import type { Tier } from '../../core/history/lake-layout.ts'
import { startOfBucket, type Plan } from '../../core/history/plan.ts'
import { settleStored } from '../../core/history/settle-stored.ts'
import { TooMuch } from '../../core/history/too-much.ts'
import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import { add, merge, momentsOf, type Moments, type WindowRow } from '../../core/window/window.ts'
import type { HotReader, Lake, LakeAnswer, SeriesMoments, SeriesReadings } from '../../ports/history.ts'

export interface HistoryStores {
  hot: HotReader
  lake: Lake
}

/** What an answer rests on, written down while it is read. */
export interface ReadLog {
  tiersUsed: Tier[]
  missing: { from: EpochMs; to: EpochMs; reason: 'expired' | 'damaged' }[]
}

/** One series list held in memory at a time must not exceed this. */
const MOST_ROWS = 1_000_000

/** Readings of series, each identity once, over both stores. */
export function createSeriesReader({ hot, lake }: HistoryStores, log: ReadLog) {
  const take = <T>({ rows, tiers, damaged }: LakeAnswer<T>): T[] => {
    log.tiersUsed.push(...tiers)
    for (const { from, to } of damaged) log.missing.push({ from, to, reason: 'damaged' })
    return rows
  }

  async function raw(range: LakeRange): Promise<SeriesReadings[]> {
    const most = range.most ?? MOST_ROWS
    // The hot store before the lake: what sealing moves in between is then seen twice, never missed.
    const fresh = await hot.copies(range)
    const stored = take(await lake.readings(range))
    if (fresh.length > 0) log.tiersUsed.push('hot')
    const all = new Map<string, SeriesReadings>()
    let rows = 0
    // The lake first: at equal receipts what came into the hot store later wins.
    for (const part of [...stored, ...fresh]) {
      rows += part.readings.length
      if (rows > most) throw new TooMuch(`more than ${most} readings: ask for a shorter range or for buckets`)
      const key = `${part.thing}\n${part.measure}`
      const known = all.get(key)
      if (known) known.readings = known.readings.concat(part.readings)
      else all.set(key, { ...part })
    }
    for (const series of all.values()) series.readings = settleStored(series.readings)
    return [...all.values()]
  }

  /** Windows as both stores hold them, one a minute and series. */
  async function storedWindows(range: LakeRange): Promise<WindowRow[]> {
    const fresh = await hot.windows(range)
    const stored = take(await lake.windows(range))
    if (fresh.length > 0) log.tiersUsed.push('hot')
    if (stored.length === 0) return fresh
    const once = new Map<string, WindowRow>()
    for (const row of [...stored, ...fresh]) {
      const key = `${row.thing}\n${row.measure}\n${row.minute}`
      const known = once.get(key)
      if (!known || !beats(known, row)) once.set(key, row)
    }
    return [...once.values()]
  }

  /** The same, with those recomputed that are not what the readings say. */
  async function windows(range: LakeRange): Promise<SeriesMoments[]> {
    const from = Math.floor(range.from / MINUTE) * MINUTE
    const known = range.knownBy ?? Infinity
    const stale = range.knownBy === undefined ? await hot.stale(range) : []
    const bySeries = new Map<string, { thing: string; measure: string; byMinute: Map<number, WindowRow> }>()
    let last = { thing: '', measure: '', byMinute: new Map<number, WindowRow>() }
    const seriesOf = (thing: string, measure: string) => {
      if (measure === last.measure && thing === last.thing) return last.byMinute // rows come series by series
      const key = `${thing}\n${measure}`
      let found = bySeries.get(key)
      if (!found) bySeries.set(key, (found = { thing, measure, byMinute: new Map() }))
      last = found
      return found.byMinute
    }
    for (const row of await storedWindows(range))
      if (row.version <= known) seriesOf(row.thing, row.measure).set(row.minute, row)
    const staleOf = new Map<string, Set<number>>()
    for (const { thing, minute } of stale) {
      let minutes = staleOf.get(thing)
      if (!minutes) staleOf.set(thing, (minutes = new Set()))
      minutes.add(minute)
    }
    for (const { thing, byMinute } of bySeries.values())
      for (const minute of staleOf.get(thing) ?? []) byMinute.delete(minute)
    for (const { things, from, to } of spansOf(staleOf)) {
      for (const { thing, measure, readings } of await raw({ ...range, things, from, to })) {
        const minutes = staleOf.get(thing)!
        let open = null as WindowRow | null
        for (const { at, value, receivedAt } of readings) {
          const minute = Math.floor(at / MINUTE)
          if (Number.isNaN(value) || !minutes.has(minute) || at < range.from || at >= range.to) continue
          if (open?.minute === minute) add(open, value)
          else {
            open = { ...momentsOf(value), thing, measure, minute, version: receivedAt, repaired: true }
            seriesOf(thing, measure).set(minute, open)
          }
        }
      }
    }
    return [...bySeries.values()].map(({ thing, measure, byMinute }) => ({
      thing,
      measure,
      moments: [...byMinute.values()]
        .filter((w) => w.minute * MINUTE >= from && w.minute * MINUTE < range.to)
        .sort((a, b) => a.minute - b.minute)
        .map((w) => ({ ...w, at: w.minute * MINUTE })),
    }))
  }

  async function moments(
    step: Plan['steps'][number],
    range: LakeRange,
    { buckets }: Plan,
    quartersFrom: EpochMs,
  ): Promise<SeriesMoments[]> {
    if (!buckets) return []
    if (step.source === 'raw')
      return (await raw(range)).map(({ thing, measure, readings }) => ({
        thing,
        measure,
        moments: bucketed(
          readings.filter((r) => !Number.isNaN(r.value)).map((r) => ({ ...momentsOf(r.value), at: r.at })),
          buckets,
        ),
      }))
    if (step.place === 'both')
      return (await windows(range)).map((s) => ({ ...s, moments: bucketed(s.moments, buckets) }))
    const kind = step.source === 'minute' ? 'windows' : step.source === 'quarter' ? 'quarters' : 'days'
    const answer = await lake.moments(kind, range, buckets)
    // Days of another zone do not make up these buckets; their quarter-hours do.
    if (answer.otherZone !== true || quartersFrom >= range.to) return take(answer)
    const from = Math.max(range.from, quartersFrom)
    return [
      ...(from > range.from ? take(await lake.moments(kind, { ...range, to: from }, buckets)) : []),
      ...take(await lake.moments('quarters', { ...range, from }, buckets)),
    ]
  }

  return { raw, windows, storedWindows, moments }
}
export type SeriesReader = ReturnType<typeof createSeriesReader>

/** Repaired beats streamed; then the newer receipt. */
const beats = (a: WindowRow, b: WindowRow): boolean =>
  a.repaired !== b.repaired ? a.repaired : a.version > b.version

/** Hours that hold stale minutes, devices with the same hours together, so that each is read once. */
function spansOf(
  staleOf: ReadonlyMap<string, ReadonlySet<number>>,
): { things: string[]; from: EpochMs; to: EpochMs }[] {
  const byHour = new Map<number, { things: string[]; from: number; to: number }>()
  for (const [thing, minutes] of staleOf)
    for (const minute of minutes) {
      const hour = Math.floor(minute / 60)
      let span = byHour.get(hour)
      if (!span) byHour.set(hour, (span = { things: [], from: Infinity, to: -Infinity }))
      if (span.things.at(-1) !== thing) span.things.push(thing)
      span.from = Math.min(span.from, minute * MINUTE)
      span.to = Math.max(span.to, (minute + 1) * MINUTE)
    }
  return [...byHour.values()].map((span) => ({ ...span, things: [...new Set(span.things)] }))
}

/** Merges ascending moments that fall into the same bucket. */
function bucketed(
  rows: (Moments & { at: EpochMs })[],
  buckets: NonNullable<Plan['buckets']>,
): (Moments & { at: EpochMs })[] {
  const out: (Moments & { at: EpochMs })[] = []
  for (const row of rows) {
    const at = startOfBucket(buckets, row.at)
    const last = out.at(-1)
    if (last?.at === at) Object.assign(last, merge(last, row))
    else out.push({ ...row, at })
  }
  return out
}
