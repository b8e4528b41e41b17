import {
  healthFeatures,
  healthMeter,
  learnHealthy,
  type FeatureRow,
  type HealthyPeriod,
} from '../core/maintenance/health-index.ts'
import { featuresAt, type SpansByMeasure } from '../core/maintenance/features.ts'
import {
  dayOf,
  hourlyRows,
  minutesStart,
  packDay,
  spansAt,
  unpackDay,
  type HoursByMeasure,
  type MachineDay,
} from '../core/maintenance/machine-hours.ts'
import { hourOf } from '../core/maintenance/measure-spans.ts'
import { MINUTE, type EpochMs } from '../core/telemetry/reading.ts'
import type { Fact } from '../core/telemetry/stage.ts'
import type { MachineReader } from '../ports/machine-reader.ts'
import type { MachineLook, MachineQuestion, MachineWatch } from '../ports/machine-watch.ts'
import { closedWindows } from './jobs/closed-windows.ts'
import { CLOSED_AFTER_MS } from './jobs/run-jobs.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** The longest horizon of features. */
const LOOK_BACK_DAYS = 30
/** Late minutes of the last hours still count. */
const HOURS_AGAIN = 3
/** Facts of days take each other's place after this many, so that a box of many years keeps a month. */
const DAYS_KEPT = 32
const ANOMALIES = 1000

export const machineFacts = {
  day: 'machine_hours',
  healthy: 'machine_healthy',
  health: 'machine_health',
} as const

/** Looks at machines through a reader that is near the data. */
export const machineWatch = (reader: MachineReader): MachineWatch => ({
  look: async (question) => {
    const { thing, at } = question
    const { hours, facts } = await recentHours(reader, thing, at)
    const minutes = await closedWindows(reader, thing, undefined, minutesStart(at), at)
    const spans = spansAt(hours, minutes, at)
    if (silent(spans, at)) return null
    const { healthy, facts: learned } = await healthyNow(reader, spans, question)
    const seen = await seenAt(reader, spans, healthy, question)
    return { ...seen, facts: [...facts, ...learned] }
  },
  past: async (question) => {
    const { thing, at } = question
    const knownBy = question.asStored ? Infinity : at + CLOSED_AFTER_MS
    const from = dayOf(at - LOOK_BACK_DAYS * DAY) * DAY
    const hours = await reader.hours({
      thing,
      from,
      to: minutesStart(at),
      ...(knownBy < Infinity && { knownBy }),
    })
    const minutes = await closedWindows(reader, thing, undefined, minutesStart(at), at)
    const spans = spansAt(
      hours,
      minutes.filter(({ version }) => version <= knownBy),
      at,
    )
    if (silent(spans, at)) return null
    const known = await healthyFacts(reader, thing, at)
    const since = question.maintainedAt.filter((of) => of < at).at(-1)
    const healthy = known.filter((of) => of.until <= at && (since === undefined || of.since >= since)).at(-1)
    return (await seenAt(reader, spans, healthy ?? null, question)).features
  },
})

/** The hours that features look back over: kept days, and what was measured since they were last kept. */
async function recentHours(
  reader: MachineReader,
  thing: string,
  at: EpochMs,
): Promise<{ hours: HoursByMeasure; facts: Fact[] }> {
  const today = dayOf(at)
  const from = (today - LOOK_BACK_DAYS) * DAY
  const stored = await reader.facts({ type: machineFacts.day, thing, from, to: at, limit: DAYS_KEPT })
  const hours: HoursByMeasure = new Map()
  for (const { at: day, value } of stored) unpackDay(dayOf(day), value as MachineDay, hours)
  const newest = stored.reduce((last, { version }) => Math.max(last, version), -Infinity)
  const to = hourOf(at) * HOUR
  const since = Math.max(from, Math.min(to, hourOf(newest) * HOUR) - HOURS_AGAIN * HOUR)
  const fresh = await reader.hours({ thing, from: since, to })
  for (const [measure, of] of fresh) {
    const known = hours.get(measure)
    if (known) for (const [hour, span] of of) known.set(hour, span)
    else hours.set(measure, of)
  }
  const days = new Set(
    [...fresh.values()].flatMap((of) => [...of.keys()].map((hour) => Math.floor(hour / 24))),
  )
  const facts = [...days].map((day) => ({
    type: machineFacts.day,
    thing,
    key: String(day % DAYS_KEPT),
    at: day * DAY,
    until: (day + 1) * DAY,
    version: at,
    value: packDay(day, hours),
  }))
  return { hours, facts }
}

const silent = (spans: SpansByMeasure, at: EpochMs): boolean =>
  !Object.values(spans).some(({ end }) => (end.at(-1) ?? 0) * MINUTE >= at - DAY)

/** Features, distances and wear of a machine whose healthy state is known or not. */
async function seenAt(
  reader: MachineReader,
  spans: SpansByMeasure,
  healthy: HealthyPeriod | null,
  question: MachineQuestion,
): Promise<MachineLook> {
  const { thing, at, installedAt, maintainedAt, running, load } = question
  const anomalies = await reader.anomalies({ thing, from: at - 30 * DAY, to: at, limit: ANOMALIES })
  const features = featuresAt(
    spans,
    { installedAt, maintainedAt, anomaliesAt: anomalies.map((anomaly) => anomaly.at) },
    at,
    { ...(running && { running }), ...(load !== undefined && { load }) },
  )
  if (!healthy) return { features, healthy, wear: [] }
  const meter = healthMeter(healthy)
  const distances = hourlyRows(spans, at - 7 * DAY, at).map(({ at: hour, row }) => ({
    at: hour,
    distance: meter(row),
  }))
  return {
    features: { ...features, ...healthFeatures(healthy, features, distances, at) },
    healthy,
    wear: distances.map(({ at: hour, distance }) => ({ time: hour / HOUR, value: distance })),
  }
}

/** Fewer hours do not show how a healthy machine varies. */
const FEWEST_HEALTHY_HOURS = 24
/** A machine counts as healthy for its first week, or the week after it was put right. */
const HEALTHY_MS = 7 * DAY
/** The last day is what is judged: it may be the beginning of the end, so nothing is learned from it. */
const NOT_YET_MS = DAY
/** A longer healthy period is learned anew when it has grown by this much. */
const GROWN = 1.3
const PERIODS = 1000

interface StoredHealthy extends HealthyPeriod {
  /** Half-open: the hours that it was learned from. */
  since: EpochMs
  until: EpochMs
  hours: number
}

/** Healthy periods that began before this time, oldest first. */
async function healthyFacts(reader: MachineReader, thing: string, at: EpochMs): Promise<StoredHealthy[]> {
  const facts = await reader.facts({ type: machineFacts.healthy, thing, from: 0, to: at, limit: PERIODS })
  return facts.map(({ value }) => value as unknown as StoredHealthy)
}

/** What the machine is like when it is well: learned from its first hours since it was last put right. */
async function healthyNow(
  reader: MachineReader,
  spans: SpansByMeasure,
  { thing, at, maintainedAt }: MachineQuestion,
): Promise<{ healthy: HealthyPeriod | null; facts: Fact[] }> {
  const known = (await healthyFacts(reader, thing, at)).at(-1)
  const first = Math.min(...Object.values(spans).map(({ start }) => (start[0] ?? Infinity) * MINUTE))
  const since = maintainedAt.filter((of) => of < at).at(-1) ?? known?.since ?? first
  const current = known?.since === since ? known : null
  const rows = hourlyRows(spans, since, Math.min(at - NOT_YET_MS, since + HEALTHY_MS))
  const grown =
    current !== null &&
    rows.length >= GROWN * current.hours &&
    staysHealthy(
      current,
      rows.filter((row) => row.at >= current.until),
    )
  if ((current && !grown) || rows.length < FEWEST_HEALTHY_HOURS) return { healthy: current, facts: [] }
  const healthy = learnHealthy(rows.map(({ row }) => row))
  if (!healthy) return { healthy: current, facts: [] }
  const value: StoredHealthy = { ...healthy, since, until: rows.at(-1)!.at + HOUR, hours: rows.length }
  const fact: Fact = {
    type: machineFacts.healthy,
    thing,
    key: String(since),
    at: since,
    until: Number.MAX_SAFE_INTEGER,
    version: at,
    value: { ...value },
  }
  return { healthy, facts: [fact] }
}

/** Hours that would be learned on top must themselves look healthy, or a slow failure would become the measure of health. */
function staysHealthy(known: StoredHealthy, fresh: readonly { row: FeatureRow }[]): boolean {
  const meter = healthMeter(known)
  return fresh.filter(({ row }) => meter(row) > known.limit).length <= fresh.length / 10
}
