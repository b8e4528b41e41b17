import { fillGaps, type Fill } from '../../core/history/fill.ts'
import type { LakeRange } from '../../core/history/lake-sql.ts'
import { lttb, minMax } from '../../core/history/lttb.ts'
import { bucketStarts, planSeries, type Asked, type Extent, type Plan } from '../../core/history/plan.ts'
import type { StoredReading } from '../../core/history/settle-stored.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { merge, type Moments } from '../../core/window/window.ts'
import type { SeriesMoments } from '../../ports/history.ts'
import { createSeriesReader, type HistoryStores, type ReadLog, type SeriesReader } from './series-reader.ts'

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

export interface SeriesAnswer extends ReadLog {
  plan: Plan
  series: Series[]
}

/** Answers a question over all tiers. What several stores hold of the same identity counts once. */
export async function querySeries(question: SeriesQuestion, stores: HistoryStores): Promise<SeriesAnswer> {
  const { hot, lake } = stores
  const range: LakeRange = {
    things: question.things,
    measures: question.measures,
    from: question.from,
    to: question.to,
    ...(question.knownBy !== undefined && { knownBy: question.knownBy }),
  }
  const known = await lake.extent(range)
  const hotDays = await hot.days(range)
  const openDays = [...new Set([...known.openDays, ...hotDays])].sort((a, b) => a - b)
  const extent = { ...known, openDays }
  const plan = planSeries(question, extent)
  const answer = await carryOut(plan, question, range, extent, stores)
  if (plan.buckets || question.resolution === 'raw' || !answer.series.some((s) => isDenser(s, question)))
    return answer
  // The guess at how dense the readings lie was wrong.
  return carryOut(planSeries(question, { ...extent, intervalMs: 0 }), question, range, extent, stores)
}

/** Twice the points: a burst is better seen than averaged away. */
const isDenser = ({ readings }: Series, { points, reduce }: SeriesQuestion): boolean =>
  reduce === 'none' &&
  readings !== null &&
  readings.length > 2 * points &&
  readings.some((r) => r.text === null)

async function carryOut(
  plan: Plan,
  question: SeriesQuestion,
  range: LakeRange,
  extent: Extent,
  stores: HistoryStores,
): Promise<SeriesAnswer> {
  const answer: SeriesAnswer = { plan, tiersUsed: [], missing: [...plan.missing], series: [] }
  const reader = createSeriesReader(stores, answer)
  if (plan.buckets) {
    for (const { thing, measure, moments } of await merged(plan, range, extent, reader))
      answer.series.push({ thing, measure, readings: null, ...shaped(moments, question, plan) })
    await addTexts(answer, question, range, extent.keptFrom.raw, reader)
  } else
    for (const { from, to } of plan.steps)
      for (const { thing, measure, readings } of await reader.raw({ ...range, from, to }))
        answer.series.push({
          thing,
          measure,
          readings: reduced(readings, question),
          moments: null,
          filled: null,
        })
  answer.series.sort((a, b) => compare(a.thing, b.thing) || compare(a.measure, b.measure))
  answer.tiersUsed = (['hot', 'warm', 'cold'] as const).filter((tier) => answer.tiersUsed.includes(tier))
  answer.missing = distinct(answer.missing)
  return answer
}

/** Moments of all steps, one a bucket and series. */
async function merged(
  plan: Plan,
  range: LakeRange,
  { dayZone, keptFrom }: Extent,
  reader: SeriesReader,
): Promise<SeriesMoments[]> {
  const all = new Map<string, SeriesMoments & { byStart: Map<EpochMs, Moments & { at: EpochMs }> }>()
  for (const step of plan.steps) {
    const part: LakeRange = {
      ...range,
      from: step.from,
      to: step.to,
      starts: { from: plan.from, to: plan.to },
      ...(dayZone !== null && { zone: dayZone }),
    }
    for (const { thing, measure, moments } of await reader.moments(step, part, plan, keptFrom.quarter)) {
      const key = `${thing}\n${measure}`
      let into = all.get(key)
      if (!into) all.set(key, (into = { thing, measure, moments: [], byStart: new Map() }))
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
  for (const { moments } of all.values()) moments.sort((a, b) => a.at - b.at)
  return [...all.values()]
}

/** Texts have no mean: where buckets were asked for, a measure of texts is answered by when its text changed. */
async function addTexts(
  answer: SeriesAnswer,
  question: SeriesQuestion,
  range: LakeRange,
  keptFrom: EpochMs,
  reader: SeriesReader,
): Promise<void> {
  const silent = question.measures?.filter((m) => !answer.series.some((s) => s.measure === m)) ?? []
  if (silent.length === 0) return
  for (const { thing, measure, readings } of await reader.raw({ ...range, measures: silent })) {
    const texts = readings.filter((r) => r.text !== null)
    const changes = texts.filter((r, i) => r.text !== texts[i - 1]?.text)
    if (changes.length > 0)
      answer.series.push({
        thing,
        measure,
        readings: evenly(changes, question.points),
        moments: null,
        filled: null,
      })
    if (changes.length > 0 && keptFrom > range.from)
      answer.missing.push({ from: range.from, to: keptFrom, reason: 'expired' })
  }
}

/** At most so many, first and last among them. */
const evenly = <T>(list: readonly T[], most: number): T[] =>
  list.length <= most
    ? [...list]
    : Array.from(
        { length: most },
        (_, i) => list[most === 1 ? 0 : Math.round((i * (list.length - 1)) / (most - 1))]!,
      )

/** Stretches once each: several steps may meet the same damage. */
const distinct = (missing: SeriesAnswer['missing']): SeriesAnswer['missing'] => [
  ...new Map(missing.map((m) => [`${m.from}/${m.to}/${m.reason}`, m])).values(),
]

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
