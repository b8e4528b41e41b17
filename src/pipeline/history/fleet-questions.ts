import type { HistoryStores } from './series-reader.ts'
import {
  bucketStart,
  bucketsOf,
  dayStart,
  grouped,
  HOUR,
  mean,
  newestOf,
  readingsOf,
  TEN_MINUTES,
  type FleetRange,
} from './fleet-rows.ts'
import type { Truck } from './truck.ts'

export interface FleetQuestion extends FleetRange {
  name: FleetQuestionName
}

export type Row = Record<string, string | number | null>
type Ask = (question: FleetRange, stores: HistoryStores) => Promise<Row[]>

const total = <K extends string>(list: readonly Record<K, number>[], key: K): number =>
  list.reduce((sum, v) => sum + v[key], 0)

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
    const meanVelocity = total(buckets, 'sum') / total(buckets, 'n')
    if (meanVelocity < 1) rows.push({ name: thing, driver: driver ?? null, meanVelocity })
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
    const n = total(buckets, 'n')
    if (n === 0 || truck.loadCapacity === undefined) continue
    const load = total(buckets, 'sum') / n
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
    for (const at of entries) counts.set(bucketStart(at), (counts.get(bucketStart(at)) ?? 0) + 1)
    for (const [bucket, list] of Map.groupBy(byMeasure.get('status') ?? [], (r) => bucketStart(r.at)))
      if (mean(list.map((r) => r.value)) < 1)
        rows.push({ key: [truck.fleet, truck.model, dayStart(bucket)], value: counts.get(bucket)! })
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
  const wasBroken = new Map<Truck, boolean>()
  for await (const [truck, byMeasure] of readingsOf(['status'], q, stores)) {
    const buckets = Map.groupBy(byMeasure.get('status') ?? [], (r) => bucketStart(r.at))
    for (const [, list] of [...buckets].sort(([a], [b]) => a - b)) {
      const broken = list.filter((r) => r.value === 0).length * 2 >= list.length
      if (broken && wasBroken.get(truck) === false) rows.push({ key: [truck.model], value: 1 })
      wasBroken.set(truck, broken)
    }
  }
  return grouped(rows).map(({ key, values }) => ({ model: key[0]!, breakdowns: values.length }))
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
