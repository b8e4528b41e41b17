/** The parts of `fetch` that this needs, so that a test can stand in for InfluxDB. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface TokenRequest {
  url: string
  username: string
  password: string
  org: string
  bucket: string
  retentionDays: number
  /** Keeps the new token where functions read it. Old tokens are dropped only after that. */
  keep: (token: string) => Promise<void>
}

/** How our tokens are told from those that people have made. */
const DESCRIPTION = 'telltale store and hotquery'
const SECONDS_A_DAY = 86_400

/**
 * Makes an InfluxDB 2 ready for `store` and `hotquery`: the bucket with its retention, and a token that may read and
 * write that bucket alone. Doing it again rotates the token. Timestream for InfluxDB keeps only the password that the
 * instance was made with, and takes it for a session, not for data.
 */
export async function makeToken(request: TokenRequest, fetch: Fetch): Promise<void> {
  const call = await session(request, fetch)
  const orgID = idOf(
    await call('GET', `/api/v2/orgs?org=${encodeURIComponent(request.org)}`),
    'orgs',
    request.org,
  )
  const bucketID = await readyBucket(request, orgID, call)
  await mapDatabase(request.bucket, orgID, bucketID, call)
  const old = listOf(await call('GET', `/api/v2/authorizations?orgID=${orgID}`), 'authorizations').filter(
    (authorization) => authorization['description'] === DESCRIPTION,
  )
  const resource = { type: 'buckets', id: bucketID, orgID }
  const made = await call('POST', '/api/v2/authorizations', {
    orgID,
    description: DESCRIPTION,
    permissions: ['read', 'write'].map((action) => ({ action, resource })),
  })
  const token = isObject(made) ? made['token'] : undefined
  if (typeof token !== 'string') throw new Error('InfluxDB made an authorization without a token')
  await request.keep(token)
  for (const authorization of old)
    await call('DELETE', `/api/v2/authorizations/${String(authorization['id'])}`)
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>

async function session({ url, username, password }: TokenRequest, fetch: Fetch): Promise<Call> {
  const basic = Buffer.from(`${username}:${password}`).toString('base64')
  const signin = await fetch(`${url}/api/v2/signin`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
  })
  const cookie = signin.headers.get('set-cookie')?.split(';')[0]
  if (!signin.ok || cookie === undefined) throw new Error(`InfluxDB refused to sign in: ${signin.status}`)
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok)
      throw new Error(`InfluxDB answered ${response.status} to ${method} ${path.split('?')[0]}`)
    const text = await response.text()
    return text === '' ? null : (JSON.parse(text) as unknown)
  }
}

async function readyBucket(request: TokenRequest, orgID: string, call: Call): Promise<string> {
  const retentionRules = [{ type: 'expire', everySeconds: request.retentionDays * SECONDS_A_DAY }]
  const name = encodeURIComponent(request.bucket)
  const found = listOf(await call('GET', `/api/v2/buckets?orgID=${orgID}&name=${name}`), 'buckets')
  if (found.length === 0) {
    const made = await call('POST', '/api/v2/buckets', { orgID, name: request.bucket, retentionRules })
    return String(isObject(made) ? made['id'] : '')
  }
  const id = String(found[0]?.['id'])
  await call('PATCH', `/api/v2/buckets/${id}`, { retentionRules })
  return id
}

/** InfluxQL and the write endpoint of 1.x find the bucket as a database of its name. */
async function mapDatabase(bucket: string, orgID: string, bucketID: string, call: Call): Promise<void> {
  const query = new URLSearchParams({ orgID, db: bucket })
  if (listOf(await call('GET', `/api/v2/dbrps?${query.toString()}`), 'content').length > 0) return
  await call('POST', '/api/v2/dbrps', {
    orgID,
    bucketID,
    database: bucket,
    retention_policy: 'autogen',
    default: true,
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function listOf(answer: unknown, key: string): Record<string, unknown>[] {
  const list = isObject(answer) ? answer[key] : undefined
  return Array.isArray(list) ? list.filter(isObject) : []
}

function idOf(answer: unknown, key: string, name: string): string {
  const id = listOf(answer, key)[0]?.['id']
  if (typeof id !== 'string') throw new Error(`InfluxDB has no ${key.slice(0, -1)} ${name}`)
  return id
}
