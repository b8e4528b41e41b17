import { fillGaps, type Fill } from '../../core/history/fill.ts'
import type { Tier } from '../../core/history/lake-layout.ts'
import type { LakeRange } from '../../core/history/lake-sql.ts'
import { lttb, minMax } from '../../core/history/lttb.ts'
import { bucketStarts, planSeries, startOfBucket, type Asked, type Plan } from '../../core/history/plan.ts'
import { TooMuch } from '../../core/history/too-much.ts'
import { settleStored, type StoredReading } from '../../core/history/settle-stored.ts'
import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import { add, merge, momentsOf, type Moments, type WindowRow } from '../../core/window/window.ts'
import type { HotReader, Lake, SeriesMoments, SeriesReadings } from '../../ports/history.ts'

export interface SeriesQuestion extends Asked {
  things: readonly string[]
  measures?: readonly string[] | undefined
  fill: Fill
  /** Fewer points of the same curve, for drawing. */
  reduce: 'none' | 'lttb' | 'minmax'
  /** Only minutes of which every reading had been received by then; asks for `resolution: 'minute'`, for roll-ups do not tell. */
  knownBy?: EpochMs
}

export interface Series {
  thing: string
  measure: string
  readings: StoredReading[] | null
  /** Ascending; null where a gap was filled with nothing. */
  moments: (Moments & { at: EpochMs })[] | null
  /** Means at every bucket start once gaps are filled. */
  filled: { at: EpochMs[]; mean: (number | null)[] } | null
}

export interface SeriesAnswer {
  plan: Plan
  tiersUsed: Tier[]
  missing: { from: EpochMs; to: EpochMs; reason: 'expired' | 'damaged' }[]
  series: Series[]
}

export interface HistoryStores {
  hot: HotReader
  lake: Lake
}

/** One series list held in memory at a time must not exceed this. */
const MOST_ROWS = 2_000_000

/** Answers a question over all tiers. What several stores hold of the same identity counts once. */
export async function querySeries(question: SeriesQuestion, stores: HistoryStores): Promise<SeriesAnswer> {
  const range: LakeRange = {
    things: question.things,
    measures: question.measures,
    from: question.from,
    to: question.to,
    ...(question.knownBy !== undefined && { knownBy: question.knownBy }),
  }
  const { hot, lake } = stores
  const extent = await lake.extent(range)
  const hotDays = await hot.days(range)
  const openDays = [...new Set([...extent.openDays, ...hotDays])].sort((a, b) => a - b)
  const plan = planSeries(question, { ...extent, openDays })
  const answer: SeriesAnswer = { plan, tiersUsed: [], missing: [...plan.missing], series: [] }
  const reader = createReader(stores, answer)
  if (!plan.buckets) {
    for (const { from, to } of plan.steps)
      for (const { thing, measure, readings } of await reader.raw({ ...range, from, to }))
        answer.series.push({
          thing,
          measure,
          readings: reduced(readings, question),
          moments: null,
          filled: null,
        })
  } else {
    const merged = new Map<string, SeriesMoments & { byStart: Map<EpochMs, Moments & { at: EpochMs }> }>()
    for (const step of plan.steps) {
      const part = { ...range, from: step.from, to: step.to, starts: { from: plan.from, to: plan.to } }
      for (const { thing, measure, moments } of await reader.moments(step, part, plan)) {
        const key = `${thing}\n${measure}`
        let into = merged.get(key)
        if (!into) merged.set(key, (into = { thing, measure, moments: [], byStart: new Map() }))
        for (const m of moments) {
          const known = into.byStart.get(m.at)
          if (known) Object.assign(known, merge(known, m))
          else {
            into.byStart.set(m.at, m)
            into.moments.push(m)
          }
        }
      }
    }
    for (const { thing, measure, moments } of merged.values()) {
      moments.sort((a, b) => a.at - b.at)
      answer.series.push({ thing, measure, readings: null, ...shaped(moments, question, plan) })
    }
  }
  answer.series.sort((a, b) => compare(a.thing, b.thing) || compare(a.measure, b.measure))
  answer.tiersUsed = (['hot', 'warm', 'cold'] as const).filter((tier) => answer.tiersUsed.includes(tier))
  return answer
}

/** Readings of series, each identity once, over both stores. */
export function createReader({ hot, lake }: HistoryStores, log: Pick<SeriesAnswer, 'tiersUsed' | 'missing'>) {
  const take = <T>({
    rows,
    tiers,
    damaged,
  }: {
    rows: T[]
    tiers: Tier[]
    damaged: { from: EpochMs; to: EpochMs }[]
  }): T[] => {
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
    const seriesOf = (thing: string, measure: string) => {
      const key = `${thing}\n${measure}`
      let found = bySeries.get(key)
      if (!found) bySeries.set(key, (found = { thing, measure, byMinute: new Map() }))
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
    return take(await lake.moments(kind, range, buckets))
  }

  return { raw, windows, storedWindows, moments }
}

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

function shaped(
  moments: (Moments & { at: EpochMs })[],
  question: SeriesQuestion,
  plan: Plan,
): Pick<Series, 'moments' | 'filled'> {
  if (question.fill === 'none') {
    const mean = moments.map((m) => m.sum / m.n)
    const chosen = chosenOf(
      moments.map((m) => m.at),
      mean,
      question,
    )
    return { moments: chosen ? chosen.map((i) => moments[i]!) : moments, filled: null }
  }
  const at = bucketStarts(plan)
  const mean = fillGaps(
    at,
    moments.map((m) => m.at),
    moments.map((m) => m.sum / m.n),
    question.fill,
  )
  return { moments, filled: { at, mean } }
}

function reduced(readings: StoredReading[], question: SeriesQuestion): StoredReading[] {
  const chosen = chosenOf(
    readings.map((r) => r.at),
    readings.map((r) => r.value),
    question,
  )
  return chosen ? chosen.map((i) => readings[i]!) : readings
}

function chosenOf(at: number[], value: number[], { reduce, points }: SeriesQuestion): number[] | null {
  if (reduce === 'none' || at.length <= points) return null
  return reduce === 'lttb' ? lttb(at, value, points) : minMax(value, points)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
