import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'
import type { Account } from '../../../ports/people.ts'

/** Whose tokens are taken besides the box's own, and which of their claims say what a person may do. */
export interface OidcOptions {
  issuer: string
  audience: string
  /** Where the issuer's keys are; found by discovery if absent. */
  jwksUri?: string
  /** Claim with the role, or a list of groups that `roles` maps. */
  roleClaim: string
  roles?: Readonly<Record<string, Account['role']>>
  /** Claim with a list of sites; whoever lacks it sees none, unless `allSites` names a value that means all. */
  sitesClaim: string
  allSites?: string
}

const settings = z.strictObject({
  issuer: z.url({ error: 'must be an address' }),
  audience: z.string({ error: 'must be a text' }).min(1),
  jwksUri: z.url({ error: 'must be an address' }).optional(),
  roleClaim: z.string({ error: 'must be the name of a claim' }).min(1),
  roles: z.record(z.string(), z.enum(['viewer', 'operator', 'admin'])).optional(),
  sitesClaim: z.string({ error: 'must be the name of a claim' }).min(1),
  allSites: z.string().optional(),
})

/** What a person has written; throws with what is wrong with it. */
export function parseOidcSettings(text: string): OidcOptions {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw new Error(`it is no JSON: ${(error as Error).message}`)
  }
  const { success, error } = settings.safeParse(given)
  if (!success) throw new Error(error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ')) // prettier-ignore
  return given as OidcOptions
}

const ranks: readonly Account['role'][] = ['viewer', 'operator', 'admin']

/** Verifies JSON web tokens of one OpenID provider: signature, issuer, audience, times; asymmetric algorithms only. */
export async function oidcAccounts(
  options: OidcOptions,
  keys?: JWTVerifyGetKey,
): Promise<(token: string) => Promise<Account | null>> {
  const { issuer, audience } = options
  const key = keys ?? createRemoteJWKSet(trustworthy(options.jwksUri ?? (await discover(issuer))))
  return async (token) => {
    if (token.split('.').length !== 3) return null
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: 30,
      })
      return accountOf(payload, options)
    } catch {
      return null
    }
  }
}

/** Null for a person without a role: whoever can log in at the provider is not yet a user here. */
export function accountOf(payload: JWTPayload, options: OidcOptions): Account | null {
  const granted = texts(payload[options.roleClaim]).flatMap((value) => {
    const role = options.roles ? options.roles[value] : value
    return ranks.includes(role as Account['role']) ? [role as Account['role']] : []
  })
  const role = ranks.findLast((rank) => granted.includes(rank))
  if (!role) return null
  const sites = texts(payload[options.sitesClaim])
  const all = options.allSites !== undefined && sites.includes(options.allSites)
  const named = [payload['email'], payload['preferred_username'], payload.sub].find(
    (claim): claim is string => typeof claim === 'string' && claim !== '',
  )
  return { name: (named ?? 'nameless').slice(0, 128), role, sites: all ? null : sites }
}

const texts = (value: unknown): string[] =>
  (Array.isArray(value)
    ? (value as unknown[])
    : typeof value === 'string'
      ? value.split(/[\s,]+/)
      : []
  ).filter((item): item is string => typeof item === 'string' && item !== '')

/** Whoever can change the keys on their way can be anybody: they come over TLS, or from this machine. */
function trustworthy(address: string): URL {
  const url = new URL(address)
  if (url.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) return url
  throw new Error(`${address} must be https`)
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(issuer: string): Promise<string> {
  const url = trustworthy(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`).href
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  const { jwks_uri, issuer: named } = (await response.json()) as { jwks_uri?: string; issuer?: string }
  if (!jwks_uri || named !== issuer) throw new Error(`${url} does not describe the issuer ${issuer}`)
  return jwks_uri
}
