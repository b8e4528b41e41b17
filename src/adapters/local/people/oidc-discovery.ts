const PATIENCE_MS = 10_000

/** What a provider says about itself: OpenID Connect Discovery 1.0, section 3. */
export interface Discovered {
  keys: string
  authorize: string | undefined
  token: string | undefined
}

/** Asks an issuer for its addresses; throws with a sentence if it does not answer or answers for another. */
export async function discover(issuer: string): Promise<Discovered> {
  const url = trustworthy(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`).href
  const said = await ask(url)
  const keys = textOf(said['jwks_uri'])
  if (keys === undefined || said['issuer'] !== issuer)
    throw new Error(`${url} does not describe the issuer ${issuer}`)
  return {
    keys,
    authorize: textOf(said['authorization_endpoint']),
    token: textOf(said['token_endpoint']),
  }
}

/** Whoever can change what comes from there can be anybody: it comes over TLS, or from this machine. */
export function trustworthy(address: string): URL {
  const url = new URL(address)
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isHere)) return url
  throw new Error(`${address} must be https`)
}

async function ask(url: string): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (!response.ok) throw new Error(`status ${response.status}`)
    const said: unknown = await response.json()
    return typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {}
  } catch (error) {
    const { message, cause } = error as Error
    const why = cause instanceof Error && cause.message !== '' ? cause.message : message
    throw new Error(`${url} does not answer: ${why}`, { cause: error })
  }
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
