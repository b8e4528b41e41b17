import type { EpochMs } from '../telemetry/reading.ts'
import { calendarEdges, type CalendarUnit } from './calendar.ts'
import { DAY, QUARTER } from './lake-layout.ts'

/** From fine to coarse. Everything but raw is a set of mergeable moments. */
export type Resolution = 'raw' | 'minute' | 'quarter' | 'day'
export const resolutions: readonly Resolution[] = ['raw', 'minute', 'quarter', 'day']
const MINUTE = 60_000
const HOUR = 3_600_000
const stepOf: Record<Resolution, number> = { raw: 1, minute: MINUTE, quarter: QUARTER, day: DAY }

/** What is asked for. Half-open range; `points` is the most that a series should come to. */
export interface Asked {
  from: EpochMs
  to: EpochMs
  points: number
  resolution: Resolution | 'auto'
  /** Buckets of this length, counted from the epoch. */
  stepMs?: number | undefined
  /** Or buckets of a calendar. */
  calendar?: { zone: string; unit: CalendarUnit } | undefined
}

/** What is there for the devices in question. */
export interface Extent {
  /** First instant that retention has left of each resolution. */
  keptFrom: Readonly<Record<Resolution, EpochMs>>
  /** Lake days within the range, ascending, of which windows are not all in one settled file: asked from both stores. */
  openDays: readonly number[]
  /** From this lake day on, every day is open. */
  openFrom: number
  /** Zone of the stored days where all these devices share one. */
  dayZone: string | null
  /** Typical time between two readings, for guessing how many there are. */
  intervalMs: number
}

/** Where bucket starts lie: multiples of a step, or edges (ascending, the last one an end); null means readings as they are. */
export type Buckets = { stepMs: number } | { edges: readonly EpochMs[] } | null

/** One stretch of the range and where it is read. `both`: lake and hot store, merged by identity. */
export interface Step {
  from: EpochMs
  to: EpochMs
  source: Resolution
  place: 'lake' | 'both'
}

export interface Plan {
  resolution: Resolution
  buckets: Buckets
  /** The range, widened to whole buckets. */
  from: EpochMs
  to: EpochMs
  /** Ascending, without gap or overlap, apart from what is missing. */
  steps: Step[]
  missing: { from: EpochMs; to: EpochMs; reason: 'expired' }[]
}

const niceSteps = [
  ...[1, 2, 5, 10, 15, 30].map((s) => s * 1000),
  ...[1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
  ...[1, 2, 3, 6, 12].map((h) => h * HOUR),
]

/** Decides how a question is answered; pure, so it can be printed and asserted. */
export function planSeries(asked: Asked, extent: Extent): Plan {
  const target = (asked.to - asked.from) / asked.points
  const automatic = asked.stepMs === undefined && asked.calendar === undefined
  const rawKept = extent.keptFrom.raw <= asked.from
  if (
    automatic &&
    (asked.resolution === 'raw' || (asked.resolution === 'auto' && rawKept && extent.intervalMs >= target))
  )
    return lay(asked, extent, 'raw', null)
  const buckets = bucketsOf(asked, extent, target)
  const base = asked.resolution === 'auto' ? baseOf(buckets, asked, extent) : asked.resolution
  return lay(asked, extent, base, buckets)
}

function bucketsOf(asked: Asked, extent: Extent, target: number): Exclude<Buckets, null> {
  const { from, to, calendar, stepMs, resolution } = asked
  if (calendar) return { edges: calendarEdges(calendar.zone, calendar.unit, from, to) }
  if (stepMs !== undefined) return { stepMs }
  const least = Math.max(target, resolution === 'auto' ? 0 : stepOf[resolution])
  const nice = niceSteps.find(
    (step) => step >= least && (resolution === 'auto' || step % stepOf[resolution] === 0),
  )
  if (nice !== undefined) return { stepMs: nice }
  const days = Math.ceil(least / DAY)
  if (extent.dayZone === null || extent.dayZone === 'UTC') return { stepMs: days * DAY }
  // Days of the site's zone, several to a bucket.
  const edges = calendarEdges(extent.dayZone, 'day', from, to)
  const every = edges.filter((_, i) => i % days === 0)
  if (every.at(-1)! < to) every.push(edges.at(-1)!)
  return { edges: every }
}

/** The coarsest resolution whose own steps make up these buckets. */
function baseOf(buckets: Exclude<Buckets, null>, asked: Asked, { dayZone }: Extent): Resolution {
  if ('stepMs' in buckets) {
    const { stepMs } = buckets
    if (stepMs % DAY === 0 && dayZone === 'UTC') return 'day'
    if (stepMs % QUARTER === 0) return 'quarter'
    return stepMs % MINUTE === 0 ? 'minute' : 'raw'
  }
  if (asked.calendar === undefined) return 'day'
  return asked.calendar.unit !== 'hour' && asked.calendar.zone === dayZone ? 'day' : 'quarter'
}

function lay(asked: Asked, extent: Extent, base: Resolution, buckets: Buckets): Plan {
  const from = startOfBucket(buckets, asked.from)
  const to = endOfBucket(buckets, asked.to)
  const steps: Step[] = []
  const missing: Plan['missing'] = []
  // What has expired in this resolution may still be there in a coarser one, unless this one was asked for by name.
  const chain = asked.resolution === 'auto' && buckets ? resolutions.slice(resolutions.indexOf(base)) : [base]
  let end = to
  for (const source of chain) {
    const start = Math.max(from, Math.min(extent.keptFrom[source], end))
    if (start < end) steps.unshift(...cut(start, end, source, extent))
    end = Math.min(end, start)
  }
  if (from < end) missing.push({ from, to: end, reason: 'expired' })
  return { resolution: base, buckets, from, to, steps, missing }
}

/** Splits a stretch into days whose windows are settled in the lake and days that both stores have a say in. */
function cut(from: EpochMs, to: EpochMs, source: Resolution, extent: Extent): Step[] {
  if (source === 'raw') return [{ from, to, source, place: 'both' }]
  const steps: Step[] = []
  const add = (from: EpochMs, to: EpochMs, open: boolean): void => {
    if (from >= to) return
    const step: Step = open
      ? { from, to, source: 'minute', place: 'both' }
      : { from, to, source, place: 'lake' }
    const last = steps.at(-1)
    if (last && last.place === step.place && last.source === step.source) last.to = to
    else steps.push(step)
  }
  let at = from
  for (const day of extent.openDays) {
    const start = Math.max(at, day * DAY)
    const end = Math.min(to, (day + 1) * DAY)
    if (start >= end || day >= extent.openFrom) continue
    add(at, start, false)
    add(start, end, true)
    at = end
  }
  const open = Math.min(to, Math.max(at, extent.openFrom * DAY))
  add(at, open, false)
  add(open, to, true)
  return steps
}

/** Start of the bucket that holds this instant. */
export function startOfBucket(buckets: Buckets, at: EpochMs): EpochMs {
  if (!buckets) return at
  if ('stepMs' in buckets) return Math.floor(at / buckets.stepMs) * buckets.stepMs
  const { edges } = buckets
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle]! <= at) low = middle + 1
    else high = middle
  }
  return edges[Math.max(0, low - 1)]!
}

function endOfBucket(buckets: Buckets, at: EpochMs): EpochMs {
  if (!buckets) return at
  if ('stepMs' in buckets) return Math.ceil(at / buckets.stepMs) * buckets.stepMs
  return buckets.edges.at(-1)!
}

/** Every bucket start of the plan, ascending. */
export function bucketStarts({ buckets, from, to }: Pick<Plan, 'buckets' | 'from' | 'to'>): EpochMs[] {
  if (!buckets) return []
  if ('edges' in buckets) return buckets.edges.slice(0, -1)
  const starts: EpochMs[] = []
  for (let at = from; at < to; at += buckets.stepMs) starts.push(at)
  return starts
}
