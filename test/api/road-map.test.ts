import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { describe, expect, it } from 'vitest'
import { createApi } from '../../src/api/create-api.ts'
import { apiEndpoints } from '../../src/api/endpoints.ts'
import { memoryPorts } from './fixture/memory-ports.ts'
import { apiOver, world } from './fixture/world.ts'

describe('/v1/map/roads', () => {
  it('says where the map lies and whose it is', async () => {
    const { body } = await apiOver(world()).ask('GET /v1/map/roads')
    const [west, south, east, north] = body['bounds'] as number[]
    expect(west).toBeLessThan(7.42)
    expect(east).toBeGreaterThan(7.42)
    expect(south).toBeLessThan(43.73)
    expect(north).toBeGreaterThan(43.73)
    expect(body['attribution']).toContain('OpenStreetMap')
  })

  it('gives a tile of Monaco with its streets by name', async () => {
    const api = createApi(memoryPorts(world()), { version: '0', endpoints: apiEndpoints })
    const answer = await api.request('/v1/map/roads/14/8529/5974', { headers: { authorization: 'Bearer admin' } }) // prettier-ignore
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/vnd.mapbox-vector-tile']) // prettier-ignore
    const roads = new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer()))).layers['roads']!
    const names = Array.from({ length: roads.length }, (_, i) => roads.feature(i).properties['name'])
    expect(names).toContain('Avenue Princesse Alice')
  })

  it('is empty where there is no road, and refuses places that are none', async () => {
    const { ask } = apiOver(world())
    expect((await ask('GET /v1/map/roads/14/0/0')).status).toBe(200)
    for (const bad of ['15/0/0', '5/32/0', '5/-1/0', '5/a/0', '5/1.5/0'])
      expect((await ask(`GET /v1/map/roads/${bad}`)).body['code'], bad).toBe('bad_parameter')
    expect((await ask('GET /v1/map/roads/14/0/0', { token: null })).status).toBe(401)
  })
})

describe('/v1/devices/{thing}/usual', () => {
  it('gives the bands of a device that the token may see', async () => {
    const { ask } = apiOver(world())
    expect((await ask('GET /v1/devices/m-1/usual')).body).toEqual({ items: [{ measure: 'temperature', usual: 3, low: 20, high: 80 }] }) // prettier-ignore
    expect((await ask('GET /v1/devices/none/usual')).body['code']).toBe('no_such_device')
  })
})
