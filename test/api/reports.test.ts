import { describe, expect, it } from 'vitest'
import { createApi } from '../../src/api/create-api.ts'
import { apiEndpoints } from '../../src/api/endpoints.ts'
import { memoryPorts, NOW } from './fixture/memory-ports.ts'
import { apiOver, world } from './fixture/world.ts'

const make = async (ask: ReturnType<typeof apiOver>['ask'], body: object, token = 'admin') =>
  ask('POST /v1/reports', { token, body })

describe('/v1/reports', () => {
  it('makes last week’s report of a trade, keeps it and notes who asked', async () => {
    const w = world()
    const { ask } = apiOver(w)
    expect((await ask('GET /v1/reports')).body).toEqual({ timeZone: 'Europe/Berlin', items: [] })
    const { status, body } = await make(ask, { trade: 'plant' }, 'operator')
    expect([status, body['title'], body['site'], body['timeZone']]).toEqual([201, 'Plant report', null, 'Europe/Berlin']) // prettier-ignore
    expect(Number(body['to'])).toBeLessThanOrEqual(NOW)
    const listed = (await ask('GET /v1/reports')).body['items'] as Record<string, unknown>[]
    expect(listed).toMatchObject([{ id: body['id'], trade: 'plant' }])
    expect(listed[0]).not.toHaveProperty('sections')
    expect((await ask(`GET /v1/reports/${String(body['id'])}`)).body).toEqual(body)
    expect(w.audit.at(-1)).toMatchObject({ action: 'report.make', subject: body['id'] })
  })

  it('gives it as a PDF and as CSV, to be saved under its name', async () => {
    const ports = memoryPorts(world())
    const api = createApi(ports, { version: '0', endpoints: apiEndpoints })
    const headers = { authorization: 'Bearer admin' }
    const { id } = await ports.reports!.make({ trade: 'plant', site: null, from: NOW - 86_400_000, to: NOW, timeZone: 'UTC' }) // prettier-ignore
    const pdf = await api.request(`/v1/reports/${id}/pdf`, { headers })
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
    expect(pdf.headers.get('content-disposition')).toBe(`attachment; filename="${id}.pdf"`)
    expect((await pdf.text()).startsWith('%PDF-1.4')).toBe(true)
    const csv = await api.request(`/v1/reports/${id}/csv`, { headers })
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(await csv.text()).toContain('At a glance,Machines,value,,3,')
  })

  it('takes any days of any zone that have begun', async () => {
    const { ask } = apiOver(world())
    const day = new Date(NOW - 3 * 86_400_000).toISOString().slice(0, 10)
    const { body } = await make(ask, { trade: 'fleet', firstDay: day, days: 2, timeZone: 'Asia/Kathmandu' })
    expect(body['id']).toBe(`fleet-${day}-2d`)
    expect([Number(body['from']), Number(body['to'])]).toEqual([0, 2].map((n) => Date.parse(day) + n * 86_400_000 - 5.75 * 3_600_000)) // prettier-ignore
    for (const [bad, code] of [
      [{ trade: 'fleet', firstDay: '2099-01-01' }, 'bad_range'],
      [{ trade: 'fleet', firstDay: '2026-02-30' }, 'bad_body'],
      [{ trade: 'fleet', firstDay: day, days: 32 }, 'bad_body'],
      [{ trade: 'mine' }, 'bad_body'],
      [{ trade: 'fleet', timeZone: 'Mars/Base' }, 'bad_body'],
    ] as const)
      expect((await make(ask, bad)).body['code'], JSON.stringify(bad)).toBe(code)
  })

  it('shows those who see some sites only reports of these sites', async () => {
    const w = world()
    w.principals.set('north', { name: 'n', role: 'operator', sites: ['north'] })
    const { ask } = apiOver(w)
    const all = String((await make(ask, { trade: 'plant' })).body['id'])
    expect((await ask(`GET /v1/reports/${all}/pdf`, { token: 'north' })).body['code']).toBe('no_such_report')
    for (const site of [null, 'south'])
      expect((await make(ask, { trade: 'plant', site }, 'north')).body['code']).toBe('wrong_site')
    const { status, body } = await make(ask, { trade: 'plant', site: 'north' }, 'north')
    expect(status).toBe(201)
    const listed = (await ask('GET /v1/reports', { token: 'north' })).body['items'] as { id: string }[]
    expect(listed.map(({ id }) => id)).toEqual([body['id']])
  })

  it('needs an operator to make one, and knows none that is not there', async () => {
    const { ask } = apiOver(world())
    expect((await make(ask, { trade: 'plant' }, 'viewer')).status).toBe(403)
    for (const id of ['plant-2000-01-03', '..%2F..%2Ftoken', 'x'])
      expect((await ask(`GET /v1/reports/${id}`)).body['code']).toBe('no_such_report')
  })
})
