// Answers of the API are read as they come.
/* oxlint-disable typescript/no-unsafe-member-access, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-argument, typescript/no-unsafe-return, typescript/no-explicit-any */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDeviceBox, type DeviceBox } from './device-box.ts'

let box: DeviceBox
beforeAll(async () => {
  box = await startDeviceBox()
  for (const [thing, site] of [
    ['n1', 'north'],
    ['s1', 'south'],
  ] as const)
    await box.devices.put(
      { thing, site, trade: 'plant', type: 'motor', status: 'active', attributes: {} },
      'test',
    )
})
afterAll(() => box.close())

const tokenFor = async (role: string, sites: string[] | null): Promise<string> =>
  (await box.api('POST', '/v1/tokens', { name: `${role}-machine`, role, sites })).body.token as string
const asked = async (token: string, method: string, path: string, body?: unknown): Promise<number> =>
  (await box.api(method, path, body, token)).status

describe('people', () => {
  it('may do what their role says, at their sites and nowhere else', async () => {
    const viewer = await tokenFor('viewer', ['north'])
    const operator = await tokenFor('operator', ['north'])
    const admin = await tokenFor('admin', ['north'])
    const order = { name: 'blink' }
    expect(await asked(viewer, 'GET', '/v1/devices/n1')).toBe(200)
    expect(await asked(viewer, 'GET', '/v1/devices/s1')).toBe(404)
    expect(await asked(viewer, 'POST', '/v1/devices/n1/commands', order)).toBe(403)
    expect(await asked(viewer, 'POST', '/v1/devices/s1/commands', order)).toBe(403)
    expect(await asked(operator, 'POST', '/v1/devices/n1/commands', order)).toBe(201)
    expect(await asked(operator, 'POST', '/v1/devices/s1/commands', order)).toBe(404)
    expect(await asked(operator, 'GET', '/v1/devices/s1/shadow')).toBe(404)
    expect(await asked(operator, 'POST', '/v1/devices/s1/shadow', { state: {} })).toBe(404)
    expect(await asked(operator, 'POST', '/v1/devices/n1/credentials/rotate', {})).toBe(403)
    expect(await asked(admin, 'POST', '/v1/devices/s1/credentials/rotate', {})).toBe(404)
    for (const [method, path, body] of [
      ['GET', '/v1/users'],
      ['PUT', '/v1/users/me', { role: 'admin', password: 'long enough password' }],
      ['POST', '/v1/tokens', { name: 'x', role: 'admin' }],
      ['GET', '/v1/audit'],
      ['POST', '/v1/jobs', { id: 'j', document: {}, things: ['s1'] }],
      ['POST', '/v1/provisioning/claims', { name: 'c', template: 't' }],
    ] as const)
      expect([path, await asked(admin, method, path, body)]).toEqual([path, 403])
  })

  it('log in with a password, and are out at once when removed', async () => {
    const ada = { role: 'operator', sites: ['north'], password: 'correct horse battery' }
    expect((await box.api('PUT', '/v1/users/ada', ada)).body).not.toHaveProperty('password')
    const login = (password: string) => box.api('POST', '/v1/sessions', { name: 'ada', password })
    expect((await login('wrong')).body.code).toBe('wrong_login')
    const { token } = (await login(ada.password)).body as { token: string }
    expect((await box.api('GET', '/v1/me', undefined, token)).body).toEqual({ name: 'ada', role: 'operator', sites: ['north'] }) // prettier-ignore
    await box.api('PUT', '/v1/users/ada', { role: 'viewer', sites: ['north'] })
    expect((await box.api('GET', '/v1/me', undefined, token)).body.role).toBe('viewer')
    await box.api('DELETE', '/v1/users/ada')
    expect(await asked(token, 'GET', '/v1/me')).toBe(401)
    expect((await login(ada.password)).status).toBe(401)
  })

  it('have tokens that end when revoked, over a restart too, and are nowhere in clear', async () => {
    const token = await tokenFor('admin', null)
    const id = token.split('_')[1]!
    expect(await asked(token, 'GET', '/v1/users')).toBe(200)
    await box.restart()
    expect(await asked(token, 'GET', '/v1/users')).toBe(200)
    expect(await asked(`${token.slice(0, -1)}A`, 'GET', '/v1/users')).toBe(401)
    await box.api('DELETE', `/v1/tokens/${id}`)
    expect(await asked(token, 'GET', '/v1/users')).toBe(401)
    await box.restart()
    expect(await asked(token, 'GET', '/v1/users')).toBe(401)
    const secret = token.split('_').slice(2).join('_')
    for (const file of ['devices.db', 'devices.db-wal', 'book.db']) {
      const bytes = readFileSync(join(box.dir, file), { flag: 'a+' })
      expect(bytes.includes(secret)).toBe(false)
      expect(bytes.includes('correct horse')).toBe(false)
    }
  })
})
