import { describe, expect, it } from 'vitest'
import { apiOver, device, things, world } from './fixture/world.ts'

describe('devices', () => {
  it('lists devices in order and pages through them by the next link', async () => {
    const { ask } = apiOver(world())
    const first = await ask('GET /v1/devices?limit=2')
    expect(things(first)).toEqual(['m-1', 'm-2'])
    const second = await ask(`GET ${first.body['next'] as string}`)
    expect(things(second)).toEqual(['m-3'])
    expect(second.body['next']).toBeNull()
  })

  it('filters by trade, site, status and text', async () => {
    const w = world()
    w.devices.set('v-1', device('v-1', { trade: 'fleet', status: 'suspended' }))
    const { ask } = apiOver(w)
    expect(things(await ask('GET /v1/devices?trade=fleet'))).toEqual(['v-1'])
    expect(things(await ask('GET /v1/devices?site=south'))).toEqual(['m-2'])
    expect(things(await ask('GET /v1/devices?status=suspended'))).toEqual(['v-1'])
    expect(things(await ask('GET /v1/devices?text=m-3'))).toEqual(['m-3'])
  })

  it('fills pages for a token of one site and hides the rest', async () => {
    const { ask } = apiOver(world())
    const page = await ask('GET /v1/devices?limit=2', { token: 'north' })
    expect(things(page)).toEqual(['m-1', 'm-3'])
    expect(page.body['cursor']).toBeNull()
    expect((await ask('GET /v1/devices/m-2', { token: 'north' })).body['code']).toBe('no_such_device')
  })

  it('registers, replaces and removes a device, each with an audit entry', async () => {
    const w = world()
    const { ask } = apiOver(w)
    const body = { trade: 'plant', type: 'motor', gateway: 'm-1', measures: { rpm: { low: 0, high: 3000 } } }
    const put = await ask('PUT /v1/devices/m-9', { body })
    expect(put.status).toBe(200)
    expect(put.body['device']).toEqual({ ...body, thing: 'm-9', status: 'active', attributes: {} })
    await ask('PUT /v1/devices/m-9', { body: { ...body, status: 'retired' } })
    expect(w.devices.get('m-9')?.status).toBe('retired')
    expect((await ask('DELETE /v1/devices/m-9')).status).toBe(204)
    expect((await ask('GET /v1/devices/m-9')).status).toBe(404)
    expect((await ask('DELETE /v1/devices/m-9')).body['code']).toBe('no_such_device')
    expect(w.audit.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
      ['ada', 'device.register', 'm-9'],
      ['ada', 'device.replace', 'm-9'],
      ['ada', 'device.remove', 'm-9'],
    ])
  })

  it('takes back what it gave, but not as another', async () => {
    const { ask } = apiOver(world())
    const { body } = await ask('GET /v1/devices/m-2')
    expect((await ask('PUT /v1/devices/m-2', { body })).body['device']).toEqual(body)
    expect((await ask('PUT /v1/devices/m-3', { body })).body).toMatchObject({ code: 'bad_body', detail: 'thing: the path says m-3' }) // prettier-ignore
    const [type] = (await ask('GET /v1/types')).body['items'] as [{ name: string }]
    expect((await ask(`PUT /v1/types/${type.name}`, { body: type })).body['type']).toEqual(type)
    expect((await ask('PUT /v1/types/other', { body: type })).body['code']).toBe('bad_body')
  })

  it('refuses a type, a gateway or a site that does not fit', async () => {
    const w = world()
    const { ask } = apiOver(w)
    const put = async (over: object, token = 'admin') =>
      (await ask('PUT /v1/devices/m-9', { token, body: { trade: 'plant', type: 'motor', ...over } })).body[
        'code'
      ]
    expect(await put({ type: 'toaster' })).toBe('unknown_type')
    expect(await put({ trade: 'fleet' })).toBe('unknown_type')
    expect(await put({ gateway: 'm-9' })).toBe('unknown_gateway')
    expect(await put({ gateway: 'nobody' })).toBe('unknown_gateway')
    expect(await put({ site: 'south' }, 'north')).toBe('wrong_site')
    expect(await put({}, 'north')).toBe('wrong_site')
    const moved = await ask('PUT /v1/devices/m-2', {
      token: 'north',
      body: { trade: 'plant', type: 'motor', site: 'north' },
    })
    expect(moved.body['code']).toBe('wrong_site')
    expect(w.audit).toEqual([])
  })

  it.each([
    [{ trade: 'shop' }, 'trade'],
    [{ measures: { constructor: {} } }, 'measures.constructor'],
    [{ measures: { rpm: { low: 5, high: 5 } } }, 'measures.rpm.low'],
    [{ location: { latitude: 91, longitude: 0 } }, 'location.latitude'],
    [{ colour: 'red' }, 'colour'],
    [{ thing: 'm-8' }, 'thing'],
  ])('refuses the body %j and says where it is wrong', async (over, at) => {
    const { ask } = apiOver(world())
    const { status, body } = await ask('PUT /v1/devices/m-9', {
      body: { trade: 'plant', type: 'motor', ...over },
    })
    expect([status, body['code']]).toEqual([400, 'bad_body'])
    expect((body['errors'] as { at: string }[]).map((fault) => fault.at)).toContain(at)
  })
})

describe('types', () => {
  it('refuses a measure named __proto__ instead of losing it', async () => {
    const body = JSON.parse('{"trade":"plant","measures":{"__proto__":{"low":1}}}') as object
    const { status, body: answer } = await apiOver(world()).ask('PUT /v1/types/pump', { body })
    expect([status, answer['code']]).toEqual([400, 'bad_body'])
  })

  it('adds a type, counts its versions and lists it', async () => {
    const w = world()
    const { ask } = apiOver(w)
    const body = { trade: 'plant', measures: { pressure: { unit: 'bar', kind: 'gauge' } } }
    const first = await ask('PUT /v1/types/pump', { body })
    expect(first.body['type']).toEqual({ name: 'pump', version: 1, ...body })
    const second = await ask('PUT /v1/types/pump', { body: { ...body, expectedIntervalMs: 1000 } })
    expect(second.body['type']).toMatchObject({ version: 2 })
    // Told what it is already, in whatever order, it is no new version.
    const again = await ask('PUT /v1/types/pump', { body: { expectedIntervalMs: 1000, ...body } })
    expect(again.body['type']).toEqual(second.body['type'])
    expect((await ask('GET /v1/types', { token: 'viewer' })).body['items']).toHaveLength(2)
    expect(w.audit.map(({ action }) => action)).toEqual(['type.put', 'type.put'])
  })

  it('lets no token of one site change what all sites share', async () => {
    const { ask } = apiOver(world())
    const { body } = await ask('PUT /v1/types/pump', {
      token: 'north',
      body: { trade: 'plant', measures: {} },
    })
    expect(body['code']).toBe('wrong_site')
  })
})
