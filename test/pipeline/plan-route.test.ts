import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isRefusal } from '../../src/core/device/request-refusal.ts'
import { osmRoadNetwork } from '../../src/adapters/local/osm-road-network.ts'
import { parseRouteRequest, type RouteRequest } from '../../src/core/route/route-request.ts'
import { seededRandom } from '../../src/core/route/solver/random.ts'
import { planRoute } from '../../src/pipeline/plan-route.ts'

const road = osmRoadNetwork({
  file: fileURLToPath(new URL('../fixtures/road/monaco.osm.gz', import.meta.url)),
})
let clock = 0
/** Each look at the clock is a millisecond later, so that the search is as long on every machine. */
const answer = planRoute({
  road,
  now: () => clock++,
  random: seededRandom(1),
  budgetMs: { least: 20, aStop: 0 },
})
const request = (body: unknown): RouteRequest => {
  const parsed = parseRouteRequest(body)
  if (isRefusal(parsed)) throw new Error(parsed.error)
  return parsed
}
const plan = async (...asked: Parameters<typeof answer>) => {
  const planned = await answer(...asked)
  if (isRefusal(planned)) throw new Error(planned.error)
  return planned
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
    const destination = { lat: 43.7465, lon: 7.4325 }
    const planned = await plan(request({ destination }), from, T0)
    const direct = await road.route(from, destination, { mode: 'car', objective: 'fastest' })
    expect(planned.distanceM).toBeCloseTo(direct!.distanceM, 6)
    expect(planned.geometry).toHaveLength(direct!.geometry.length)
    planned.geometry.forEach(([lon, lat], i) => {
      expect(lon).toBeCloseTo(direct!.geometry[i]![0], 6)
      expect(lat).toBeCloseTo(direct!.geometry[i]![1], 6)
    })
    expect(planned.arriveAt).toBe(Math.round(T0 + direct!.durationS * 1000))
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
    expect(planned.unassigned).toEqual([
      { id: 'casino', why: expect.stringMatching(/closes before/) as string },
    ])
    expect(planned.stops.map((stop) => stop.id)).toEqual(['larvotto', 'port'])
    expect(planned.stops[1]!.arriveAt).toBe(T0 + 1_800_000)
    expect(planned.stops[1]!.departAt).toBe(T0 + 1_920_000)
  })

  it('leaves out what exceeds the capacity', async () => {
    const heavy = stops.map((stop, i) => ({ ...stop, demand: i === 1 ? 50 : 5 }))
    const one = await plan(request({ stops: heavy, capacity: 20 }), from, T0)
    expect(one.unassigned).toEqual([{ id: 'port', why: 'it is more than the vehicle can carry' }])
    const all = await plan(
      request({ stops: heavy.map((stop) => ({ ...stop, demand: 8 })), capacity: 20 }),
      from,
      T0,
    )
    expect(all.stops).toHaveLength(2)
    expect(all.unassigned).toMatchObject([{ why: 'it does not fit with the other stops' }])
  })

  it('says which stops no road leads to, and what the shift leaves no time for', async () => {
    const far = { id: 'paris', lat: 48.8566, lon: 2.3522 }
    const reached = await plan(request({ stops: [...stops, far] }), from, T0)
    expect(reached.stops).toHaveLength(3)
    expect(reached.unassigned).toEqual([{ id: 'paris', why: 'no road leads there for this vehicle' }])
    const short = await plan(
      request({ stops: stops.map((s) => ({ ...s, serviceS: 600 })), shiftEnd: T0 + 900_000 }),
      from,
      T0,
    )
    expect(short.stops).toHaveLength(1)
    expect(short.arriveAt).toBeLessThanOrEqual(T0 + 900_000)
    expect(short.unassigned.map(({ why }) => why)).toEqual(
      Array(2).fill('it does not fit with the other stops'),
    )
  })

  it.each([
    [
      'a destination without a road',
      { destination: { lat: 48.8566, lon: 2.3522 } },
      from,
      'no_way',
      /no road leads there/,
    ],
    [
      'the same behind stops',
      { stops, destination: { lat: 48.8566, lon: 2.3522 } },
      from,
      'no_way',
      /to the destination/,
    ],
    ['a vehicle off the map', { stops }, { lat: 0, lon: 0 }, 'no_way', /where the vehicle is/],
    [
      'a shift that is over before',
      { destination: { lat: 43.7465, lon: 7.4325 }, shiftEnd: T0 + 1000 },
      from,
      'shift_over',
      /shift has ended/,
    ],
  ] as const)('refuses %s with a code and a sentence', async (_what, body, where, code, message) => {
    const refusal = await answer(request(body), where, T0)
    expect(refusal).toEqual({ code, error: expect.stringMatching(message) as string })
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
    [{ stops: [{ lat: 1, lon: 1, demand: -1 }] }, /stops\[0\]\.demand/],
    [{ stops: [{ lat: 1, lon: 1, demand: '3' }] }, /stops\[0\]\.demand/],
    [{ stops: [{ lat: 1, lon: 1, from: 'noon' }] }, /stops\[0\]\.from .*RFC 3339/],
    [{ stops: [{ lat: 1, lon: 1, fron: 5 }] }, /no field fron/],
    [
      {
        stops: [
          { id: 'a', lat: 1, lon: 1 },
          { id: 'a', lat: 2, lon: 1 },
        ],
      },
      /two stops/,
    ],
    [{ stops: [{ id: '', lat: 1, lon: 1 }] }, /id/],
    [{ stops: [null] }, /stops\[0\]/],
    [{ destination: { lat: 1, lon: 1 }, capacity: '20' }, /capacity/],
    [{ destination: { lat: 1, lon: 1 }, shiftEnd: 'later' }, /shiftEnd/],
    [{ destination: { lat: 1, lon: 1 }, vehicle: { height: 3 } }, /no field height/],
    [{ destination: { lat: 1, lon: 1 }, vehicle: { goods: 1 } }, /goods/],
    [{ destination: { lat: '1', lon: 1 } }, /degrees/],
    [{ destination: [43, 7] }, /destination/],
    ['{}', /object/],
    [[], /object/],
    [{ destination: { lat: 1, lon: 1 }, objective: 'scenic' }, /objective/],
    [{ destination: { lat: 1, lon: 1 }, vehicle: { heightM: 'tall' } }, /heightM/],
    [{ stops: Array.from({ length: 201 }, () => ({ lat: 1, lon: 1 })) }, /at most/],
  ])('refuses %j', (body, message) => {
    expect(parseRouteRequest(body)).toEqual({
      code: 'bad_request',
      error: expect.stringMatching(message) as string,
    })
  })

  it('takes times as epoch milliseconds and as RFC 3339', () => {
    const at = { from: '2026-01-05T08:00:00+01:00', until: T0 }
    expect(request({ stops: [{ lat: 1, lon: 1, ...at }] }).stops[0]).toMatchObject({
      from: Date.UTC(2026, 0, 5, 7),
      until: T0,
    })
  })
})
