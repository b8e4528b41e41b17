import { signIn } from './session.ts'

/** How people sign in on AWS: Cognito's hosted page, authorization code with PKCE (RFC 7636). */
interface HostedSignIn {
  signIn: string
  client: string
}

const VERIFIER = 'telltale.verifier'
const STATE = 'telltale.state'

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
export async function finishSignIn({ signIn: host, client }: HostedSignIn): Promise<boolean> {
  const query = new URLSearchParams(location.search)
  const code = query.get('code')
  const verifier = sessionStorage.getItem(VERIFIER)
  if (code === null || verifier === null || query.get('state') !== sessionStorage.getItem(STATE)) return false
  sessionStorage.removeItem(VERIFIER)
  sessionStorage.removeItem(STATE)
  history.replaceState(null, '', location.pathname + location.hash)
  const response = await fetch(`${host}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: client,
      redirect_uri: here(),
      code,
      code_verifier: verifier,
    }),
  })
  if (!response.ok) return false
  const { id_token } = (await response.json()) as { id_token: string }
  signIn(id_token)
  return true
}
