import { describe, expect, it } from 'vitest'
import { parseBuildingScenario } from '../../simulator/building/building-scenario.ts'
import { exampleSite } from '../../simulator/building/example-site.ts'
import type { WorkOrder } from '../../src/core/maintenance/work-order.ts'
import type { Fact } from '../../src/core/telemetry/stage.ts'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, things, world } from './fixture/world.ts'

const scenario = parseBuildingScenario({ name: 'test', trade: 'building', site: 'north' })
const { name: _, ...site } = exampleSite(scenario, 'north')
const fact = (type: string, thing: string, key: string, at: number, value: Fact['value']): Fact => ({
  type, thing, key, at, until: at + 900_000, version: at, value,
}) // prettier-ignore
const order = (thing: string): WorkOrder => ({
  id: `${thing}/motor.bearing/${NOW}`,
  thing,
  mode: 'motor.bearing',
  status: 'open',
  openedAt: NOW,
  dueAt: NOW + 1,
  action: 'regrease',
  failureProbability: 0.9,
  evidence: ['vibration'],
  startedAt: null,
  closedAt: null,
  by: null,
  finding: null,
  foundMode: null,
  comment: null,
})

describe('sites', () => {
  it('takes a building, gives it back, and forgets it', async () => {
    const { ask } = apiOver(world())
    expect((await ask('PUT /v1/sites/north', { body: site })).body['site']).toEqual({
      name: 'north',
      ...site,
    })
    expect((await ask('GET /v1/sites/north', { token: 'viewer' })).body).toEqual({ name: 'north', ...site })
    expect((await ask('DELETE /v1/sites/north')).status).toBe(204)
    expect((await ask('GET /v1/sites/north')).body['code']).toBe('no_such_site')
  })

  it('refuses what contradicts itself, and whoever may not', async () => {
    const { ask } = apiOver(world())
    const twice = { ...site, zones: [...site.zones, site.zones[0]] }
    expect((await ask('PUT /v1/sites/north', { body: twice })).body).toMatchObject({ code: 'bad_site', detail: 'two zones are called south' }) // prettier-ignore
    expect((await ask('PUT /v1/sites/north', { body: { ...site, timeZone: 'Mars' } })).body['code']).toBe('bad_body') // prettier-ignore
    expect((await ask('PUT /v1/sites/north', { body: site, token: 'operator' })).body['code']).toBe(
      'wrong_role',
    )
    expect((await ask('PUT /v1/sites/south', { body: site, token: 'north' })).body['code']).toBe('wrong_site')
  })

  it('hides buildings outside of the token’s sites', async () => {
    const { ask } = apiOver(world())
    await ask('PUT /v1/sites/south', { body: site })
    expect((await ask('GET /v1/sites', { token: 'north' })).body['items']).toEqual([])
    expect((await ask('GET /v1/buildings/south/zones', { token: 'north' })).body['code']).toBe('no_such_site')
  })
})

describe('buildings', () => {
  it('shows zones with their newest quarter, and plans on demand', async () => {
    const w = world()
    w.facts.push(fact('zone_quarter', 'site:north', 'south/1', NOW - 1_800_000, { zone: 'south', pmv: 0.4 }))
    w.facts.push(fact('zone_quarter', 'site:north', 'south/2', NOW - 900_000, { zone: 'south', pmv: 0.1 }))
    const { ask, ports } = apiOver(w)
    await ask('PUT /v1/sites/north', { body: site })
    const { body } = await ask('GET /v1/buildings/north/zones', { token: 'viewer' })
    expect(body['items']).toMatchObject([
      { zone: 'south', now: { pmv: 0.1 } },
      { zone: 'north', now: null },
    ])
    const comfort = await ask('GET /v1/buildings/north/comfort', { token: 'viewer' })
    expect(comfort.body['items']).toMatchObject([{ pmv: 0.4 }, { pmv: 0.1 }])
    expect((await ask('POST /v1/buildings/north/plan', { token: 'viewer' })).body['code']).toBe('wrong_role')
    expect((await ask('POST /v1/buildings/north/plan', { token: 'operator' })).body).toEqual({ plan: null })
    expect(ports.trades.planned).toEqual(['north'])
  })

  it('sets a zone by hand for a while, tells its plant, and ends that', async () => {
    const { ask, ports } = apiOver(world())
    await ask('PUT /v1/sites/north', { body: site })
    const path = '/v1/buildings/north/zones/south/override'
    const body = { heatC: 22, coolC: 25, until: NOW + 3_600_000 }
    expect((await ask(`PUT ${path}`, { body, token: 'operator' })).body).toMatchObject({
      by: 'otto',
      ...body,
    })
    expect(ports.trades.sent).toMatchObject([
      { thing: 'north-south', zone: 'south', source: 'operator', by: 'otto', setPoints: body },
    ])
    expect((await ask(`PUT ${path}`, { body: { ...body, until: NOW - 1 } })).body['code']).toBe(
      'not_allowed_now',
    )
    expect((await ask(`PUT ${path}`, { body: { ...body, coolC: 20 } })).body['code']).toBe('bad_body')
    expect((await ask(`DELETE ${path}`)).status).toBe(204)
    expect((await ask(`DELETE ${path}`)).body['code']).toBe('not_allowed_now')
  })
})

describe('maintenance', () => {
  it('lists the likeliest failures first, within the token’s sites', async () => {
    const w = world()
    const judged = (thing: string, p: number | null, health: number) =>
      w.facts.push(fact('machine_health', thing, '1', NOW - 60_000, { failure_probability: p, health_index: health, evidence: [] })) // prettier-ignore
    judged('m-1', null, 30)
    judged('m-2', 0.9, 80)
    judged('m-3', null, 20)
    const { ask } = apiOver(w)
    expect(things(await ask('GET /v1/maintenance/risks'))).toEqual(['m-2', 'm-3', 'm-1'])
    expect(things(await ask('GET /v1/maintenance/risks', { token: 'north' }))).toEqual(['m-3', 'm-1'])
  })

  it('closes an order with what was found, once, and gives its label', async () => {
    const { ask, ports } = apiOver(world())
    await ports.trades.orders.open(order('m-1'))
    await ports.trades.orders.open(order('m-2'))
    const path = `/v1/maintenance/orders/${encodeURIComponent(order('m-1').id)}`
    expect(things(await ask('GET /v1/maintenance/orders', { token: 'north' }))).toEqual(['m-1'])
    expect((await ask(`POST ${path}`, { body: { kind: 'start' }, token: 'operator' })).body).toMatchObject({ status: 'inProgress', by: 'otto', label: null }) // prettier-ignore
    const done = await ask(`POST ${path}`, { body: { kind: 'complete', finding: 'noFaultFound' } })
    expect(done.body).toMatchObject({
      status: 'done',
      label: { thing: 'm-1', at: NOW, failed: 0, mode: null },
    })
    expect((await ask(`POST ${path}`, { body: { kind: 'start' } })).body['code']).toBe('not_allowed_now')
    const other = `POST /v1/maintenance/orders/${encodeURIComponent(order('m-2').id)}`
    expect((await ask(other, { body: { kind: 'start' }, token: 'north' })).body['code']).toBe('no_such_order')
  })
})

describe('models', () => {
  it('promotes a version and goes back', async () => {
    const { ask } = apiOver(world())
    const active = async () =>
      ((await ask('GET /v1/models')).body['items'] as { active: number | null }[])[0]?.active
    expect(await active()).toBe(1)
    await ask('POST /v1/models/failure/promote', { body: { version: 2 } })
    expect(await active()).toBe(2)
    expect((await ask('POST /v1/models/failure/promote', { body: { version: 7 } })).body['code']).toBe('not_allowed_now') // prettier-ignore
    await ask('POST /v1/models/failure/rollback')
    expect(await active()).toBe(1)
    expect((await ask('POST /v1/models/other/rollback')).body['code']).toBe('no_such_model')
  })
})
