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

  it('has no sign-in page of its own', async () => {
    expect(await (await app(async () => folder).request('/config.json')).json()).toEqual({})
  })
})
