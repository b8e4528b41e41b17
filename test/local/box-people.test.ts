import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBoxPeople } from '../../local/box-people.ts'
import type { PeopleStore } from '../../src/ports/people.ts'

const store = { users: async () => [], tokens: async () => [] } as unknown as PeopleStore
const settings = { issuer: 'https://login.example.com', audience: 'telltale', roleClaim: 'groups', sitesClaim: 'sites' } // prettier-ignore

let dir: string
let said: string[]
let elapsed: number
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'telltale-people-'))
  said = []
  elapsed = 0
})
afterEach(() => rmSync(dir, { recursive: true }))

async function peopleWith(text: string | null) {
  if (text !== null) writeFileSync(join(dir, 'oidc.json'), text)
  return openBoxPeople({ dir, store, clock: { now: () => 0, elapsed: () => elapsed }, log: (line) => said.push(line) }) // prettier-ignore
}

describe('openBoxPeople', () => {
  it.each([
    ['{', 'it is no JSON'],
    [JSON.stringify({ ...settings, rolesClaim: 'x' }), 'rolesClaim'],
    [JSON.stringify({ ...settings, issuer: undefined }), 'issuer: must be an address'],
    [JSON.stringify({ ...settings, roleClaim: undefined }), 'roleClaim: must be the name of a claim'],
    [JSON.stringify({ ...settings, roles: { staff: 'king' } }), 'roles.staff'],
    [JSON.stringify({ ...settings, page: {} }), 'page.client: must be the id of a public client'],
    [
      JSON.stringify({ ...settings, page: { client: 'c', scope: 'email' } }),
      'page.scope: must contain openid',
    ],
    [JSON.stringify({ ...settings, page: { client: 'c', bearer: 'refresh' } }), 'page.bearer'],
    [JSON.stringify({ ...settings, page: { client: 'c', secret: 's' } }), 'secret'],
  ])('says at the start what is wrong with oidc.json: %s', async (text, why) => {
    const people = await peopleWith(text)
    expect(people.trouble()).toContain(why)
    expect(said.join()).toContain('oidc.json')
    expect(await people.desk.authenticate('a.b.c')).toBeNull()
    expect(await people.signIn()).toBeNull()
  })

  it('has no trouble with a file that is right, or with none, and gets over one that was mended', async () => {
    expect((await peopleWith(null)).trouble()).toBeNull()
    const people = await peopleWith('{')
    writeFileSync(
      join(dir, 'oidc.json'),
      JSON.stringify({ ...settings, jwksUri: 'https://login.example.com/keys' }),
    )
    expect(await people.desk.authenticate('no.such.token')).toBeNull()
    expect(people.trouble()).not.toBeNull()
    elapsed = 31_000
    expect(await people.desk.authenticate('nothing')).toBeNull()
    expect(people.trouble()).toBeNull()
  })

  describe('where people sign in for the page', () => {
    let provider: Server
    let issuer: string
    let answer: (response: ServerResponse) => void
    const described = (over: object = {}) => (response: ServerResponse) =>
      void response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys`, authorization_endpoint: `${issuer}/in?realm=p`, token_endpoint: `${issuer}/token`, ...over })) // prettier-ignore
    beforeEach(async () => {
      answer = described()
      provider = createServer((_, response) => answer(response))
      await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
      issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
    })
    afterEach(() => {
      provider.closeAllConnections()
      provider.close()
    })
    const withPage = async (page: object) => peopleWith(JSON.stringify({ ...settings, issuer, page }))

    it('is what the provider’s discovery document says, and the settings', async () => {
      const { host } = new URL(issuer)
      const addresses = { authorize: `${issuer}/in?realm=p`, token: `${issuer}/token`, host }
      expect(await (await withPage({ client: 'c' })).signIn()).toEqual({ ...addresses, client: 'c', scope: 'openid email', bearer: 'id' }) // prettier-ignore
      const own = { client: 'c', scope: 'openid offline_access', bearer: 'access' }
      expect(await (await withPage(own)).signIn()).toEqual({ ...addresses, ...own })
    })

    it('is nowhere without the setting, and the provider is not asked', async () => {
      answer = () => expect.unreachable('it was asked')
      const people = await peopleWith(JSON.stringify({ ...settings, issuer }))
      expect([await people.signIn(), people.trouble()]).toEqual([null, null])
    })

    it.each([
      ['does not answer: status 502', (response: ServerResponse) => void response.writeHead(502).end()],
      ['does not answer', (response: ServerResponse) => void response.end('<html>')],
      ['does not answer', (response: ServerResponse) => void response.destroy()],
      ['does not describe the issuer', described({ issuer: 'https://other.example' })],
      ['names no token endpoint', described({ token_endpoint: undefined })],
      ['must be https', described({ token_endpoint: 'http://login.example.com/token' })],
      ['must be https', described({ authorization_endpoint: 'javascript:alert(1)' })],
    ])(
      'is not offered while the provider %s, and is once it is well, without a restart',
      async (why, ill) => {
        answer = ill
        const people = await withPage({ client: 'c' })
        expect(await people.signIn()).toBeNull()
        expect(people.trouble()).toContain(why)
        answer = described()
        expect(await people.signIn()).toBeNull()
        elapsed = 31_000
        expect(await people.signIn()).toMatchObject({ token: `${issuer}/token` })
        expect(people.trouble()).toBeNull()
        expect(said).toHaveLength(1)
      },
    )

    it('is not waited for where the provider keeps silent', async () => {
      answer = () => {}
      const people = await withPage({ client: 'c' })
      expect(await people.signIn()).toBeNull()
      expect(people.trouble()).toBeNull()
    })
  })
})
