import { Problem } from '../api/problem.ts'
import { nameOf, type Provider } from './page-config.ts'

export interface Tokens {
  /** The one that the API takes. */
  bearer: string
  /** Brings fresh tokens; a provider may give another one with every renewal. */
  refresh: string | undefined
  livesS: number
}

/** RFC 6749 section 5. */
interface Answer {
  id_token?: string
  access_token?: string
  refresh_token?: string
  expires_in?: number
  error?: string
  error_description?: string
}

/** Where nothing says how long a token lives. */
const LIVES_S = 3600

/** Trades a code or a refresh token for tokens; throws a Problem, with the status of a refusal. */
export async function askTokens(provider: Provider, grant: Record<string, string>): Promise<Tokens> {
  const title = `${nameOf(provider)} gave no token`
  const response = await fetch(provider.token, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...grant, client_id: provider.client }),
  }).catch(() => null)
  if (!response)
    throw new Problem('provider_unreachable', 0, title, 'this page could not reach its token endpoint')
  const answer = (await response.json().catch(() => ({}))) as Answer
  if (!response.ok) {
    const why = answer.error_description ?? answer.error ?? `it answered with status ${response.status}`
    throw new Problem('provider_refused', response.status, title, why)
  }
  const bearer = provider.bearer === 'id' ? answer.id_token : answer.access_token
  if (bearer === undefined)
    throw new Problem('provider_refused', 0, title, `its answer has no ${provider.bearer} token`)
  return { bearer, refresh: answer.refresh_token, livesS: livesS(bearer) ?? answer.expires_in ?? LIVES_S }
}

/** By the token itself, whatever this computer's clock shows; expires_in is of the access token. */
function livesS(token: string): number | undefined {
  const { exp, iat } = claimsOf(token)
  return typeof exp === 'number' && typeof iat === 'number' ? exp - iat : undefined
}

/** What a JSON web token says, unverified and for display; nothing if it is none. */
export function claimsOf(token: string): Record<string, unknown> {
  try {
    const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    const bytes = Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
  } catch {
    return {}
  }
}
