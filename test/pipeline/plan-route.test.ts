import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { osmRoadNetwork } from '../../src/adapters/local/osm-road-network.ts'
import { parseRouteRequest, type RouteRequest } from '../../src/core/route/route-request.ts'
import { seededRandom } from '../../src/core/route/solver/random.ts'
import { planRoute } from '../../src/pipeline/plan-route.ts'

const road = osmRoadNetwork({
  file: fileURLToPath(new URL('../fixtures/road/monaco.osm.gz', import.meta.url)),
})
let clock = 0
/** Each look at the clock is a millisecond later, so that the search is as long on every machine. */
const plan = planRoute({ road, now: () => clock++, random: seededRandom(1), budgetMs: 20 })
const request = (body: unknown) => {
  const parsed = parseRouteRequest(body)
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed satisfies RouteRequest
}
const from = { lat: 43.7279, lon: 7.4185 }
const T0 = Date.UTC(2026, 0, 5, 8)
const stops = [
  { id: 'larvotto', lat: 43.7465, lon: 7.4325 },
  { id: 'port', lat: 43.7352, lon: 7.4213 },
  { id: 'casino', lat: 43.7393, lon: 7.4275 },
]

describe('planRoute', () => {
  it('leads to a destination', async () => {
    const destination = stops[0]!
    const planned = await plan(request({ destination }), from, T0)
    const direct = await road.route(from, destination, { mode: 'car', objective: 'fastest' })
    expect(planned.distanceM).toBeCloseTo(direct!.distanceM, 6)
    expect(planned.geometry).toEqual(direct!.geometry)
    expect(planned.arriveAt).toBeCloseTo(T0 + direct!.durationS * 1000, 3)
  })

  it('orders the stops no worse than any other order', async () => {
    const planned = await plan(request({ stops, objective: 'shortest' }), from, T0)
    expect(planned.stops).toHaveLength(3)
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]
    for (const order of orders) {
      const tour = [from, ...order.map((i) => stops[i]!)]
      let total = 0
      for (let i = 1; i < tour.length; i += 1)
        total += (await road.route(tour[i - 1]!, tour[i]!, { mode: 'car', objective: 'shortest' }))!.distanceM
      expect(planned.distanceM).toBeLessThanOrEqual(total + 1e-6)
    }
  })

  it('waits for windows to open, keeps them, and names what does not fit', async () => {
    const timed = [
      { ...stops[0]!, from: T0, until: T0 + 600_000 },
      { ...stops[1]!, from: T0 + 1_800_000, until: T0 + 3_600_000, serviceS: 120 },
      { ...stops[2]!, until: T0 - 1 },
    ]
    const planned = await plan(request({ stops: timed }), from, T0)
    expect(planned.unassigned).toEqual(['casino'])
    expect(planned.stops.map((stop) => stop.id)).toEqual(['larvotto', 'port'])
    expect(planned.stops[1]!.arriveAt).toBe(T0 + 1_800_000)
    expect(planned.stops[1]!.departAt).toBe(T0 + 1_920_000)
  })

  it('leaves out what exceeds the capacity', async () => {
    const heavy = stops.map((stop, i) => ({ ...stop, demand: i === 1 ? 50 : 5 }))
    expect((await plan(request({ stops: heavy, capacity: 20 }), from, T0)).unassigned).toEqual(['port'])
  })
})

describe('parseRouteRequest', () => {
  it.each([
    [null, /object/],
    [{}, /neither/],
    [{ stops: 3 }, /list/],
    [{ destination: { lat: 91, lon: 0 } }, /degrees/],
    [{ stops: [{ lat: 1 }] }, /stops\[0\]/],
    [{ stops: [{ lat: 1, lon: 1, from: 5, until: 4 }] }, /closes before/],
    [{ stops: [{ lat: 1, lon: 1, demand: -1 }] }, /negative/],
    [{ destination: { lat: 1, lon: 1 }, objective: 'scenic' }, /objective/],
    [{ destination: { lat: 1, lon: 1 }, vehicle: { heightM: 'tall' } }, /heightM/],
    [{ stops: Array.from({ length: 201 }, () => ({ lat: 1, lon: 1 })) }, /at most/],
  ])('refuses %j', (body, message) => {
    const parsed = parseRouteRequest(body)
    expect('error' in parsed && parsed.error).toMatch(message)
  })
})
