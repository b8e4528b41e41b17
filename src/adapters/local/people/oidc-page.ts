import type { ProviderSignIn } from '../../../ports/page-config.ts'
import type { OidcOptions } from './oidc.ts'
import { discover, trustworthy, type Discovered } from './oidc-discovery.ts'

/** Where the page sends people to sign in, as the provider says itself; null where it is not meant to. */
export async function oidcSignIn({ issuer, page }: OidcOptions): Promise<ProviderSignIn | null> {
  if (!page) return null
  const { authorize, token } = await discover(issuer)
  return {
    authorize: endpoint({ authorize }, issuer),
    token: endpoint({ token }, issuer),
    client: page.client,
    scope: page.scope ?? 'openid email',
    bearer: page.bearer ?? 'id',
    host: new URL(issuer).host,
  }
}

function endpoint(named: Partial<Discovered>, issuer: string): string {
  const [[name, address] = []] = Object.entries(named)
  if (address === undefined)
    throw new Error(`${issuer} names no ${name} endpoint, so the page cannot sign people in`)
  return trustworthy(address).href
}
