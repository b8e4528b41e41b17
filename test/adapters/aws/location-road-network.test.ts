import {
  CalculateRouteMatrixCommand,
  CalculateRoutesCommand,
  GeoRoutesClient,
} from '@aws-sdk/client-geo-routes'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, describe, expect, it } from 'vitest'
import { locationRoadNetwork } from '../../../src/adapters/aws/location-road-network.ts'

const mock = mockClient(GeoRoutesClient)
const road = locationRoadNetwork({ client: new GeoRoutesClient({ region: 'eu-central-1' }) })
const [a, b] = [{ lat: 43.72, lon: 7.41 }, { lat: 43.74, lon: 7.43 }] // prettier-ignore
beforeEach(() => void mock.reset())

describe('locationRoadNetwork', () => {
  it('joins the legs of a way without repeating where they meet', async () => {
    const leg = (...points: number[][]) => ({ Geometry: { LineString: points } })
    const Legs = [leg([7.41, 43.72], [7.42, 43.73]), leg([7.42, 43.73], [7.43, 43.74])]
    mock.on(CalculateRoutesCommand).resolves({ Routes: [{ Legs, Summary: { Distance: 3200, Duration: 400 } }] } as never) // prettier-ignore
    expect(await road.route(a, b, { mode: 'car', objective: 'fastest' })).toEqual({
      distanceM: 3200,
      durationS: 400,
      geometry: [[7.41, 43.72], [7.42, 43.73], [7.43, 43.74]], // prettier-ignore
    })
    expect(mock.commandCalls(CalculateRoutesCommand)[0]!.args[0].input).toMatchObject({
      Origin: [7.41, 43.72],
      TravelMode: 'Car',
      OptimizeRoutingFor: 'FastestRoute',
    })
  })

  it('gives null where no way leads', async () => {
    mock.on(CalculateRoutesCommand).resolves({ Routes: [] })
    expect(await road.route(a, b, { mode: 'foot', objective: 'shortest' })).toBeNull()
  })

  it('travels as a truck, in centimetres and kilograms, as soon as a size counts', async () => {
    mock.on(CalculateRoutesCommand).resolves({ Routes: [] })
    await road.route(a, b, { mode: 'car', objective: 'fastest', heightM: 3.805, weightT: 7.5 })
    expect(mock.commandCalls(CalculateRoutesCommand)[0]!.args[0].input).toMatchObject({
      TravelMode: 'Truck',
      TravelModeOptions: { Truck: { Height: 381, GrossWeight: 7500 } },
    })
  })

  it('asks for a large matrix block by block, with NaN where there is no way and 0 on the diagonal', async () => {
    const n = 120
    const places = Array.from({ length: n }, (_, i) => ({ lat: 40, lon: i / 1000 }))
    mock
      .on(CalculateRouteMatrixCommand)
      .callsFake(
        ({
          Origins,
          Destinations,
        }: {
          Origins: { Position: number[] }[]
          Destinations: { Position: number[] }[]
        }) => {
          if (Origins.length > 15 || Destinations.length > 100) throw new Error('too many')
          const entry = (from: number, to: number) =>
            to === 7
              ? { Distance: 0, Duration: 0, Error: 'NoRoute' }
              : { Distance: 1000 * from + to, Duration: Math.abs(to - from) }
          const index = ({ Position }: { Position: number[] }) => Math.round(Position[0]! * 1000)
          return { RouteMatrix: Origins.map((o) => Destinations.map((d) => entry(index(o), index(d)))) }
        },
      )
    const { distanceM, durationS } = await road.matrix(places, { mode: 'car', objective: 'fastest' })
    expect(distanceM[3 * n + 119]).toBe(3119)
    expect(durationS[110 * n + 2]).toBe(108)
    expect(distanceM[5 * n + 7]).toBeNaN()
    expect(distanceM[7 * n + 7]).toBe(0)
    expect(mock.commandCalls(CalculateRouteMatrixCommand)).toHaveLength(16)
  })
})
