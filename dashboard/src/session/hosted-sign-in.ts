import { renew, session, signIn } from './session.ts'

/** How people sign in on AWS: Cognito's hosted page, authorization code with PKCE (RFC 7636). */
interface HostedSignIn {
  signIn: string
  client: string
}
interface Tokens {
  id_token: string
  /** Only with a code; it lives for days and brings fresh tokens. */
  refresh_token?: string
  expires_in: number
}

const VERIFIER = 'telltale.verifier'
const STATE = 'telltale.state'
const REFRESH = 'telltale.refresh'
/** Where in the page somebody wanted to go. */
const WANTED = 'telltale.wanted'
/** A token is renewed this long before it ends. */
const AHEAD_S = 300

/** What config.json says; a box has an empty one. */
export async function hostedSignIn(): Promise<HostedSignIn | null> {
  try {
    const config = (await (await fetch('./config.json')).json()) as Partial<HostedSignIn>
    return config.signIn !== undefined && config.client !== undefined
      ? { signIn: config.signIn, client: config.client }
      : null
  } catch {
    return null
  }
}

const here = (): string => `${location.origin}${location.pathname}`
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)))

export async function goSignIn({ signIn, client }: HostedSignIn): Promise<void> {
  const verifier = random()
  const state = random()
  sessionStorage.setItem(VERIFIER, verifier)
  sessionStorage.setItem(STATE, state)
  sessionStorage.setItem(WANTED, location.hash)
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client,
    redirect_uri: here(),
    scope: 'openid email',
    state,
    code_challenge_method: 'S256',
    code_challenge: base64url(new Uint8Array(digest)),
  })
  location.assign(`${signIn}/oauth2/authorize?${query.toString()}`)
}

/** Back from the hosted page: the code becomes a token. False where there is no code that this tab asked for. */
export async function finishSignIn(hosted: HostedSignIn): Promise<boolean> {
  const query = new URLSearchParams(location.search)
  const code = query.get('code')
  const verifier = sessionStorage.getItem(VERIFIER)
  if (code === null || verifier === null || query.get('state') !== sessionStorage.getItem(STATE)) return false
  sessionStorage.removeItem(VERIFIER)
  sessionStorage.removeItem(STATE)
  history.replaceState(null, '', location.pathname + (sessionStorage.getItem(WANTED) ?? ''))
  dispatchEvent(new HashChangeEvent('hashchange'))
  const tokens = await tokensFor(hosted, {
    grant_type: 'authorization_code',
    redirect_uri: here(),
    code,
    code_verifier: verifier,
  })
  if (!tokens) return false
  signIn(tokens.id_token)
  if (tokens.refresh_token !== undefined) sessionStorage.setItem(REFRESH, tokens.refresh_token)
  renewBefore(hosted, tokens.expires_in)
  return true
}

/** A tab that was reloaded goes on renewing. */
export async function resumeRenewal(): Promise<void> {
  if (sessionStorage.getItem(REFRESH) === null) return
  const hosted = await hostedSignIn()
  if (hosted) await renewNow(hosted)
}

/** Cognito's tokens end after an hour; the page is open all day. */
function renewBefore(hosted: HostedSignIn, expiresInS: number): void {
  setTimeout(() => void renewNow(hosted), Math.max(30, expiresInS - AHEAD_S) * 1000)
}

async function renewNow(hosted: HostedSignIn): Promise<void> {
  const refresh = sessionStorage.getItem(REFRESH)
  if (refresh === null || session.peek() === null) return
  const tokens = await tokensFor(hosted, { grant_type: 'refresh_token', refresh_token: refresh })
  if (tokens) renew(tokens.id_token)
  // Without a network it is tried again soon; a refusal shows as soon as the API refuses the old token.
  renewBefore(hosted, tokens?.expires_in ?? 0)
}

async function tokensFor(
  { signIn: host, client }: HostedSignIn,
  ask: Record<string, string>,
): Promise<Tokens | null> {
  const response = await fetch(`${host}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...ask, client_id: client }),
  }).catch(() => null)
  return response?.ok ? ((await response.json()) as Tokens) : null
}
