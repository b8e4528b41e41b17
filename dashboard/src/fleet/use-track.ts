import { call, segment, withQuery } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import type { Page, Reading } from '../api/types.ts'
import { now } from '../data/clock.ts'
import { factsOf, factTypes, numberIn } from '../data/facts.ts'
import { useData } from '../data/use-data.ts'
import type { MapEvent, Place } from './map-view.ts'

const TRACK_MS = 3_600_000
const POINTS = 2000

interface Way {
  line: readonly Place[]
  events: readonly MapEvent[]
}
const noWay: Way = { line: [], events: [] }

/** Where a vehicle was on the trip that began at `tripAt`, else in the last hour, and where it was driven harshly. */
export function useTrack(thing: string | undefined, tripAt: number | null): Way {
  const { data } = useData(
    `track ${thing ?? ''} ${tripAt ?? ''}`,
    async (signal) => {
      if (thing === undefined) return noWay
      const range = await rangeOf(thing, tripAt, signal)
      const [line, harsh] = await Promise.all([
        wayOf(thing, range, signal),
        factsOf(factTypes.harsh, { thing, ...range }, signal, 1000),
      ])
      const events = harsh.flatMap((fact): MapEvent[] => {
        const [longitude, latitude] = [numberIn(fact, 'lon'), numberIn(fact, 'lat')]
        return longitude === null || latitude === null
          ? []
          : [{ kind: 'harsh', place: [longitude, latitude] }]
      })
      return { line, events }
    },
    15_000,
  )
  return data ?? noWay
}

async function rangeOf(thing: string, tripAt: number | null, signal: AbortSignal) {
  const lastHour = { from: Math.floor(now() - TRACK_MS), to: Math.ceil(now()) }
  if (tripAt === null) return lastHour
  const found = await factsOf(factTypes.trip, { thing, from: tripAt, to: tripAt + 1 }, signal, 10)
  const trip = found.find(({ at }) => at === tripAt)
  return trip ? { from: trip.at, to: trip.until + 1 } : lastHour
}

type Range = Awaited<ReturnType<typeof rangeOf>>

async function wayOf(thing: string, { from, to }: Range, signal: AbortSignal): Promise<Place[]> {
  const path = withQuery(`/v1/fleet/vehicles/${segment(thing)}/track`, { from, to, points: POINTS })
  try {
    const { rows } = await call<{ rows: [number, number, number, number | null][] }>(path, { signal })
    return rows.map(([, latitude, longitude]) => [longitude, latitude])
  } catch (error) {
    if (asProblem(error).code !== 'no_such_path') throw error
    return wayOfReadings(thing, { from, to }, signal)
  }
}

/** The same where no track is kept. A position is latitude and longitude of one moment. */
async function wayOfReadings(thing: string, { from, to }: Range, signal: AbortSignal): Promise<Place[]> {
  const latitudes = new Map<number, number>()
  const line: Place[] = []
  let next: string | null = withQuery(`/v1/devices/${segment(thing)}/readings`, { measures: 'latitude,longitude', from, to, limit: 1000 }) // prettier-ignore
  for (let n = 0; next !== null && n < 10; n++) {
    const page: Page<Reading> = await call<Page<Reading>>(next, { signal })
    for (const { measure, at, value } of page.items) {
      if (value === null) continue
      const latitude = latitudes.get(at)
      if (measure === 'latitude') latitudes.set(at, value)
      else if (latitude !== undefined) line.push([value, latitude])
    }
    next = page.next
  }
  return line
}
