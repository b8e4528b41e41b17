import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'

export interface OpenIdProvider {
  issuer: string
  /** Kinds of grant in the order in which its token endpoint gave tokens. */
  grants: string[]
  /** The queries with which people were sent to it. */
  asked: URLSearchParams[]
  close(): Promise<void>
}

export interface ProviderOptions {
  client: string
  /** By the name that a person gives: what their ID token says. */
  people: Readonly<Record<string, JWTPayload>>
  /** Origins that may call its token endpoint. */
  origins: readonly string[]
  port?: number
}

interface Given {
  name: string
  challenge: string
  redirect: string
}

/** An OpenID provider for public clients: discovery, keys, a page that asks who it is, and tokens for a code with PKCE. */
export async function openIdProvider(options: ProviderOptions): Promise<OpenIdProvider> {
  const { client, people, origins, port = 0 } = options
  const keys = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const codes = new Map<string, Given>()
  const refreshes = new Map<string, string>()
  const grants: string[] = []
  const asked: URLSearchParams[] = []
  let issuer = ''

  function askWho(query: URLSearchParams, response: ServerResponse): void {
    asked.push(query)
    const hidden = [...query].map(([name, value]) => `<input type="hidden" name="${name}" value="${encodeURI(value)}">`) // prettier-ignore
    response.setHeader('content-type', 'text/html')
      .end(`<!doctype html><title>Sign in</title><form action="/consent">
      ${hidden.join('')}<label>Who are you? <input name="name"></label>
      <button name="consent" value="yes">Allow</button><button name="consent" value="no">Deny</button></form>`)
  }

  function sendBack(query: URLSearchParams, response: ServerResponse): void {
    const redirect = query.get('redirect_uri') ?? ''
    const back = new URL(redirect)
    back.searchParams.set('state', query.get('state') ?? '')
    if (query.get('consent') === 'yes') {
      const code = randomUUID()
      codes.set(code, {
        name: query.get('name') ?? '',
        challenge: query.get('code_challenge') ?? '',
        redirect,
      })
      back.searchParams.set('code', code)
    } else back.searchParams.set('error', 'access_denied')
    response.writeHead(302, { location: back.href }).end()
  }

  /** RFC 7636 section 4.6; a refresh token is good for once. */
  function nameFor(form: URLSearchParams): string | null {
    const [code, refresh] = [form.get('code') ?? '', form.get('refresh_token') ?? '']
    const given = codes.get(code)
    const name = refreshes.get(refresh)
    codes.delete(code)
    refreshes.delete(refresh)
    if (form.get('client_id') !== client) return null
    if (form.get('grant_type') === 'refresh_token') return name ?? null
    const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') // prettier-ignore
    return given && proof === given.challenge && form.get('redirect_uri') === given.redirect
      ? given.name
      : null
  }

  async function giveTokens(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const name = nameFor(form)
    response.setHeader('content-type', 'application/json')
    if (name === null) return void response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant' }))
    grants.push(form.get('grant_type') ?? '')
    const refresh = randomUUID()
    refreshes.set(refresh, name)
    const id = await new SignJWT({ azp: client, ...people[name] })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(issuer)
      .setAudience(client)
      .setSubject(name)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(keys.privateKey)
    const answer = { id_token: id, access_token: randomUUID(), refresh_token: refresh, expires_in: 300 }
    response.end(JSON.stringify(answer))
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
    const { origin } = request.headers
    if (origin !== undefined && origins.includes(origin))
      response.setHeader('access-control-allow-origin', origin)
    if (pathname === '/.well-known/openid-configuration')
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys`, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` })) // prettier-ignore
    else if (pathname === '/keys') response.end(JSON.stringify({ keys: [jwk] }))
    else if (pathname === '/authorize') askWho(searchParams, response)
    else if (pathname === '/consent') sendBack(searchParams, response)
    else if (pathname === '/token') await giveTokens(new URLSearchParams(await textOf(request)), response)
    else response.writeHead(404).end()
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    grants,
    asked,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string
  return text
}
