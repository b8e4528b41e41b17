import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'
import type { Account } from '../../../ports/people.ts'
import type { ProviderSignIn } from '../../../ports/page-config.ts'
import { discover, trustworthy } from './oidc-discovery.ts'

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
  /** With it people sign in from the page, as a public client of the provider. */
  page?: Pick<ProviderSignIn, 'client'> & Partial<Pick<ProviderSignIn, 'scope' | 'bearer'>>
}

const settings = z.strictObject({
  issuer: z.url({ error: 'must be an address' }),
  audience: z.string({ error: 'must be a text' }).min(1),
  jwksUri: z.url({ error: 'must be an address' }).optional(),
  roleClaim: z.string({ error: 'must be the name of a claim' }).min(1),
  roles: z.record(z.string(), z.enum(['viewer', 'operator', 'admin'])).optional(),
  sitesClaim: z.string({ error: 'must be the name of a claim' }).min(1),
  allSites: z.string().optional(),
  page: z
    .strictObject({
      client: z.string({ error: 'must be the id of a public client' }).min(1),
      scope: z
        .string()
        .regex(/(^| )openid( |$)/, { error: 'must contain openid' })
        .optional(),
      bearer: z.enum(['id', 'access']).optional(),
    })
    .optional(),
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
  const { issuer } = options
  const key = keys ?? createRemoteJWKSet(trustworthy(options.jwksUri ?? (await discover(issuer)).keys))
  return async (token) => {
    if (token.split('.').length !== 3) return null
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience: audiencesOf(options),
        algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: 30,
      })
      return isForUs(payload, options) ? accountOf(payload, options) : null
    } catch {
      return null
    }
  }
}

/** An ID token names the client that asked for it, so where the page sends ID tokens its client is an audience too. */
const audiencesOf = ({ audience, page }: OidcOptions): string[] =>
  page && page.bearer !== 'access' ? [audience, page.client] : [audience]

/** A token for our client only is ours if it was given to our client: OpenID Connect Core 1.0, section 3.1.3.7. */
function isForUs(payload: JWTPayload, { audience, page }: OidcOptions): boolean {
  const audiences = [payload.aud ?? []].flat()
  if (audiences.includes(audience)) return true
  const party = payload['azp'] ?? (audiences.length === 1 ? audiences[0] : undefined)
  return page !== undefined && party === page.client
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
