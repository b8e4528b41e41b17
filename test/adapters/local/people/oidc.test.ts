import type { webcrypto } from 'node:crypto'
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { oidcAccounts, type OidcOptions } from '../../../../src/adapters/local/people/oidc.ts'

const options: OidcOptions = {
  issuer: 'https://login.example',
  audience: 'telltale',
  roleClaim: 'groups',
  roles: { 'plant-admins': 'admin', 'plant-staff': 'operator' },
  sitesClaim: 'sites',
  allSites: '*',
}

let authenticate: Awaited<ReturnType<typeof oidcAccounts>>
let keys: webcrypto.CryptoKeyPair
let keySet: ReturnType<typeof createLocalJWKSet>
beforeAll(async () => {
  keys = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256' }
  keySet = createLocalJWKSet({ keys: [jwk] })
  authenticate = await oidcAccounts(options, keySet)
})

const token = (
  payload: JWTPayload,
  over: { issuer?: string; audience?: string | string[]; exp?: string; key?: webcrypto.CryptoKey } = {},
) =>
  new SignJWT({ groups: ['plant-staff'], sites: ['north'], ...payload })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setIssuer(over.issuer ?? options.issuer)
    .setAudience(over.audience ?? options.audience)
    .setSubject('42')
    .setExpirationTime(over.exp ?? '1h')
    .sign(over.key ?? keys.privateKey)

describe('oidcAccounts', () => {
  it('maps groups to the highest role, and sites as they are', async () => {
    expect(await authenticate(await token({ email: 'ada@x.example' }))).toEqual({ name: 'ada@x.example', role: 'operator', sites: ['north'] }) // prettier-ignore
    expect(await authenticate(await token({ groups: ['plant-staff', 'plant-admins'], sites: '*' }))).toEqual({ name: '42', role: 'admin', sites: null }) // prettier-ignore
  })

  it('knows nobody without a role, and shows no site to whom none is given', async () => {
    expect(await authenticate(await token({ groups: ['visitors', '__proto__'] }))).toBeNull()
    expect(await authenticate(await token({ sites: undefined }))).toMatchObject({ sites: [] })
  })

  it('refuses other issuers, audiences, keys, expired and unsigned tokens', async () => {
    const stranger = await generateKeyPair('ES256')
    const unsigned = new UnsecuredJWT({ groups: ['plant-admins'] }).setIssuer(options.issuer).setAudience(options.audience).setSubject('42').setExpirationTime('1h').encode() // prettier-ignore
    for (const bad of [
      await token({}, { issuer: 'https://evil.example' }),
      await token({}, { audience: 'other' }),
      await token({}, { exp: '-1h' }),
      await token({}, { key: stranger.privateKey }),
      unsigned,
      'a.b.c',
      'x',
    ])
      expect(await authenticate(bad)).toBeNull()
  })

  describe('with a page', () => {
    const page = { client: 'telltale-page' }
    const known = async (given: OidcOptions['page'], audience: string | string[], azp?: string) =>
      (await (
        await oidcAccounts({ ...options, ...(given && { page: given }) }, keySet)
      )(await token({ ...(azp !== undefined && { azp }) }, { audience }))) !== null

    it('takes ID tokens that were given to its client, besides those for the audience', async () => {
      expect(await known(undefined, 'telltale-page')).toBe(false)
      expect(await known(page, 'telltale-page')).toBe(true)
      expect(await known(page, 'telltale-page', 'telltale-page')).toBe(true)
      expect(await known(page, ['telltale-page', 'account'], 'telltale-page')).toBe(true)
      expect(await known(page, 'telltale')).toBe(true)
      expect(await known(page, ['telltale', 'account'], 'other-client')).toBe(true)
    })

    it('refuses those that were given to another client, or for nobody here', async () => {
      expect(await known(page, 'other')).toBe(false)
      expect(await known(page, 'other', 'telltale-page')).toBe(false)
      expect(await known(page, 'telltale-page', 'other-client')).toBe(false)
      expect(await known(page, ['telltale-page', 'other-client'])).toBe(false)
    })

    it('takes only the audience where the page sends access tokens', async () => {
      expect(await known({ ...page, bearer: 'access' }, 'telltale-page')).toBe(false)
      expect(await known({ ...page, bearer: 'access' }, 'telltale', 'telltale-page')).toBe(true)
    })

    it('refuses other issuers, keys, expired and symmetric tokens all the same', async () => {
      const admit = await oidcAccounts({ ...options, page }, keySet)
      const stranger = await generateKeyPair('ES256')
      const audience = page.client
      const symmetric = await new SignJWT({ groups: ['plant-admins'] }).setProtectedHeader({ alg: 'HS256' }).setIssuer(options.issuer).setAudience(audience).setSubject('42').setExpirationTime('1h').sign(new TextEncoder().encode(page.client.repeat(4))) // prettier-ignore
      for (const bad of [
        await token({}, { audience, issuer: 'https://evil.example' }),
        await token({}, { audience, exp: '-1h' }),
        await token({}, { audience, key: stranger.privateKey }),
        symmetric,
      ])
        expect(await admit(bad)).toBeNull()
    })
  })
})
