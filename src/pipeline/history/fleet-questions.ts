import { DAY } from '../../core/history/lake-layout.ts'
import type { StoredReading } from '../../core/history/settle-stored.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Moments } from '../../core/window/window.ts'
import { createReader, querySeries, type HistoryStores } from './query.ts'

/** A truck and its tags, as the registry has them; a tag may be missing. */
export interface Truck {
  thing: string
  fleet?: string | undefined
  driver?: string | undefined
  model?: string | undefined
  loadCapacity?: number | undefined
  nominalFuelConsumption?: number | undefined
}

export interface FleetQuestion {
  name: FleetQuestionName
  trucks: readonly Truck[]
  /** Half-open, on whole ten minutes. */
  from: EpochMs
  to: EpochMs
}

export type Row = Record<string, string | number | null>
type Ask = (question: FleetQuestion, stores: HistoryStores) => Promise<Row[]>

const TEN_MINUTES = 600_000
const HOUR = 3_600_000

type Bucket = Moments & { at: EpochMs }

/** Ten-minute buckets of a measure, truck by truck; those without a reading do not exist. */
async function* bucketsOf(
  measure: string,
  { trucks, from, to }: FleetQuestion,
  stores: HistoryStores,
): AsyncGenerator<[Truck, Bucket[]]> {
  for (let i = 0; i < trucks.length; i += 50) {
    const some = trucks.slice(i, i + 50)
    const { series } = await querySeries(
      {
        things: some.map((t) => t.thing),
        measures: [measure],
        from,
        to,
        points: 1,
        resolution: 'minute',
        stepMs: TEN_MINUTES,
        fill: 'none',
        reduce: 'none',
      },
      stores,
    )
    const byThing = new Map(series.map((s) => [s.thing, s.moments ?? []]))
    for (const truck of some) yield [truck, byThing.get(truck.thing) ?? []]
  }
}

/** Readings of measures, truck by truck, each identity once; texts left out. */
async function* readingsOf(
  measures: readonly string[],
  { trucks, from, to }: FleetQuestion,
  stores: HistoryStores,
): AsyncGenerator<[Truck, Map<string, StoredReading[]>]> {
  const reader = createReader(stores, { tiersUsed: [], missing: [] })
  for (const truck of trucks) {
    const found = await reader.raw({ things: [truck.thing], measures, from, to })
    yield [truck, new Map(found.map((s) => [s.measure, s.readings.filter((r) => !Number.isNaN(r.value))]))]
  }
}

/** The newest values before `to`, looked for ever further back. */
async function* newestOf(
  measures: readonly string[],
  question: FleetQuestion,
  stores: HistoryStores,
): AsyncGenerator<[Truck, { at: EpochMs; values: number[] }]> {
  for (const truck of question.trucks) {
    let end = question.to
    for (let span = HOUR / 6; end > question.from; span *= 8) {
      const from = Math.max(question.from, question.to - span)
      const reader = createReader(stores, { tiersUsed: [], missing: [] })
      const found = await reader.raw({ things: [truck.thing], measures, from, to: end })
      const newest = newestTogether(measures.map((m) => found.find((s) => s.measure === m)?.readings ?? []))
      if (newest) {
        yield [truck, newest]
        break
      }
      end = from
    }
  }
}

/** The newest time at which all series have a value: a position is latitude and longitude of one moment. */
function newestTogether(series: StoredReading[][]): { at: EpochMs; values: number[] } | null {
  const [first = [], ...others] = series
  for (let i = first.length - 1; i >= 0; i--) {
    const { at, value } = first[i]!
    if (Number.isNaN(value)) continue
    const rest = others.map((list) => list.find((r) => r.at === at && !Number.isNaN(r.value))?.value)
    if (rest.every((v) => v !== undefined)) return { at, values: [value, ...rest] }
  }
  return null
}

const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length
const dayStart = (at: EpochMs): EpochMs => Math.floor(at / DAY) * DAY

/** Groups by key columns; rows whose key misses a tag belong to no group. */
function grouped<T>(
  rows: readonly { key: readonly (string | number | undefined)[]; value: T }[],
): { key: (string | number)[]; values: T[] }[] {
  const groups = new Map<string, { key: (string | number)[]; values: T[] }>()
  for (const { key, value } of rows) {
    if (key.includes(undefined)) continue
    const id = JSON.stringify(key)
    const group = groups.get(id)
    if (group) group.values.push(value)
    else groups.set(id, { key: key as (string | number)[], values: [value] })
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

const lastLoc: Ask = async (q, stores) => {
  const rows: Row[] = []
  for await (const [{ thing, driver }, { at, values }] of newestOf(['latitude', 'longitude'], q, stores))
    rows.push({ name: thing, driver: driver ?? null, at, latitude: values[0]!, longitude: values[1]! })
  return rows
}

const newestBelow =
  (measure: string, wanted: (value: number, truck: Truck) => boolean): Ask =>
  async (q, stores) => {
    const rows: Row[] = []
    for await (const [truck, { at, values }] of newestOf([measure], q, stores))
      if (wanted(values[0]!, truck))
        rows.push({
          name: truck.thing,
          driver: truck.driver ?? null,
          at,
          [measure === 'fuel_state' ? 'fuelState' : 'currentLoad']: values[0]!,
          ...(measure === 'current_load' && { loadCapacity: truck.loadCapacity ?? null }),
        })
    return rows
  }

const stationaryTrucks: Ask = async (q, stores) => {
  const rows: Row[] = []
  for await (const [{ thing, driver }, buckets] of bucketsOf(
    'velocity',
    { ...q, from: q.to - TEN_MINUTES },
    stores,
  )) {
    const [only] = buckets
    if (only && only.sum / only.n < 1)
      rows.push({ name: thing, driver: driver ?? null, meanVelocity: only.sum / only.n })
  }
  return rows
}

const longSessions =
  (spanMs: number, moreThan: number): Ask =>
  async (q, stores) => {
    const rows: Row[] = []
    for await (const [{ thing, driver }, buckets] of bucketsOf(
      'velocity',
      { ...q, from: q.to - spanMs },
      stores,
    )) {
      const driving = buckets.filter((b) => b.sum / b.n > 1).length
      if (driving > moreThan) rows.push({ name: thing, driver: driver ?? null, buckets: driving })
    }
    return rows
  }

const fuelConsumption: Ask = async (q, stores) => {
  const rows: {
    key: [string | undefined]
    value: { fuel: number; n: number; nominal: number; m: number }
  }[] = []
  for await (const [truck, byMeasure] of readingsOf(['velocity', 'fuel_consumption'], q, stores)) {
    const moving = new Set((byMeasure.get('velocity') ?? []).filter((r) => r.value > 1).map((r) => r.at))
    if (moving.size === 0) continue
    const used = (byMeasure.get('fuel_consumption') ?? []).filter((r) => moving.has(r.at))
    const { nominalFuelConsumption: nominal } = truck
    rows.push({
      key: [truck.fleet],
      value: {
        fuel: used.reduce((sum, r) => sum + r.value, 0),
        n: used.length,
        nominal: nominal === undefined ? 0 : nominal * moving.size,
        m: nominal === undefined ? 0 : moving.size,
      },
    })
  }
  const total = (
    list: { fuel: number; n: number; nominal: number; m: number }[],
    key: 'fuel' | 'n' | 'nominal' | 'm',
  ): number => list.reduce((sum, v) => sum + v[key], 0)
  return grouped(rows).map(({ key, values }) => ({
    fleet: key[0]!,
    meanFuelConsumption: total(values, 'n') === 0 ? null : total(values, 'fuel') / total(values, 'n'),
    meanNominalFuelConsumption:
      total(values, 'm') === 0 ? null : total(values, 'nominal') / total(values, 'm'),
  }))
}

const dailyDuration: Ask = async (q, stores) => {
  const rows: { key: (string | undefined)[]; value: number }[] = []
  for await (const [truck, buckets] of bucketsOf('velocity', q, stores)) {
    const days = Map.groupBy(
      buckets.filter((b) => b.sum / b.n > 1),
      (b) => dayStart(b.at),
    )
    for (const driving of days.values())
      rows.push({ key: [truck.fleet, truck.thing, truck.driver], value: driving.length / 6 })
  }
  return grouped(rows).map(({ key: [fleet, name, driver], values }) => ({
    fleet: fleet!,
    name: name!,
    driver: driver!,
    meanDailyHours: mean(values),
  }))
}

const dailySession: Ask = async (q, stores) => {
  const rows: { key: [string, number]; value: number }[] = []
  for await (const [{ thing }, buckets] of bucketsOf('velocity', q, stores)) {
    const driving = buckets.map((b) => ({ at: b.at, is: b.sum / b.n > 5 }))
    const changes = driving.filter((b, i) => i > 0 && b.is !== driving[i - 1]!.is)
    for (const [i, { at, is }] of changes.entries()) {
      const next = changes[i + 1]
      if (is && next) rows.push({ key: [thing, dayStart(at)], value: next.at - at })
    }
  }
  return grouped(rows).map(({ key: [name, day], values }) => ({
    name: name!,
    day: day!,
    meanSessionMs: mean(values),
  }))
}

const averageLoad: Ask = async (q, stores) => {
  const rows: { key: (string | number | undefined)[]; value: number }[] = []
  for await (const [truck, buckets] of bucketsOf('current_load', q, stores)) {
    const n = buckets.reduce((sum, b) => sum + b.n, 0)
    if (n === 0 || truck.loadCapacity === undefined) continue
    const load = buckets.reduce((sum, b) => sum + b.sum, 0) / n
    rows.push({ key: [truck.fleet, truck.model, truck.loadCapacity], value: load / truck.loadCapacity })
  }
  return grouped(rows).map(({ key: [fleet, model, loadCapacity], values }) => ({
    fleet: fleet!,
    model: model!,
    loadCapacity: loadCapacity!,
    meanLoadPercentage: mean(values),
  }))
}

const dailyActivity: Ask = async (q, stores) => {
  const rows: { key: (string | number | undefined)[]; value: number }[] = []
  for await (const [truck, byMeasure] of readingsOf(['fuel_state', 'current_load', 'status'], q, stores)) {
    const entries = new Set([...byMeasure.values()].flatMap((list) => list.map((r) => r.at)))
    const counts = new Map<number, number>()
    for (const at of entries)
      counts.set(Math.floor(at / TEN_MINUTES), (counts.get(Math.floor(at / TEN_MINUTES)) ?? 0) + 1)
    for (const [bucket, list] of Map.groupBy(byMeasure.get('status') ?? [], (r) =>
      Math.floor(r.at / TEN_MINUTES),
    ))
      if (mean(list.map((r) => r.value)) < 1)
        rows.push({
          key: [truck.fleet, truck.model, dayStart(bucket * TEN_MINUTES)],
          value: counts.get(bucket)!,
        })
  }
  return grouped(rows).map(({ key: [fleet, model, day], values }) => ({
    fleet: fleet!,
    model: model!,
    day: day!,
    activity: values.reduce((a, b) => a + b, 0) / 144,
  }))
}

const breakdowns: Ask = async (q, stores) => {
  const rows: { key: [string | undefined]; value: number }[] = []
  for await (const [truck, byMeasure] of readingsOf(['status'], q, stores)) {
    const broken = [...Map.groupBy(byMeasure.get('status') ?? [], (r) => Math.floor(r.at / TEN_MINUTES))]
      .sort(([a], [b]) => a - b)
      .map(([, list]) => list.filter((r) => r.value === 0).length * 2 >= list.length)
    const count = broken.filter((is, i) => is && i > 0 && !broken[i - 1]).length
    if (count > 0) rows.push({ key: [truck.model], value: count })
  }
  return grouped(rows).map(({ key, values }) => ({
    model: key[0]!,
    breakdowns: values.reduce((a, b) => a + b, 0),
  }))
}

/** The queries of the TSBS IoT use case by name, as their definitions read. */
const questions = {
  'last-loc': lastLoc,
  'single-last-loc': lastLoc,
  'low-fuel': newestBelow('fuel_state', (value) => value < 0.1),
  'high-load': newestBelow(
    'current_load',
    (value, { loadCapacity }) => loadCapacity !== undefined && value / loadCapacity > 0.9,
  ),
  'stationary-trucks': stationaryTrucks,
  'long-driving-sessions': longSessions(4 * HOUR, 22),
  'long-daily-sessions': longSessions(24 * HOUR, 60),
  'avg-vs-projected-fuel-consumption': fuelConsumption,
  'avg-daily-driving-duration': dailyDuration,
  'avg-daily-driving-session': dailySession,
  'avg-load': averageLoad,
  'daily-activity': dailyActivity,
  'breakdown-frequency': breakdowns,
} satisfies Record<string, Ask>

export type FleetQuestionName = keyof typeof questions
export const fleetQuestionNames = Object.keys(questions) as FleetQuestionName[]

/** Answers a question about a fleet from the settled readings and windows of all tiers. */
export const askQuestion = (question: FleetQuestion, stores: HistoryStores): Promise<Row[]> =>
  questions[question.name](question, stores)
