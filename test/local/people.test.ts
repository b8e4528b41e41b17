// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-argument, typescript/no-unsafe-return, typescript/no-explicit-any */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDeviceBox, until, type DeviceBox } from './device-box.ts'
import { scopes, type Scope } from './scopes.ts'

const places = [
  ['n1', 'north'],
  ['s1', 'south'],
] as const
let box: DeviceBox
let alarm: string
let quarantined: string
beforeAll(async () => {
  box = await startDeviceBox()
  await box.devices.putType({ name: 'motor', trade: 'plant', measures: { temperature: { unit: 'Cel', high: 80 } } }, 'test') // prettier-ignore
  const location = { latitude: 50, longitude: 7 }
  for (const [thing, site] of places) {
    const client = await box.device(thing)
    await box.devices.put({ thing, site, location, trade: 'plant', type: 'motor', status: 'active', attributes: {} }, 'test') // prettier-ignore
    const sent = [{ at: Date.now(), measures: { temperature: 200 } }, { measures: 'none' }]
    for (const body of sent)
      await client.publishAsync(`dt/plant/${thing}/telemetry`, JSON.stringify(body), { qos: 1 })
    await client.endAsync()
    await box.api('PUT', `/v1/sites/${site}`, { timeZone: 'UTC', zones: [] })
  }
  await box.settled()
  const first = async (path: string) => (await box.api('GET', path)).body.items[0].id as string
  await until(async () => (await box.api('GET', '/v1/alarms?thing=s1')).body.items.length > 0)
  alarm = await first('/v1/alarms?thing=s1')
  quarantined = await first('/v1/quarantine?client=s1')
})
afterAll(() => box.close())

const roles = ['viewer', 'operator', 'admin'] as const
const tokens = new Map<string, string>()
async function tokenFor(role: string, sites: string[] | null): Promise<string> {
  const key = `${role} ${String(sites)}`
  const known = tokens.get(key)
  if (known !== undefined) return known
  const { token } = (await box.api('POST', '/v1/tokens', { name: `${role}-machine`, role, sites })).body
  tokens.set(key, token as string)
  return token as string
}
const asked = async (token: string, method: string, path: string, body?: unknown): Promise<number> =>
  (await box.api(method, path, body, token)).status

interface Operation {
  id: string
  role: 'open' | (typeof roles)[number]
  method: string
  path: string
}
async function operations(): Promise<Operation[]> {
  const { paths } = (await box.api('GET', '/openapi.json')).body as { paths: Record<string, Record<string, any>> } // prettier-ignore
  return Object.entries(paths).flatMap(
    ([path, methods]) =>
    Object.entries(methods).map(([method, of]) => ({ id: of.operationId as string, role: of['x-role'] as Operation['role'], method: method.toUpperCase(), path })), // prettier-ignore
  )
}
/** The path with something in place of every parameter; the device and the building are those of the other site. */
const filled = (path: string): string =>
  path
    .replace('{thing}', 's1')
    .replace('{site}', 'south')
    .replace(/\{\w+\}/g, 'x')

describe('every operation of the API', () => {
  it('is known to the walk, and the walk knows no other', async () => {
    expect((await operations()).map(({ id }) => id).sort()).toEqual(Object.keys(scopes).sort())
    for (const scope of Object.values(scopes))
      if (scope.kind === 'tested') expect(existsSync(scope.where)).toBe(true)
  })

  it('refuses whoever has no token, and whoever has a lesser role', async () => {
    for (const { id, role, method, path } of await operations()) {
      if (role === 'open') continue
      const bare = await fetch(box.url + filled(path), { method })
      expect([id, bare.status]).toEqual([id, 401])
      const lesser = roles[roles.indexOf(role) - 1]
      if (lesser) expect([id, await asked(await tokenFor(lesser, null), method, filled(path))]).toEqual([id, 403]) // prettier-ignore
    }
  })

  it('keeps to the sites of its caller', async () => {
    const strayed: unknown[] = []
    for (const operation of await operations()) {
      const token = await tokenFor(operation.role === 'open' ? 'viewer' : operation.role, ['north'])
      const answer = await held(operation, scopes[operation.id]!, token)
      if (answer !== true) strayed.push([operation.id, answer])
    }
    expect(strayed).toEqual([])
  })
})

/** Whether the operation keeps to its scope; what it answered instead, if not. */
async function held(operation: Operation, scope: Scope, token: string): Promise<unknown> {
  const { method, path } = operation
  const call = async (at: string, body?: unknown) => box.api(method, at, body, token)
  const refused = async (at: string, body: unknown, ...codes: string[]): Promise<unknown> => {
    const answer = await call(at, body)
    return codes.includes(answer.body?.code as string) ? true : answer
  }
  switch (scope.kind) {
    case 'device':
      return refused(filled(path) + (scope.query ?? ''), scope.body, 'no_such_device')
    case 'refusesDevice':
      return refused(scope.path, scope.body, 'no_such_device')
    case 'site':
      return refused(filled(path), scope.body, 'no_such_site')
    case 'everySite':
      return refused((scope.path ?? path) + (scope.query ?? ''), scope.body, 'wrong_site')
    case 'belongings': {
      const id = encodeURIComponent(scope.of === 'alarm' ? alarm : quarantined)
      return refused(path.replace('{id}', id), scope.body, 'no_such_alarm', 'no_such_entry')
    }
    case 'filtered': {
      const at = path + (scope.query ?? '')
      const marker = JSON.stringify(scope.marker ?? 's1')
      const [all, own] = [await box.api(method, at), await call(at)]
      const shown = [all, own].map(({ status, body }) => status === 200 && JSON.stringify(body).includes(marker)) // prettier-ignore
      return own.status === 200 && shown[0] === true && shown[1] === false ? true : { all, own }
    }
    case 'shared':
    case 'tested':
      return true
  }
}

describe('people', () => {
  it('may do what their role says, at their sites and nowhere else', async () => {
    const operator = await tokenFor('operator', ['north'])
    const order = { name: 'blink' }
    expect(await asked(operator, 'POST', '/v1/devices/n1/commands', order)).toBe(201)
    expect(await asked(operator, 'POST', '/v1/devices/s1/commands', order)).toBe(404)
    const admin = await tokenFor('admin', ['north'])
    const csv = 'thing,trade,type,site\nn2,plant,motor,north\ns1,plant,motor,north\ns2,plant,motor,south\nx,plant,motor,\n' // prettier-ignore
    const { body } = await box.api('POST', '/v1/devices/import', { csv, dryRun: true }, admin)
    expect(body).toMatchObject({ registered: 1, errors: [{ line: 3 }, { line: 4 }, { line: 5 }] })
    const table = await fetch(`${box.url}/v1/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'text/csv' },
      body: `device,measure,ts,value\ns1,temperature,${Date.now() - 60_000},20\n`,
    })
    expect(await table.json()).toMatchObject({ faults: [{ row: 1 }] })
    const counts = (await box.api('GET', '/v1/status/counts', undefined, admin)).body as Record<
      string,
      number
    >
    expect(counts).toMatchObject({ devices: 1, suspended: 0, retired: 0 })
    expect(await asked(admin, 'PUT', '/v1/devices/n1', { trade: 'plant', type: 'motor', site: 'south' })).toBe(403) // prettier-ignore
  })

  it('log in with a password, and are out at once when removed', async () => {
    const ada = { role: 'operator', sites: ['north'], password: 'correct horse battery' }
    expect((await box.api('PUT', '/v1/users/ada', ada)).body).not.toHaveProperty('password')
    const login = (password: string) => box.api('POST', '/v1/sessions', { name: 'ada', password })
    expect((await login('wrong')).body.code).toBe('wrong_login')
    const { token } = (await login(ada.password)).body as { token: string }
    expect((await box.api('GET', '/v1/me', undefined, token)).body).toEqual({ name: 'ada', role: 'operator', sites: ['north'] }) // prettier-ignore
    await box.api('DELETE', '/v1/users/ada')
    expect(await asked(token, 'GET', '/v1/me')).toBe(401)
  })

  it('have tokens that end when revoked, over a restart too, and are nowhere in clear', async () => {
    const token = await tokenFor('admin', null)
    const [kept, ended] = [token, await box.api('POST', '/v1/tokens', { name: 'x', role: 'admin' })]
    await box.api('DELETE', `/v1/tokens/${ended.body.view.id as string}`)
    await box.restart()
    expect(await asked(kept, 'GET', '/v1/users')).toBe(200)
    expect(await asked(`${kept.slice(0, -1)}${kept.endsWith('A') ? 'B' : 'A'}`, 'GET', '/v1/users')).toBe(401)
    expect(await asked(ended.body.token as string, 'GET', '/v1/users')).toBe(401)
    const secret = token.split('_').slice(2).join('_')
    for (const file of ['devices.db', 'devices.db-wal', 'book.db', 'book.db-wal']) {
      const bytes = readFileSync(join(box.dir, file), { flag: 'a+' })
      expect(bytes.includes(secret)).toBe(false)
      expect(bytes.includes('correct horse')).toBe(false)
    }
  })

  it('leave a line in the audit log that is on disk before the answer, and that nobody can change', async () => {
    await box.api('PUT', '/v1/types/audited', { trade: 'plant', measures: {} })
    const { DatabaseSync } = await import('node:sqlite')
    const db = new DatabaseSync(join(box.dir, 'book.db'))
    const lines = db
      .prepare(`SELECT actor FROM audit WHERE action = 'type.put' AND subject = 'audited'`)
      .all()
    expect(lines).toEqual([{ actor: 'box' }])
    expect(() => db.exec('DELETE FROM audit')).toThrow('never shortened')
    expect(() => db.exec(`UPDATE audit SET actor = 'eve'`)).toThrow('never changed')
    db.close()
    const by = (await box.api('GET', '/v1/audit?actor=box&action=token.create&limit=1')).body.items
    expect(by).toMatchObject([{ actor: 'box', action: 'token.create' }])
  })
})

describe('people of an OpenID provider', () => {
  let provider: Server
  let issuer: string
  let asks = 0
  let token: (claims: JWTPayload, expires?: string) => Promise<string>
  beforeAll(async () => {
    const keys = await generateKeyPair('ES256')
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
    provider = createServer((request, response) => {
      asks++
      const { url } = request
      if (url === '/.well-known/openid-configuration')
        response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` })) // prettier-ignore
      else if (url === '/keys') response.end(JSON.stringify({ keys: [jwk] }))
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
    issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
    const settings = { issuer, audience: 'telltale', roleClaim: 'groups', roles: { staff: 'operator' }, sitesClaim: 'sites', allSites: '*' } // prettier-ignore
    writeFileSync(join(box.dir, 'oidc.json'), JSON.stringify(settings))
    token = (claims, expires = '5m') =>
      new SignJWT({ groups: ['staff'], ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setIssuer(issuer)
        .setAudience('telltale')
        .setSubject('42')
        .setExpirationTime(expires)
        .sign(keys.privateKey)
  })
  afterAll(() => provider.close())

  it('may do what their groups say, at their sites, under a name of their own kind', async () => {
    const ada = await token({ email: 'ada@x.example', sites: ['north'] })
    expect((await box.api('GET', '/v1/me', undefined, ada)).body).toEqual({ name: 'oidc:ada@x.example', role: 'operator', sites: ['north'] }) // prettier-ignore
    expect(await asked(ada, 'GET', '/v1/devices/n1')).toBe(200)
    expect(await asked(ada, 'GET', '/v1/devices/s1')).toBe(404)
    expect(await asked(ada, 'GET', '/v1/users')).toBe(403)
    expect(await asked(await token({ groups: ['guests'] }), 'GET', '/v1/me')).toBe(401)
    expect(await asked(await token({}, '-5m'), 'GET', '/v1/me')).toBe(401)
  })

  it('do not make the box ask their provider with every token that a stranger invents', async () => {
    const before = asks
    for (let i = 0; i < 20; i++) expect(await asked(`a.${i}.c`, 'GET', '/v1/me')).toBe(401)
    expect(asks).toBe(before)
  })
})
