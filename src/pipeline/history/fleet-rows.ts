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

/** Trucks and a half-open range on whole ten minutes. */
export interface FleetRange {
  trucks: readonly Truck[]
  from: EpochMs
  to: EpochMs
}

export const TEN_MINUTES = 600_000
export const HOUR = 3_600_000

type Bucket = Moments & { at: EpochMs }

/** Ten-minute buckets of a measure, truck by truck; those without a reading do not exist. */
export async function* bucketsOf(
  measure: string,
  { trucks, from, to }: FleetRange,
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
export async function* readingsOf(
  measures: readonly string[],
  { trucks, from, to }: FleetRange,
  stores: HistoryStores,
): AsyncGenerator<[Truck, Map<string, StoredReading[]>]> {
  const reader = createReader(stores, { tiersUsed: [], missing: [] })
  for (const truck of trucks) {
    const found = await reader.raw({ things: [truck.thing], measures, from, to })
    yield [truck, new Map(found.map((s) => [s.measure, s.readings.filter((r) => !Number.isNaN(r.value))]))]
  }
}

/** The newest values before `to`, looked for ever further back. */
export async function* newestOf(
  measures: readonly string[],
  question: FleetRange,
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

export const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length
export const dayStart = (at: EpochMs): EpochMs => Math.floor(at / DAY) * DAY

/** Groups by key columns; rows whose key misses a tag belong to no group. */
export function grouped<T>(
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
