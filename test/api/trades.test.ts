import { describe, expect, it } from 'vitest'
import { parseBuildingScenario } from '../../simulator/building/building-scenario.ts'
import { exampleSite } from '../../simulator/building/example-site.ts'
import { trainDeviceModel } from '../../src/core/maintenance/device-task.ts'
import { writeXgboostModel } from '../../src/core/maintenance/xgboost-model.ts'
import type { WorkOrder } from '../../src/core/maintenance/work-order.ts'
import type { Fact } from '../../src/core/telemetry/stage.ts'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, device, things, world } from './fixture/world.ts'

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
  openedBy: null,
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

  it('takes back what it gave, but not as another', async () => {
    const { ask } = apiOver(world())
    await ask('PUT /v1/sites/north', { body: site })
    const { body } = await ask('GET /v1/sites/north')
    expect((await ask('PUT /v1/sites/north', { body })).status).toBe(200)
    expect((await ask('PUT /v1/sites/south', { body })).body).toMatchObject({ code: 'bad_body', detail: 'name: the path says south' }) // prettier-ignore
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
    expect((await ask('POST /v1/buildings/north/plan', { token: 'operator' })).body).toEqual({
      plan: null,
      why: expect.stringContaining('described only now') as string,
    })
    expect(ports.trades.planned).toEqual(['north'])
  })

  it('says why there is no plan', async () => {
    const { ask, ports } = apiOver(world())
    const lacking = async (change: object, question = 'POST'): Promise<unknown> => {
      await ask('PUT /v1/sites/north', { body: { ...site, ...change } })
      const { status, body } = await ask(`${question} /v1/buildings/north/plan`)
      expect(status).toBe(200)
      expect(body['plan']).toBeNull()
      return body['why']
    }
    const unsteered = site.zones.map(({ plant: _plant, ...zone }) => zone)
    expect(await lacking({ zones: [], meters: [] })).toContain('has no zones')
    expect(await lacking({ zones: unsteered })).toContain('no zone of north has a plant')
    expect(await lacking({ schedule: undefined })).toContain('has no schedule')
    expect(await lacking({ schedule: undefined }, 'GET')).toContain('has no schedule')
    expect(await lacking({}, 'GET')).toContain('has not been planned yet')
    expect(ports.trades.planned).toEqual([])
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

describe('reportFailure', () => {
  const report = { thing: 'motor-1', what: 'it burned' }
  const motors = () => {
    const w = world()
    w.devices.set('motor-1', device('motor-1'))
    return apiOver(w)
  }

  it('opens an order by hand, once, whose outcome is a label like any other', async () => {
    const { ask } = motors()
    const post = 'POST /v1/maintenance/orders'
    const opened = await ask(post, { body: { ...report, mode: 'motor.bearing', at: NOW - 5 }, token: 'operator' }) // prettier-ignore
    expect(opened.status).toBe(201)
    expect(opened.body).toMatchObject({ openedBy: 'otto', openedAt: NOW - 5, evidence: ['it burned'], label: null }) // prettier-ignore
    expect((await ask(post, { body: { ...report, mode: 'motor.bearing', at: NOW - 5 } })).body['code']).toBe('not_allowed_now') // prettier-ignore
    const done = await ask(`${post}/${encodeURIComponent(String(opened.body['id']))}`, { body: { kind: 'complete', finding: 'failed' } }) // prettier-ignore
    expect(done.body['label']).toEqual({ thing: 'motor-1', at: NOW - 5, failed: 1, mode: 'motor.bearing' })
  })

  it('refuses what is no machine, no mode of it, not yet, or not seen', async () => {
    const { ask } = motors()
    const code = async (body: object, token = 'operator') =>
      (await ask('POST /v1/maintenance/orders', { body, token })).body['code']
    expect(await code({ ...report, thing: 'm-1' })).toBe('no_machine')
    expect(await code({ ...report, thing: 'nobody' })).toBe('no_such_device')
    expect(await code({ ...report, mode: 'pump.seal' })).toBe('bad_body')
    expect(await code({ ...report, at: NOW + 1 })).toBe('bad_body')
    expect(await code(report, 'viewer')).toBe('wrong_role')
  })
})

describe('listTrainingExamples', () => {
  it('gives pages without what is unknown, and takes no cursor of its own making', async () => {
    const { ask } = apiOver(world())
    const path = 'GET /v1/maintenance/examples'
    const { body } = await ask(path)
    expect(body).toMatchObject({ cursor: 'motor-1|1', moments: 2, failures: 1, until: NOW })
    expect(body['items']).toEqual([{ thing: 'motor-1', at: 1, failed: 1, features: { 'vibration.mean.24h': 2 } }]) // prettier-ignore
    expect((await ask(`${path}?cursor=motor-1%7C1`)).body['cursor']).toBeNull()
    for (const cursor of ['x', '%7C1', 'a%7Cb', 'a%7C1%7C2'])
      expect((await ask(`${path}?cursor=${cursor}`)).body['code']).toBe('bad_cursor')
    expect((await ask(path, { token: 'operator' })).body['code']).toBe('wrong_role')
  })
})

describe('models', () => {
  it('takes a model that can judge machines as the next version, gives its file back, and refuses others', async () => {
    const { ask } = apiOver(world())
    const examples = Array.from({ length: 40 }, (_, i) => ({ thing: `m-${i % 4}`, at: i, failed: (i % 2) as 0 | 1, features: { 'rpm.mean.1h': i % 2 } })) // prettier-ignore
    const file = writeXgboostModel(trainDeviceModel(examples, { horizonMs: 3_600_000, seed: 1 }).model)
    const post = 'POST /v1/models/failure/versions'
    const added = await ask(post, { body: { file, metrics: { f1: 1 } } })
    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({ active: 1 })
    const { version, metrics } = (added.body['versions'] as { version: number; metrics: object }[]).at(-1)!
    expect(metrics).toEqual({ f1: 1 })
    expect((await ask(`GET /v1/models/failure/versions/${version}`)).body).toEqual(JSON.parse(file))
    expect((await ask('GET /v1/models/failure/versions/99')).body['code']).toBe('no_such_version')
    const torque = file.replaceAll('rpm.mean.1h', 'torque')
    for (const bad of ['{}', 'no JSON', torque])
      expect((await ask(post, { body: { file: bad } })).body['code']).toBe('bad_model')
    expect((await ask(post, { body: { file }, token: 'operator' })).body['code']).toBe('wrong_role')
  })

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
