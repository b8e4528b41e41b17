import {
  CalculateRouteMatrixCommand,
  CalculateRoutesCommand,
  type GeoRoutesClient,
} from '@aws-sdk/client-geo-routes'
import type { RoadMatrix, RoadNetwork, RoadPlace, RoadProfile } from '../../ports/road-network.ts'

/** Without a boundary one call takes 15 origins and 100 destinations (Amazon Location: CalculateRouteMatrix). */
const ORIGINS = 15
const DESTINATIONS = 100

/** The road port on Amazon Location: ways and travel times of its maps, with today's traffic. */
export function locationRoadNetwork({ client }: { client: Pick<GeoRoutesClient, 'send'> }): RoadNetwork {
  return {
    route: async (from, to, profile) => {
      const { Routes } = await client.send(
        new CalculateRoutesCommand({
          Origin: positionOf(from),
          Destination: positionOf(to),
          LegGeometryFormat: 'Simple',
          DepartNow: true,
          ...travelOf(profile),
        }),
      )
      const route = Routes?.[0]
      if (!route) return null
      const geometry: [number, number][] = []
      for (const { Geometry } of route.Legs ?? [])
        for (const [lon, lat] of Geometry?.LineString ?? []) {
          const before = geometry.at(-1)
          if (lon === undefined || lat === undefined) continue
          if (before?.[0] !== lon || before[1] !== lat) geometry.push([lon, lat])
        }
      const { Distance = 0, Duration = 0 } = route.Summary ?? {}
      return { distanceM: Distance, durationS: Duration, geometry }
    },
    matrix: async (places, profile) => {
      const n = places.length
      const matrix = { distanceM: new Float64Array(n * n).fill(NaN), durationS: new Float64Array(n * n).fill(NaN) } // prettier-ignore
      for (let row = 0; row < n; row += ORIGINS)
        for (let column = 0; column < n; column += DESTINATIONS)
          await fill(client, matrix, places, { row, column }, profile)
      for (let i = 0; i < n; i += 1) matrix.distanceM[i * n + i] = matrix.durationS[i * n + i] = 0
      return matrix
    },
  }
}

async function fill(
  client: Pick<GeoRoutesClient, 'send'>,
  matrix: RoadMatrix,
  places: readonly RoadPlace[],
  { row, column }: { row: number; column: number },
  profile: RoadProfile,
): Promise<void> {
  const at = (place: RoadPlace) => ({ Position: positionOf(place) })
  const { RouteMatrix } = await client.send(
    new CalculateRouteMatrixCommand({
      Origins: places.slice(row, row + ORIGINS).map(at),
      Destinations: places.slice(column, column + DESTINATIONS).map(at),
      RoutingBoundary: { Unbounded: true },
      DepartNow: true,
      ...travelOf(profile),
    }),
  )
  for (const [i, entries] of (RouteMatrix ?? []).entries())
    for (const [j, { Distance, Duration, Error: failure }] of entries.entries()) {
      if (failure !== undefined) continue // no way leads there: it stays NaN
      const cell = (row + i) * places.length + column + j
      matrix.distanceM[cell] = Distance ?? NaN
      matrix.durationS[cell] = Duration ?? NaN
    }
}

const positionOf = ({ lon, lat }: RoadPlace): number[] => [lon, lat]

/** Whoever has a size, or carries goods, travels as a truck: only there do limits count. Centimetres and kilograms. */
function travelOf({ mode, objective, goods, heightM, weightT, widthM, lengthM }: RoadProfile) {
  const OptimizeRoutingFor = objective === 'shortest' ? ('ShortestRoute' as const) : ('FastestRoute' as const)
  if (mode === 'foot') return { OptimizeRoutingFor, TravelMode: 'Pedestrian' as const }
  const sized = [heightM, weightT, widthM, lengthM].some((size) => size !== undefined)
  if (!sized && goods !== true) return { OptimizeRoutingFor, TravelMode: 'Car' as const }
  const whole = (value: number | undefined, factor: number) =>
    value === undefined ? undefined : Math.ceil(value * factor)
  return {
    OptimizeRoutingFor,
    TravelMode: 'Truck' as const,
    TravelModeOptions: {
      Truck: {
        Height: whole(heightM, 100),
        GrossWeight: whole(weightT, 1000),
        Width: whole(widthM, 100),
        Length: whole(lengthM, 100),
      },
    },
  }
}
