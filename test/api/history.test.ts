import { describe, expect, it } from 'vitest'
import { momentsOf } from '../../src/core/window/window.ts'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, type Ask, things, world } from './fixture/world.ts'

const anomaly = (thing: string, measure: string, at: number) => ({
  thing,
  measure,
  at,
  detector: 'z',
  score: 7,
  observed: 9,
  expected: { high: 5 },
})

async function everything(ask: Ask, first: string, token = 'admin') {
  const items: Record<string, unknown>[] = []
  for (let next: string | null = first, pages = 0; next !== null && pages < 50; pages++) {
    const { body } = await ask(`GET ${next}`, { token })
    items.push(...(body['items'] as Record<string, unknown>[]))
    next = body['next'] as string | null
  }
  return items
}

describe('windows', () => {
  it('gives the windows whose start lies in the range, with mean and spread', async () => {
    const w = world()
    const minute = NOW / 60_000
    const row = (measure: string, ago: number) => ({
      ...momentsOf(4),
      n: 2,
      sum: 10,
      m2: 2,
      max: 6,
      last: 6,
      thing: 'm-1',
      measure,
      minute: minute - ago,
      version: NOW,
      repaired: false,
    })
    w.windows.push(row('a', 61), row('a', 60), row('a', 1), row('b', 1), row('a', 0))
    const { ask } = apiOver(w)
    const items = await everything(ask, '/v1/devices/m-1/windows?limit=1')
    expect(items.map(({ measure, at }) => [measure, (NOW - (at as number)) / 60_000])).toEqual([
      ['a', 60],
      ['a', 1],
      ['b', 1],
    ])
    expect(items[0]).toMatchObject({
      n: 2,
      mean: 5,
      std: Math.SQRT2,
      min: 4,
      max: 6,
      first: 4,
      last: 6,
      sum: 10,
    })
    expect((await ask('GET /v1/devices/none/windows')).body['code']).toBe('no_such_device')
  })
})

describe('anomalies', () => {
  it('pages over many of one time without loss or repetition, whatever the page size', async () => {
    const w = world()
    for (let index = 0; index < 23; index++)
      w.anomalies.push(anomaly(index % 2 ? 'm-1' : 'm-2', `s${index}`, NOW - 1000 + (index > 15 ? 1 : 0)))
    const { ask } = apiOver(w)
    for (const limit of [1, 4, 7, 23, 24]) {
      const items = await everything(ask, `/v1/anomalies?limit=${limit}`)
      expect(items.map(({ measure }) => measure)).toEqual(w.anomalies.map(({ measure }) => measure))
    }
    const north = await everything(ask, '/v1/anomalies?limit=2', 'north')
    expect(north.map(({ thing }) => thing)).toEqual(Array.from({ length: 11 }, () => 'm-1'))
  })

  it('gives those of one device', async () => {
    const w = world()
    w.anomalies.push(anomaly('m-1', 't', NOW - 2), anomaly('m-2', 't', NOW - 1))
    const { ask } = apiOver(w)
    expect(things(await ask('GET /v1/devices/m-1/anomalies'))).toEqual(['m-1'])
    expect(things(await ask('GET /v1/anomalies?thing=m-2'))).toEqual(['m-2'])
    expect((await ask('GET /v1/devices/m-2/anomalies', { token: 'north' })).body['code']).toBe(
      'no_such_device',
    )
  })
})

describe('facts', () => {
  it('gives facts of one type, within the sites, ascending', async () => {
    const w = world()
    const fact = (type: string, thing: string, at: number) => ({
      type,
      thing,
      key: String(at),
      at,
      until: at + 5,
      version: at,
      value: { km: 3 },
    })
    w.facts.push(fact('trip', 'm-1', NOW - 9), fact('stop', 'm-1', NOW - 8), fact('trip', 'm-2', NOW - 7))
    const { ask } = apiOver(w)
    expect(things(await ask('GET /v1/facts/trip'))).toEqual(['m-1', 'm-2'])
    expect(things(await ask('GET /v1/facts/trip?thing=m-2'))).toEqual(['m-2'])
    expect(things(await ask('GET /v1/facts/trip', { token: 'north' }))).toEqual(['m-1'])
    expect((await ask('GET /v1/facts/none')).body['items']).toEqual([])
  })
})

describe('latest', () => {
  const worldWithValues = () => {
    const w = world()
    for (const thing of w.devices.keys())
      w.latest.set(thing, [
        { measure: 'temperature@"odd"', at: NOW, value: 21.5, trendPerMinute: -0.25 },
        { measure: 'rpm', at: NOW, value: Number.NaN, trendPerMinute: null },
      ])
    return w
  }
  const values = [
    { measure: 'temperature@"odd"', at: NOW, value: 21.5, trendPerMinute: -0.25 },
    { measure: 'rpm', at: NOW, value: null, trendPerMinute: null },
  ]

  it('gives all devices, those of a site, and those named', async () => {
    const { ask } = apiOver(worldWithValues())
    const all = await ask('GET /v1/latest')
    expect(all.body).toEqual({
      items: ['m-1', 'm-2', 'm-3'].map((thing) => ({ thing, values })),
      cursor: null,
      next: null,
    })
    expect(things(await ask('GET /v1/latest?site=south'))).toEqual(['m-2'])
    expect(things(await ask('GET /v1/latest?trade=fleet'))).toEqual([])
    expect(things(await ask('GET /v1/latest?things=m-3,none,m-1,m-3'))).toEqual(['m-1', 'm-3'])
    expect(things(await ask('GET /v1/latest?things=m-1,m-2', { token: 'north' }))).toEqual(['m-1'])
  })

  it('pages, by names too', async () => {
    const { ask } = apiOver(worldWithValues())
    for (const path of ['/v1/latest?limit=1', '/v1/latest?limit=1&things=m-3,m-2,m-1'])
      expect((await everything(ask, path)).map(({ thing }) => thing)).toEqual(['m-1', 'm-2', 'm-3'])
  })

  it('gives one device, empty if it never sent', async () => {
    const w = worldWithValues()
    w.latest.delete('m-2')
    const { ask } = apiOver(w)
    expect((await ask('GET /v1/devices/m-1/latest')).body).toMatchObject({ thing: 'm-1' })
    expect((await ask('GET /v1/devices/m-2/latest')).body).toEqual({ thing: 'm-2', values: [] })
    expect((await ask('GET /v1/devices/m-2/latest', { token: 'north' })).body['code']).toBe('no_such_device')
  })
})
