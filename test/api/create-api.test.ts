import { describe, expect, it } from 'vitest'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, world } from './fixture/world.ts'

const put = { trade: 'plant', type: 'motor' }

describe('createApi', () => {
  it('answers what it does not serve with no_such_path, and a wrong method with those allowed', async () => {
    const { ask } = apiOver(world())
    expect((await ask('GET /v2/devices')).body['code']).toBe('no_such_path')
    const { status, body, headers } = await ask('POST /v1/devices/m-1', { body: {} })
    expect([status, body['code'], headers.get('allow')]).toEqual([405, 'wrong_method', 'GET, PUT, DELETE'])
    expect((await ask('DELETE /v1/alarms/a%2Fb/history')).headers.get('allow')).toBe('GET')
  })

  it('refuses bodies that are no JSON, of another type, or too large', async () => {
    const { ask } = apiOver(world())
    const code = async (body: unknown, headers = {}) =>
      (await ask('PUT /v1/devices/m-1', { body, headers })).body['code']
    expect(await code('{"trade":')).toBe('bad_json')
    expect(await code('[]')).toBe('bad_body')
    expect(await code('null')).toBe('bad_body')
    expect(await code('{"trade":"plant","type":"motor","__proto__":{}}')).toBe('bad_body')
    expect(await code('['.repeat(100_000))).toBe('bad_json')
    expect(await code(put, { 'content-type': 'text/plain' })).toBe('wrong_media_type')
    expect(await code(put, { 'content-type': 'application/json; charset=utf-8' })).toBeUndefined()
    expect(await code(' '.repeat(256 * 1024 + 1))).toBe('body_too_large')
  })

  it('refuses a body that is not UTF-8', async () => {
    const { app } = apiOver(world())
    const response = await app.request('/v1/devices/m-1', {
      method: 'PUT',
      headers: { authorization: 'Bearer admin', 'content-type': 'application/json' },
      body: Uint8Array.of(0x22, 0xff, 0x22),
    })
    expect(await response.json()).toMatchObject({ status: 400, code: 'bad_json' })
  })

  it('tells a failing dependency to the log, not to the caller', async () => {
    const { ask, ports, errors } = apiOver(world())
    const failure = new Error('SQLITE_CORRUPT at /var/lib/telltale')
    ports.devices.get = async () => {
      throw failure
    }
    const { status, body, text } = await ask('GET /v1/devices/m-1')
    expect([status, body['code'], errors]).toEqual([500, 'internal_error', [failure]])
    expect(text).not.toContain('SQLITE')
  })

  it('guards every answer with headers, errors included, and allows no other origin', async () => {
    const { ask } = apiOver(world())
    for (const request of ['GET /v1/devices', 'GET /nowhere', 'GET /', 'GET /docs']) {
      const { headers } = await ask(request, { headers: { origin: 'https://evil.example' } })
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
    expect((await ask('OPTIONS /v1/devices')).status).toBe(405)
  })
})

describe('health', () => {
  it('tells anyone whether all is well, and those with a token why not', async () => {
    const w = world()
    const { ask } = apiOver(w)
    expect((await ask('GET /v1/health', { token: null })).body).toEqual({ status: 'ok' })
    const conditions = [{ code: 'disk_full', text: 'the disk has 1 % left; free some', since: NOW }]
    w.health = { ...w.health, conditions }
    expect((await ask('GET /v1/health', { token: null })).body).toEqual({ status: 'degraded' })
    expect((await ask('GET /v1/health', { token: 'viewer' })).body).toMatchObject({
      status: 'degraded',
      conditions,
      now: NOW,
      gauges: { lag: 0 },
    })
    expect((await ask('GET /v1/health', { token: 'wrong' })).body['code']).toBe('bad_token')
  })

  it('gives metrics to a token, and to anyone only where that is wanted', async () => {
    const { headers, text } = await apiOver(world()).ask('GET /metrics', { token: 'viewer' })
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(text).toBe('telltale_readings_total 12\n')
    expect((await apiOver(world()).ask('GET /metrics', { token: null })).status).toBe(401)
    expect((await apiOver(world(), { openMetrics: true }).ask('GET /metrics', { token: null })).status).toBe(
      200,
    )
  })
})

describe('serveStaticFiles', () => {
  it.each([
    ['/favicon.svg', 'image/svg+xml', '<svg'],
    ['/docs', 'text/html', 'swagger-ui-bundle.js'],
    ['/docs/docs.js', 'text/javascript', '/openapi.json'],
    ['/docs/swagger-ui.css', 'text/css', '.swagger-ui'],
    ['/docs/swagger-ui-bundle.js', 'text/javascript', 'SwaggerUIBundle'],
  ])('serves %s as %s to anyone', async (path, type, content) => {
    const answer = await apiOver(world()).ask(`GET ${path}`, { token: null })
    expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, type])
    expect(answer.text).toContain(content)
  })

  it('serves pages that load nothing from elsewhere', async () => {
    const { ask } = apiOver(world())
    for (const path of ['/docs', '/docs/docs.js'])
      expect((await ask(`GET ${path}`)).text).not.toMatch(
        /(?:src|href|url|import|fetch)\W{1,4}(?:https?:)?\/\//,
      )
  })

  it.each(['/page/../../../package.json', '/%2e%2e/package.json', '/docs/..%2f..%2fpackage.json'])(
    'serves nothing at %s',
    async (path) => {
      expect((await apiOver(world()).ask(`GET ${path}`)).body['code']).toBe('no_such_path')
    },
  )
})
