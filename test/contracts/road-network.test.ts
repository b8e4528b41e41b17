import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { CalculateRouteMatrixCommand, CalculateRoutesCommand } from '@aws-sdk/client-geo-routes'
import { locationRoadNetwork } from '../../src/adapters/aws/location-road-network.ts'
import { osmRoadNetwork } from '../../src/adapters/local/osm-road-network.ts'
import type { RoadNetwork, RoadPlace, RoadProfile } from '../../src/ports/road-network.ts'
import { contractTown, roadNetworkContract } from './road-network.ts'

const dir = mkdtempSync(join(tmpdir(), 'telltale-road-'))
const file = join(dir, 'town.osm')
writeFileSync(file, contractTown)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

roadNetworkContract('OpenStreetMap extract', () => osmRoadNetwork({ file }))
roadNetworkContract('Amazon Location', () => locationRoadNetwork({ client: locationOf(osmRoadNetwork({ file })) })) // prettier-ignore

/** Requests of both operations, as far as the adapter uses them. */
interface Asked {
  TravelMode: 'Car' | 'Truck' | 'Pedestrian'
  TravelModeOptions?: { Truck?: { Height?: number; GrossWeight?: number } }
  OptimizeRoutingFor: 'FastestRoute' | 'ShortestRoute'
  Origin?: number[]
  Destination?: number[]
  Origins?: { Position: number[] }[]
  Destinations?: { Position: number[] }[]
  RoutingBoundary?: { Unbounded?: boolean }
}

/** Amazon Location's side of the protocol (API reference, geo-routes 2020-11-19) over a town that it knows. */
function locationOf(town: RoadNetwork): Parameters<typeof locationRoadNetwork>[0]['client'] {
  const placeOf = ([lon, lat]: number[]): RoadPlace => ({ lon: lon!, lat: lat! })
  const profileOf = ({ TravelMode, TravelModeOptions, OptimizeRoutingFor }: Asked): RoadProfile => {
    const { Height, GrossWeight } = TravelModeOptions?.Truck ?? {}
    return {
      mode: TravelMode === 'Pedestrian' ? 'foot' : 'car',
      objective: OptimizeRoutingFor === 'ShortestRoute' ? 'shortest' : 'fastest',
      ...(TravelMode === 'Truck' && Height !== undefined && { heightM: Height / 100 }),
      ...(TravelMode === 'Truck' && GrossWeight !== undefined && { weightT: GrossWeight / 1000 }),
    }
  }
  const routes = async (asked: Asked) => {
    const way = await town.route(placeOf(asked.Origin!), placeOf(asked.Destination!), profileOf(asked))
    if (!way) return { Routes: [], Notices: [{ Code: 'NoRouteFound' }] }
    const Legs = [{ Geometry: { LineString: way.geometry }, Type: 'Vehicle' }]
    return { Routes: [{ Legs, Summary: { Distance: Math.round(way.distanceM), Duration: Math.round(way.durationS) } }] } // prettier-ignore
  }
  const matrix = async (asked: Asked) => {
    const [origins, destinations] = [asked.Origins!, asked.Destinations!]
    if (origins.length > 15 || destinations.length > 100) throw new Error('ValidationException')
    const cell = async (from: { Position: number[] }, to: { Position: number[] }) => {
      const way = await town.route(placeOf(from.Position), placeOf(to.Position), profileOf(asked))
      return way
        ? { Distance: Math.round(way.distanceM), Duration: Math.round(way.durationS) }
        : { Distance: 0, Duration: 0, Error: 'NoMatch' }
    }
    return {
      RouteMatrix: await Promise.all(
        origins.map(async (from) => Promise.all(destinations.map(async (to) => cell(from, to)))),
      ),
    }
  }
  const send = async (command: { input: unknown }) => {
    if (command instanceof CalculateRoutesCommand) return routes(command.input as unknown as Asked)
    if (command instanceof CalculateRouteMatrixCommand) return matrix(command.input as unknown as Asked)
    throw new Error('the adapter asked for something else')
  }
  return { send } as never
}
