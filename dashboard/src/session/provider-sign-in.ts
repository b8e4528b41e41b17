import { call } from '../api/client.ts'
import { asProblem, Problem } from '../api/problem.ts'
import { nameOf, type Provider } from './page-config.ts'
import { keepRenewed } from './renewal.ts'
import { asksAnew, signIn, signInAnew } from './session.ts'
import { askTokens, claimsOf } from './token-endpoint.ts'

const VERIFIER = 'telltale.verifier'
const STATE = 'telltale.state'
/** Where in the page somebody wanted to go. */
const WANTED = 'telltale.wanted'

const here = (): string => `${location.origin}${location.pathname}`
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)))

/** Leaves for the provider's page: authorization code with PKCE (RFC 7636). */
export async function goSignIn({ authorize, client, scope }: Provider): Promise<void> {
  const verifier = random()
  const state = random()
  sessionStorage.setItem(VERIFIER, verifier)
  sessionStorage.setItem(STATE, state)
  sessionStorage.setItem(WANTED, location.hash)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const address = new URL(authorize) // RFC 6749 section 3.1: it may have a query of its own
  const query = {
    response_type: 'code',
    client_id: client,
    redirect_uri: here(),
    scope,
    state,
    code_challenge_method: 'S256',
    code_challenge: base64url(new Uint8Array(digest)),
    ...(asksAnew() && { prompt: 'login' }),
  }
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  location.assign(address)
}

/** What the provider sent back with somebody: a code, or why there is none. */
export interface SignInAnswer {
  code: string | null
  error: string | null
  description: string | null
  /** Null unless this tab asked for it. */
  verifier: string | null
}

/** Takes the provider's answer out of the address, where it must not stay; null where there is none. */
export function takeAnswer(): SignInAnswer | null {
  const query = new URLSearchParams(location.search)
  const [code, error] = [query.get('code'), query.get('error')]
  if (code === null && error === null) return null
  const isOurs = query.has('state') && query.get('state') === sessionStorage.getItem(STATE)
  const verifier = isOurs ? sessionStorage.getItem(VERIFIER) : null
  history.replaceState(null, '', location.pathname + (sessionStorage.getItem(WANTED) ?? location.hash))
  dispatchEvent(new HashChangeEvent('hashchange'))
  for (const key of [VERIFIER, STATE, WANTED]) sessionStorage.removeItem(key)
  return { code, error, description: query.get('error_description'), verifier }
}

/** Back from the provider: the code becomes a session. Throws a Problem where it does not. */
export async function finishSignIn(provider: Provider | undefined, answer: SignInAnswer): Promise<void> {
  const { code, error, description, verifier } = answer
  if (verifier === null)
    throw new Problem('foreign_answer', 0, 'this sign-in was refused', 'this tab did not ask for it')
  if (!provider)
    throw new Problem(
      'provider_unreachable',
      0,
      'the sign-in was not finished',
      'the provider does not answer',
    )
  if (code === null) {
    const why = description ?? (error === 'access_denied' ? 'it was cancelled or refused there' : error)
    throw new Problem('provider_refused', 0, `${nameOf(provider)} did not sign you in`, why ?? '')
  }
  const tokens = await askTokens(provider, {
    grant_type: 'authorization_code',
    redirect_uri: here(),
    code,
    code_verifier: verifier,
  })
  await checkAccess(provider, tokens.bearer)
  signIn(tokens.bearer)
  keepRenewed(tokens)
}

/** Whom the provider knows is not yet somebody here: that takes a role. */
async function checkAccess(provider: Provider, token: string): Promise<void> {
  try {
    await call('/v1/me', { headers: { authorization: `Bearer ${token}` } })
  } catch (error) {
    const { code, status } = asProblem(error)
    if (code === 'no_such_path') return
    if (status !== 401 && status !== 403) throw error
    signInAnew()
    const { email, preferred_username, sub } = claimsOf(token)
    const name = [email, preferred_username, sub].find((claim) => typeof claim === 'string')
    const who = typeof name === 'string' ? `${nameOf(provider)} knows you as ${name}` : `${nameOf(provider)} knows you` // prettier-ignore
    throw new Problem('no_access', status, 'you have no role here', `${who}, but that gives no access to this installation`) // prettier-ignore
  }
}
