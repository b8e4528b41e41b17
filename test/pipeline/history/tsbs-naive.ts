import type { Truck } from '../../../src/pipeline/history/truck.ts'
import type { Entry } from './tsbs.ts'

type Value = string | number | null
type Row = Record<string, Value>
type Kept = { at: number; v: number }

const BUCKET = 600_000
const DAY = 86_400_000
const avg = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length

/** What one truck said at one moment; of what it said twice, what came later. */
type Moment = { at: number; measures: Record<string, number> }

/** Everything that arrived, by truck and moment. */
export function byTruck(arrivals: readonly Entry[]): Map<string, Moment[]> {
  const trucks = new Map<string, Map<number, Moment>>()
  for (const { thing, at, measures } of arrivals) {
    if (!trucks.has(thing)) trucks.set(thing, new Map())
    const moments = trucks.get(thing)!
    moments.set(at, { at, measures: { ...moments.get(at)?.measures, ...measures } })
  }
  return new Map([...trucks].map(([thing, m]) => [thing, [...m.values()].sort((a, b) => a.at - b.at)]))
}

/** The thirteen questions straight from their definitions, over a plain list of moments: slow, and with nothing in common. */
export function naive(
  name: string,
  trucks: readonly Truck[],
  said: ReadonlyMap<string, Moment[]>,
  from: number,
  to: number,
): Row[] {
  const within = (thing: string, start = from): Moment[] =>
    (said.get(thing) ?? []).filter((m) => m.at >= start && m.at < to)
  const of = (thing: string, measure: string, start = from): Kept[] =>
    within(thing, start)
      .filter((m) => m.measures[measure] !== undefined)
      .map((m) => ({ at: m.at, v: m.measures[measure]! }))
  const buckets = (list: Kept[]): [number, number[]][] => {
    const found = new Map<number, number[]>()
    for (const { at, v } of list) {
      const start = Math.floor(at / BUCKET) * BUCKET
      if (!found.has(start)) found.set(start, [])
      found.get(start)!.push(v)
    }
    return [...found]
  }
  const rows: Row[] = []
  const collected = new Map<string, { head: Row; list: number[]; more: number[] }>()
  const collect = (head: Row, value: number | null, more: number | null = null): void => {
    if (Object.values(head).includes(null)) return
    const key = JSON.stringify(head)
    const entry = collected.get(key) ?? { head, list: [], more: [] }
    if (value !== null) entry.list.push(value)
    if (more !== null) entry.more.push(more)
    collected.set(key, entry)
  }
  const result = (finish: (list: number[], more: number[]) => Row): Row[] =>
    [...collected.values()].map(({ head, list, more }) => ({ ...head, ...finish(list, more) }))
  const day = (at: number): number => Math.floor(at / DAY) * DAY

  for (const t of trucks) {
    const tags = {
      fleet: t.fleet ?? null,
      driver: t.driver ?? null,
      model: t.model ?? null,
      loadCapacity: t.loadCapacity ?? null,
    }
    const velocity = of(t.thing, 'velocity')
    switch (name) {
      case 'last-loc':
      case 'single-last-loc': {
        const last = within(t.thing).findLast(
          ({ measures: m }) => m['latitude'] !== undefined && m['longitude'] !== undefined,
        )
        if (last)
          rows.push({
            name: t.thing,
            driver: tags.driver,
            at: last.at,
            latitude: last.measures['latitude']!,
            longitude: last.measures['longitude']!,
          })
        break
      }
      case 'low-fuel': {
        const last = of(t.thing, 'fuel_state').at(-1)
        if (last && last.v < 0.1)
          rows.push({ name: t.thing, driver: tags.driver, at: last.at, fuelState: last.v })
        break
      }
      case 'high-load': {
        const last = of(t.thing, 'current_load').at(-1)
        if (last && t.loadCapacity !== undefined && last.v / t.loadCapacity > 0.9)
          rows.push({
            name: t.thing,
            driver: tags.driver,
            at: last.at,
            currentLoad: last.v,
            loadCapacity: t.loadCapacity,
          })
        break
      }
      case 'stationary-trucks': {
        const list = of(t.thing, 'velocity', to - BUCKET).map((r) => r.v)
        if (list.length > 0 && avg(list) < 1)
          rows.push({ name: t.thing, driver: tags.driver, meanVelocity: avg(list) })
        break
      }
      case 'long-driving-sessions':
      case 'long-daily-sessions': {
        const [span, least] = name === 'long-driving-sessions' ? [4 * 3_600_000, 22] : [DAY, 60]
        const n = buckets(of(t.thing, 'velocity', to - span)).filter(([, list]) => avg(list) > 1).length
        if (n > least) rows.push({ name: t.thing, driver: tags.driver, buckets: n })
        break
      }
      case 'avg-vs-projected-fuel-consumption':
        for (const { measures: m } of within(t.thing))
          if ((m['velocity'] ?? 0) > 1)
            collect({ fleet: tags.fleet }, m['fuel_consumption'] ?? null, t.nominalFuelConsumption ?? null)
        break
      case 'avg-daily-driving-duration': {
        const days = new Map<number, number>()
        for (const [at, list] of buckets(velocity))
          if (avg(list) > 1) days.set(day(at), (days.get(day(at)) ?? 0) + 1)
        for (const n of days.values())
          collect({ fleet: tags.fleet, name: t.thing, driver: tags.driver }, n / 6)
        break
      }
      case 'avg-daily-driving-session': {
        let started: number | null = null
        let was: boolean | null = null
        for (const [at, list] of buckets(velocity)) {
          const is = avg(list) > 5
          if (was !== null && is !== was) {
            if (is) started = at
            else if (started !== null) collect({ name: t.thing, day: day(started) }, at - started)
          }
          was = is
        }
        break
      }
      case 'avg-load': {
        const list = of(t.thing, 'current_load').map((r) => r.v)
        if (list.length > 0 && t.loadCapacity !== undefined)
          collect(
            { fleet: tags.fleet, model: tags.model, loadCapacity: tags.loadCapacity },
            avg(list) / t.loadCapacity,
          )
        break
      }
      case 'daily-activity': {
        const diagnostics = within(t.thing).filter(({ measures: m }) =>
          ['fuel_state', 'current_load', 'status'].some((name) => m[name] !== undefined),
        )
        for (const [at, list] of buckets(of(t.thing, 'status')))
          if (avg(list) < 1)
            collect(
              { fleet: tags.fleet, model: tags.model, day: day(at) },
              diagnostics.filter((m) => Math.floor(m.at / BUCKET) * BUCKET === at).length,
            )
        break
      }
      case 'breakdown-frequency': {
        let was: boolean | null = null
        for (const [, list] of buckets(of(t.thing, 'status'))) {
          const is = list.filter((v) => v === 0).length >= list.length / 2
          if (was === false && is) collect({ model: tags.model }, 1)
          was = is
        }
        break
      }
    }
  }
  switch (name) {
    case 'avg-vs-projected-fuel-consumption':
      return result((list, more) => ({
        meanFuelConsumption: list.length > 0 ? avg(list) : null,
        meanNominalFuelConsumption: more.length > 0 ? avg(more) : null,
      }))
    case 'avg-daily-driving-duration':
      return result((list) => ({ meanDailyHours: avg(list) }))
    case 'avg-daily-driving-session':
      return result((list) => ({ meanSessionMs: avg(list) }))
    case 'avg-load':
      return result((list) => ({ meanLoadPercentage: avg(list) }))
    case 'daily-activity':
      return result((list) => ({ activity: list.reduce((a, b) => a + b, 0) / 144 }))
    case 'breakdown-frequency':
      return result((list) => ({ breakdowns: list.length }))
    default:
      return rows
  }
}
