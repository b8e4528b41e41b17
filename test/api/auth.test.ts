import { describe, expect, it } from 'vitest'
import { tokenOf } from '../../src/api/auth.ts'
import { apiLimits } from '../../src/api/limits.ts'
import { apiOver, world } from './fixture/world.ts'

describe('auth', () => {
  it('asks for a token, and says so in the challenge too', async () => {
    const { ask } = apiOver(world())
    const { status, body, headers } = await ask('GET /v1/devices', { token: null })
    expect([status, body['code']]).toEqual([401, 'no_token'])
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  it.each(['Bearer wrong', 'Bearer', 'Basic YWRtaW4=', 'admin', 'Bearer a b', ''])(
    'refuses the header %j',
    async (authorization) => {
      const { ask } = apiOver(world())
      const { status, body } = await ask('GET /v1/devices', { token: null, headers: { authorization } })
      expect([status, body['code']]).toEqual([401, 'bad_token'])
    },
  )

  it('lets each role do what the ones before it may, and no more', async () => {
    const requests = {
      viewer: ['GET /v1/devices', 'GET /v1/alarms', 'GET /v1/quarantine', 'GET /metrics'],
      operator: [
        'POST /v1/alarms/limit%2Fm-1%2Ftemperature/acknowledge',
        'POST /v1/quarantine/1/replay',
        'POST /v1/quarantine/2/discard',
      ],
      admin: ['PUT /v1/devices/m-1', 'DELETE /v1/devices/m-1', 'PUT /v1/types/pump', 'GET /v1/audit'],
    }
    const order = ['viewer', 'operator', 'admin'] as const
    for (const [rank, token] of order.entries())
      for (const [needed, role] of order.entries())
        for (const request of requests[role]) {
          const { body } = await apiOver(world()).ask(request, { token })
          expect([request, token, body['code'] === 'wrong_role']).toEqual([request, token, needed > rank])
        }
  })

  it('judges the role before it looks at anything else of the request', async () => {
    const w = world()
    const { ask } = apiOver(w)
    const { body } = await ask('PUT /v1/devices/m-1?x=1', { token: 'viewer', body: '{' })
    expect(body['code']).toBe('wrong_role')
  })

  it('records who was refused and what for', async () => {
    const w = world()
    const { ask } = apiOver(w)
    await ask('PUT /v1/devices/m-1', { token: 'viewer', body: {} })
    expect(w.audit).toMatchObject([
      { actor: 'vera', action: 'api.refuse', subject: 'putDevice', detail: 'wrong_role' },
    ])
  })

  it('gives the audit log to no token of one site', async () => {
    const { ask } = apiOver(world())
    expect((await ask('GET /v1/audit', { token: 'north' })).body['code']).toBe('wrong_site')
  })
})

describe('tokenOf', () => {
  it('takes the scheme in any case and a token of any base64 alphabet', () => {
    expect(tokenOf('bearer a.b-c_d~e+f/g==')).toBe('a.b-c_d~e+f/g==')
    expect(tokenOf(`BEARER ${'x'.repeat(4096)}`)).toHaveLength(4096)
  })
  it('refuses what is too long to be a token', () => {
    expect(tokenOf(`Bearer ${'x'.repeat(apiLimits.tokenLength + 1)}`)).toBeNull()
  })
})

describe('audit', () => {
  it('lists entries, filtered and paged', async () => {
    const w = world()
    const { ask } = apiOver(w)
    for (const thing of ['m-1', 'm-2', 'm-3']) await ask(`DELETE /v1/devices/${thing}`)
    await ask('PUT /v1/types/pump', { body: { trade: 'plant', measures: {} } })
    const subjects = (body: Record<string, unknown>) =>
      (body['items'] as { subject: string }[]).map(({ subject }) => subject)
    expect(subjects((await ask('GET /v1/audit?action=type.put')).body)).toEqual(['pump'])
    expect(subjects((await ask('GET /v1/audit?subject=m-2')).body)).toEqual(['m-2'])
    const first = await ask('GET /v1/audit?limit=3')
    expect(subjects(first.body)).toEqual(['m-1', 'm-2', 'm-3'])
    expect(subjects((await ask(`GET ${first.body['next'] as string}`)).body)).toEqual(['pump'])
  })
})
