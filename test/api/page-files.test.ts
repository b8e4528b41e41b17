import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApi } from '../../src/api/create-api.ts'
import { apiEndpoints } from '../../src/api/endpoints.ts'
import { memoryPorts } from './fixture/memory-ports.ts'
import { world } from './fixture/world.ts'

describe('servePageFiles', () => {
  let root = ''
  let folder = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'telltale-page-'))
    folder = join(root, 'dist')
    mkdirSync(join(folder, 'assets'), { recursive: true })
    writeFileSync(join(folder, 'index.html'), '<title>Telltale</title>')
    writeFileSync(join(folder, 'assets/index-abc.js'), 'export {}')
    writeFileSync(join(root, 'secret.txt'), 'secret')
  })
  afterAll(() => rmSync(root, { recursive: true }))
  const app = (page: () => Promise<string | null>) =>
    createApi(memoryPorts(world()), { version: '0', endpoints: apiEndpoints, page })

  it('serves the page to anyone, under its own policy', async () => {
    const response = await app(async () => folder).request('/')
    expect([response.status, await response.text()]).toEqual([200, '<title>Telltale</title>'])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  it('packs what a browser takes packed, and lets it keep files named by their content', async () => {
    const headers = { 'accept-encoding': 'gzip, br' }
    const response = await app(async () => folder).request('/assets/index-abc.js', { headers })
    expect(response.headers.get('content-type')).toContain('text/javascript')
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe('export {}')
  })

  it.each([
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/index.html',
    '/assets/nothing.js',
    '/assets/index.html',
  ])('serves nothing at %s', async (path) => {
    expect((await app(async () => folder).request(path)).status).toBe(404)
  })

  it('says what to do where the page was not built, and serves it once it was', async () => {
    let built = false
    const api = app(async () => (built ? folder : null))
    const before = await api.request('/')
    expect([before.status, await before.text()]).toEqual([503, expect.stringContaining('npm run build:page')])
    built = true
    expect((await api.request('/')).status).toBe(200)
  })

  describe('where people sign in', () => {
    const provider = { authorize: 'https://login.example/in', token: 'https://tokens.example/p/token', client: 'c', scope: 'openid', bearer: 'id', host: 'login.example' } as const // prettier-ignore
    const appWith = (signIn?: () => Promise<typeof provider | null>) =>
      createApi(memoryPorts(world()), { version: '0', endpoints: apiEndpoints, page: async () => folder, ...(signIn && { signIn }) }) // prettier-ignore

    it('is by the API’s own tokens alone unless told, and nothing may be fetched from elsewhere', async () => {
      for (const app of [appWith(), appWith(async () => null)]) {
        expect(await (await app.request('/config.json')).json()).toEqual({})
        const { headers } = await app.request('/')
        expect(headers.get('content-security-policy')).not.toContain('connect-src')
      }
    })

    it('is in config.json, and the page may reach the token endpoint’s origin and no other', async () => {
      const app = appWith(async () => provider)
      const config = await app.request('/config.json')
      expect(await config.json()).toEqual({ provider })
      expect(config.headers.get('cache-control')).toBe('no-store')
      const policy = (await app.request('/')).headers.get('content-security-policy') ?? ''
      expect(policy.split('; ')).toContain("connect-src 'self' https://tokens.example")
      expect(policy).not.toContain('login.example')
    })

    it('is offered as soon as the provider is known', async () => {
      let known = false
      const app = appWith(async () => (known ? provider : null))
      expect(await (await app.request('/config.json')).json()).toEqual({})
      known = true
      expect(await (await app.request('/config.json')).json()).toEqual({ provider })
    })
  })
})
