import type { LakeRange } from '../../core/history/lake-sql.ts'
import { DAY } from '../../core/history/lake-layout.ts'
import type { StoredReading } from '../../core/history/settle-stored.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import { add, momentsOf, type Moments } from '../../core/window/window.ts'
import type { SeriesReadings } from '../../ports/history.ts'
import { querySeries } from './query.ts'
import { createSeriesReader, type HistoryStores } from './series-reader.ts'
import type { Truck } from './truck.ts'

/** Trucks and a half-open range; buckets of ten minutes are cut where it begins and ends. */
export interface FleetRange {
  trucks: readonly Truck[]
  from: EpochMs
  to: EpochMs
}

export const TEN_MINUTES = 600_000
export const HOUR = 3_600_000
export const bucketStart = (at: EpochMs): EpochMs => Math.floor(at / TEN_MINUTES) * TEN_MINUTES

type Bucket = Moments & { at: EpochMs }

const TRUCKS_AT_ONCE = 50

/** Ten-minute buckets of a measure, truck by truck; those without a reading do not exist. */
export async function* bucketsOf(
  measure: string,
  { trucks, from, to }: FleetRange,
  stores: HistoryStores,
): AsyncGenerator<[Truck, Bucket[]]> {
  const innerFrom = Math.min(to, bucketStart(from + TEN_MINUTES - 1))
  const innerTo = Math.max(innerFrom, bucketStart(to))
  for (const some of groupsOf(trucks, TRUCKS_AT_ONCE)) {
    const things = some.map((t) => t.thing)
    const byThing = new Map(things.map((thing) => [thing, [] as Bucket[]]))
    for (const edge of [
      { from, to: innerFrom },
      { from: innerTo, to },
    ])
      for (const { thing, readings } of await rawOf({ things, measures: [measure], ...edge }, stores))
        byThing.get(thing)!.push(...bucketsOfReadings(readings))
    if (innerFrom < innerTo)
      for (const { thing, moments } of await wholeBuckets(things, measure, innerFrom, innerTo, stores))
        byThing.get(thing)!.push(...(moments ?? []))
    for (const truck of some) yield [truck, byThing.get(truck.thing)!.sort((a, b) => a.at - b.at)]
  }
}

async function wholeBuckets(
  things: readonly string[],
  measure: string,
  from: EpochMs,
  to: EpochMs,
  stores: HistoryStores,
) {
  const { series } = await querySeries(
    {
      things,
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
  return series
}

const bucketsOfReadings = (readings: readonly StoredReading[]): Bucket[] =>
  [...Map.groupBy(readings, (r) => bucketStart(r.at))].map(([at, list]) => {
    const bucket = { ...momentsOf(list[0]!.value), at }
    for (const { value } of list.slice(1)) add(bucket, value)
    return bucket
  })

/** Readings that are numbers; nothing is asked where the range is empty. */
async function rawOf(range: LakeRange, stores: HistoryStores): Promise<SeriesReadings[]> {
  if (range.from >= range.to) return []
  const found = await createSeriesReader(stores, { tiersUsed: [], missing: [] }).raw(range)
  return found
    .map((s) => ({ ...s, readings: s.readings.filter((r) => !Number.isNaN(r.value)) }))
    .filter((s) => s.readings.length > 0)
}

/**
 * Readings of measures, truck by truck, each identity once, in slices of a day that whole buckets lie within: a truck
 * that sends each second has more readings in a month than there is room for.
 */
export async function* readingsOf(
  measures: readonly string[],
  { trucks, from, to }: FleetRange,
  stores: HistoryStores,
): AsyncGenerator<[Truck, Map<string, StoredReading[]>]> {
  for (let start = from; start < to;) {
    const end = Math.min(to, dayStart(start) + DAY)
    for (const some of groupsOf(trucks, TRUCKS_A_DAY)) {
      const found = await rawOf({ things: some.map((t) => t.thing), measures, from: start, to: end }, stores)
      for (const truck of some)
        yield [
          truck,
          new Map(found.filter((s) => s.thing === truck.thing).map((s) => [s.measure, s.readings])),
        ]
    }
    start = end
  }
}

/** At a reading a second of three measures, a day of so many trucks is a full answer. */
const TRUCKS_A_DAY = 4

/** The newest values before `to`: looked for ever further back, and by roll-ups where that is more than a day. */
export async function* newestOf(
  measures: readonly string[],
  { trucks, from, to }: FleetRange,
  stores: HistoryStores,
): AsyncGenerator<[Truck, { at: EpochMs; values: number[] }]> {
  for (const some of groupsOf(trucks, TRUCKS_AT_ONCE)) {
    const newest = new Map<string, { at: EpochMs; values: number[] }>()
    const look = async (things: readonly string[], from: EpochMs, to: EpochMs): Promise<void> => {
      const found = await rawOf({ things, measures, from, to }, stores)
      for (const thing of things) {
        const mine = found.filter((s) => s.thing === thing)
        const together = newestTogether(
          measures.map((m) => mine.find((s) => s.measure === m)?.readings ?? []),
        )
        if (together) newest.set(thing, together)
      }
    }
    const left = (): string[] => some.map((t) => t.thing).filter((thing) => !newest.has(thing))
    let end = to
    for (let span = TEN_MINUTES; span <= DAY && end > from; span *= 4) {
      const start = Math.max(from, to - span)
      for (const things of groupsOf(left(), Math.ceil((TRUCKS_AT_ONCE * HOUR) / span)))
        await look(things, start, end)
      end = start
    }
    for (const thing of left())
      for (const day of await daysWith(thing, measures, from, end, stores)) {
        await look([thing], Math.max(from, day), Math.min(end, day + DAY))
        if (newest.has(thing)) break
      }
    for (const truck of some) {
      const found = newest.get(truck.thing)
      if (found) yield [truck, found]
    }
  }
}

/** UTC days on which the first measure has readings, newest first. */
async function daysWith(
  thing: string,
  [measure]: readonly string[],
  from: EpochMs,
  to: EpochMs,
  stores: HistoryStores,
): Promise<EpochMs[]> {
  if (from >= to || measure === undefined) return []
  const { series } = await querySeries(
    {
      things: [thing],
      measures: [measure],
      from,
      to,
      points: 1,
      resolution: 'auto',
      stepMs: DAY,
      fill: 'none',
      reduce: 'none',
    },
    stores,
  )
  return series.flatMap((s) => (s.moments ?? []).map((m) => m.at)).reverse()
}

function* groupsOf<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size)
}

/** The newest time at which all series have a value: a position is latitude and longitude of one moment. */
function newestTogether([first = [], ...others]: readonly StoredReading[][]): {
  at: EpochMs
  values: number[]
} | null {
  const valuesAt = others.map((list) => new Map(list.map((r) => [r.at, r.value])))
  const newest = first.findLast(({ at }) => valuesAt.every((values) => values.has(at)))
  if (!newest) return null
  return { at: newest.at, values: [newest.value, ...valuesAt.map((values) => values.get(newest.at)!)] }
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
