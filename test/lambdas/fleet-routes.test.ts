import {
  CalculateRouteMatrixCommand,
  CalculateRoutesCommand,
  GeoRoutesClient,
} from '@aws-sdk/client-geo-routes'
import { mockClient } from 'aws-sdk-client-mock'
import { beforeEach, describe, expect, it } from 'vitest'
import { answerRoutes } from '../../lambdas/fleet/answer-routes.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import { createHarness, plantDevice, T0 } from '../support/harness.ts'

process.env['AWS_REGION'] ??= 'eu-central-1'
const location = mockClient(GeoRoutesClient)
beforeEach(() => void location.reset())

const [here, port] = [
  { lat: 43.7279, lon: 7.4185 },
  { id: 'port', lat: 43.7352, lon: 7.4213, serviceS: 60 },
]
const harness = createHarness([plantDevice('van-1', { trade: 'fleet', type: 'vehicle' }), plantDevice('van-2', { trade: 'fleet', type: 'vehicle' })]) // prettier-ignore
await harness.send({
  topic: 'dt/fleet/van-1/telemetry',
  payload: { at: T0, measures: { latitude: here.lat, longitude: here.lon } },
})
await harness.send({ topic: 'dt/fleet/van-2/telemetry', payload: { at: T0, measures: { fuelLevel: 40 } } })
const { route } = answerRoutes({
  state: async (thing) => harness.states.get(thing)!,
  layout: tradePipelines().fleet.layout,
  clock: { now: () => T0, elapsed: () => 0 },
})
const ask = async (thing: string, body: unknown) =>
  route!({ id: 'r', thing, name: 'route', at: T0, body: JSON.stringify(body) })

describe('answerRoutes', () => {
  it('plans on Amazon Location’s roads from where the filter has the vehicle', async () => {
    location.on(CalculateRouteMatrixCommand).resolves({
      RouteMatrix: [0, 1].map((from) => [0, 1].map((to) => ({ Distance: from === to ? 0 : 1200, Duration: from === to ? 0 : 180 }))), // prettier-ignore
    })
    location.on(CalculateRoutesCommand).resolves({
      Routes: [{ Legs: [{ Geometry: { LineString: [[here.lon, here.lat], [port.lon, port.lat]] } }], Summary: { Distance: 1200, Duration: 180 } }], // prettier-ignore
    } as never)
    expect(await ask('van-1', { stops: [port] })).toMatchObject({
      distanceM: 1200,
      stops: [{ id: 'port', arriveAt: T0 + 180_000, departAt: T0 + 240_000 }],
      unassigned: [],
    })
    const [call] = location.commandCalls(CalculateRoutesCommand)
    expect(call!.args[0].input).toMatchObject({
      Origin: [expect.closeTo(here.lon, 5), expect.closeTo(here.lat, 5)],
    })
  })

  it('refuses what it cannot plan with a code, without asking for roads', async () => {
    expect(await ask('van-1', { stops: 5 })).toMatchObject({ code: 'bad_request' })
    expect(await ask('van-2', { stops: [port] })).toMatchObject({ code: 'no_position' })
    expect(location.calls()).toEqual([])
  })
})
