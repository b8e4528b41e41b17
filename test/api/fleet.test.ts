import { describe, expect, it } from 'vitest'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, device, world } from './fixture/world.ts'

const vehicle = (thing: string, lat: number, lon: number, receivedAt = NOW) => ({
  thing,
  receivedAt,
  position: { at: NOW - 1000, lat, lon, speedKmh: 51.234, course: 359.7, odometerM: 1000, standing: false },
})

function fleetWorld() {
  const w = world()
  for (const [thing, site] of [['v-1', 'north'], ['v-2', 'south'], ['v-3', 'north']] as const) w.devices.set(thing, device(thing, { trade: 'fleet', site })) // prettier-ignore
  w.vehicles.push(
    vehicle('v-1', 43.7, 7.4, NOW - 5000),
    vehicle('v-2', 48.1, 11.5),
    vehicle('v-3', -17, 179.9),
  )
  return w
}
const rowsOf = (body: Record<string, unknown>) => body['rows'] as unknown[][]

describe('/v1/fleet/positions', () => {
  it('gives one compact row a vehicle', async () => {
    const { ask } = apiOver(fleetWorld())
    const { body } = await ask('GET /v1/fleet/positions')
    expect(body['columns']).toEqual(['thing', 'at', 'lat', 'lon', 'speedKmh', 'course', 'standing'])
    expect(rowsOf(body)[0]).toEqual(['v-1', NOW - 1000, 43.7, 7.4, 51.2, 0, 0])
    expect(rowsOf(body)).toHaveLength(3)
  })

  it('keeps to the part of the map, also across the date line', async () => {
    const { ask } = apiOver(fleetWorld())
    const names = async (bbox: string) =>
      rowsOf((await ask(`GET /v1/fleet/positions?bbox=${bbox}`)).body).map(([thing]) => thing)
    expect(await names('5,40,12,45')).toEqual(['v-1'])
    expect(await names('170,-30,-170,0')).toEqual(['v-3'])
    for (const bad of ['1,2,3', '1,5,2,4', ',,,', '190,0,1,1', 'a,b,c,d'])
      expect((await ask(`GET /v1/fleet/positions?bbox=${bad}`)).body['code']).toBe('bad_parameter')
  })

  it('gives what was heard since, and only within the token’s sites', async () => {
    const { ask } = apiOver(fleetWorld())
    expect(rowsOf((await ask(`GET /v1/fleet/positions?since=${NOW - 10}`)).body)).toHaveLength(2)
    const { body } = await ask('GET /v1/fleet/positions', { token: 'north' })
    expect(rowsOf(body).map(([thing]) => thing)).toEqual(['v-1', 'v-3'])
  })
})

describe('/v1/fleet/vehicles', () => {
  const trip = (at: number) => ({
    type: 'trip',
    thing: 'v-1',
    key: String(at),
    at,
    until: at + 600_000,
    version: at,
    value: { open: false, distanceM: 900, unobservedM: 0, idleS: 3, topSpeedKmh: 62, from: { lat: 1, lon: 2 }, to: { lat: 1, lon: 2 }, refolded: true }, // prettier-ignore
  })

  it('lists trips with their risk, page by page', async () => {
    const w = fleetWorld()
    const starts = [1, 2, 3].map((hour) => NOW - hour * 3_600_000).reverse()
    w.facts.push(...starts.map(trip))
    w.facts.push({ ...trip(starts[1]!), type: 'tripRisk', value: { risk: 0.4, reasons: [{ what: 'brake', rate: 3, share: 1 }] } }) // prettier-ignore
    const { ask } = apiOver(w)
    const first = await ask(`GET /v1/fleet/vehicles/v-1/trips?from=${NOW - 86_400_000}&limit=2`)
    const items = first.body['items'] as Record<string, unknown>[]
    expect(items.map(({ at, risk }) => [at, risk])).toEqual([[starts[0], null], [starts[1], 0.4]]) // prettier-ignore
    expect(items[1]).not.toHaveProperty('refolded')
    const second = await ask(`GET ${first.body['next'] as string}`)
    expect((second.body['items'] as { at: number }[]).map(({ at }) => at)).toEqual([starts[2]])
    expect((await ask('GET /v1/fleet/vehicles/v-2/trips', { token: 'north' })).body['code']).toBe('no_such_device') // prettier-ignore
  })

  it('draws a way with the points that show it best, without half positions', async () => {
    const w = fleetWorld()
    for (let i = 0; i < 100; i++) {
      const at = NOW - 200_000 + i * 1000
      const common = { thing: 'v-1', at, text: null, quality: 'good' as const, receivedAt: at }
      w.readings.push({ ...common, measure: 'latitude', value: 43.7 + Math.min(i, 50) * 0.0001 })
      if (i !== 20) w.readings.push({ ...common, measure: 'longitude', value: 7.4 + Math.max(0, i - 50) * 0.0001 }) // prettier-ignore
    }
    const { ask } = apiOver(w)
    const { body } = await ask('GET /v1/fleet/vehicles/v-1/track?points=3')
    expect(rowsOf(body).map(([at]) => ((at as number) - NOW + 200_000) / 1000)).toEqual([0, 50, 99])
    expect(body['simplified']).toBe(true)
    expect(rowsOf((await ask('GET /v1/fleet/vehicles/v-1/track')).body)).toHaveLength(99)
    expect((await ask(`GET /v1/fleet/vehicles/v-1/track?from=${NOW - 90_000_000}`)).body['code']).toBe('range_too_long') // prettier-ignore
  })

  it('says what fuel there is and how the vehicle is driven, or that nothing is known', async () => {
    const w = fleetWorld()
    w.fuel.set('v-1', {
      at: NOW,
      levelPercent: 40,
      rateLph: null,
      litresPer100Km: 8.1,
      rangeKm: 230,
      usedL: 5,
    })
    const { ask } = apiOver(w)
    expect((await ask('GET /v1/fleet/vehicles/v-1/fuel')).body).toMatchObject({ rangeKm: 230, rateLph: null })
    expect((await ask('GET /v1/fleet/vehicles/v-1/driving')).body).toMatchObject({ driverRisk: 0.3 })
    expect((await ask('GET /v1/fleet/vehicles/v-2/fuel')).body['code']).toBe('nothing_known')
  })
})
