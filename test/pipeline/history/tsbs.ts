import type { Truck } from '../../../src/pipeline/history/truck.ts'

/** mulberry32 (Tommy Ettinger, public domain): small, seeded, good enough for data. */
export function random(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One entry as it is sent: several measures of one moment, some missing. */
export interface Entry {
  thing: string
  at: number
  measures: Record<string, number>
}

export interface TsbsData {
  trucks: Truck[]
  /** In the order in which they arrive. */
  arrivals: Entry[]
}

const fleets = ['East', 'West', 'North', 'South']
const models = [
  { model: 'F-150', loadCapacity: 2000, nominalFuelConsumption: 15 },
  { model: 'G-2000', loadCapacity: 5000, nominalFuelConsumption: 19 },
  { model: 'H-2', loadCapacity: 1500, nominalFuelConsumption: 12 },
]

/** Walks and disorder of the TSBS IoT use case: batches and entries missing or late, tags and fields empty. */
export function tsbs(options: {
  seed: number
  trucks: number
  from: number
  steps: number
  stepMs: number
  repeated: number
}): TsbsData {
  const rng = random(options.seed)
  const uniform = (low: number, high: number): number => low + (high - low) * rng()
  const clamp = (v: number, low: number, high: number): number => Math.min(high, Math.max(low, v))
  const pick = <T>(list: readonly T[]): T => list[Math.floor(rng() * list.length)]!
  const maybe = <T>(value: T): T | undefined => (rng() < 0.01 ? undefined : value)
  const trucks = Array.from({ length: options.trucks }, (_, i): Truck => {
    const { model, loadCapacity, nominalFuelConsumption } = pick(models)
    return {
      thing: `truck_${i}`,
      fleet: maybe(pick(fleets)),
      driver: maybe(pick(['Albert', 'Derek', 'Rodney', 'Seth', 'Trish'])),
      model: maybe(model),
      loadCapacity: maybe(loadCapacity),
      nominalFuelConsumption: maybe(nominalFuelConsumption),
    }
  })
  const state = trucks.map(({ loadCapacity }) => ({
    latitude: uniform(-90, 90), longitude: uniform(-180, 180), elevation: uniform(0, 5000), velocity: uniform(0, 20),
    heading: uniform(0, 360), grade: uniform(0, 100), fuel_consumption: uniform(0, 50),
    fuel_state: uniform(0, 1), current_load: uniform(0, loadCapacity ?? 1500), status: Math.floor(uniform(0, 3)),
  })) // prettier-ignore
  const batches: Entry[][] = []
  for (let s = 0; s < options.steps; s++) {
    const at = options.from + s * options.stepMs
    const batch: Entry[] = []
    for (const [i, truck] of trucks.entries()) {
      const w = state[i]!
      w.latitude = clamp(w.latitude + uniform(-0.005, 0.005), -90, 90)
      w.longitude = clamp(w.longitude + uniform(-0.005, 0.005), -180, 180)
      w.elevation = clamp(w.elevation + uniform(-10, 10), 0, 5000)
      w.velocity = clamp(w.velocity + uniform(-10, 10), 0, 100)
      w.heading = clamp(w.heading + uniform(-5, 5), 0, 360)
      w.grade = clamp(w.grade + uniform(-5, 5), 0, 100)
      w.fuel_consumption = clamp(w.fuel_consumption + uniform(-5, 5), 0, 50)
      w.fuel_state = w.fuel_state <= 0 ? 1 : clamp(w.fuel_state + uniform(-0.001, 0), 0, 1)
      if (rng() < 0.05) w.current_load = uniform(0, truck.loadCapacity ?? 1500)
      w.status = clamp(w.status + Math.floor(uniform(-1, 2)), 0, 5)
      const { fuel_state, current_load, status, ...readings } = w
      for (const fields of [readings, { fuel_state, current_load, status }]) {
        const measures = Object.fromEntries(Object.entries(fields).filter(() => rng() >= 0.1))
        if (Object.keys(measures).length > 0) batch.push({ thing: truck.thing, at, measures })
      }
    }
    batches.push(batch.filter(() => rng() >= 0.1))
  }
  const kept = batches.filter(() => rng() >= 0.01)
  // Out of order: a batch, or an entry, changes places with a later one.
  for (let i = 0; i + 1 < kept.length; i++)
    if (rng() < 0.05) swap(kept, i, Math.min(kept.length - 1, i + 1 + Math.floor(rng() * 20)))
  const arrivals = kept.flat()
  for (let i = 0; i + 1 < arrivals.length; i++)
    if (rng() < 0.3) swap(arrivals, i, Math.min(arrivals.length - 1, i + 1 + Math.floor(rng() * 200)))
  // Beyond TSBS: an entry comes again, with the same values or with others.
  for (let i = 0; i < options.repeated; i++) {
    const again = arrivals[Math.floor(rng() * arrivals.length)]!
    const other = rng() < 0.5
    arrivals.push({
      ...again,
      measures: Object.fromEntries(
        Object.entries(again.measures).map(([name, v]) => [name, other ? Math.floor(v / 2) : v]),
      ),
    })
  }
  return { trucks, arrivals }
}

function swap(list: unknown[], i: number, j: number): void {
  const held = list[i]
  list[i] = list[j]
  list[j] = held
}
