import { describe, expect, it } from 'vitest'
import { makeToken, type Fetch, type TokenRequest } from '../../lambdas/hot-store-token/make-token.ts'

interface Asked {
  method: string
  path: string
  body: unknown
}

/** Answers as InfluxDB 2 documents its sign-in, organization, bucket and authorization endpoints. */
function influx(state: { buckets: object[]; authorizations: object[] }) {
  const asked: Asked[] = []
  const answers: Record<string, () => unknown> = {
    'GET /api/v2/orgs': () => ({ orgs: [{ id: 'org1', name: 'telltale' }] }),
    'GET /api/v2/buckets': () => ({ buckets: state.buckets }),
    'POST /api/v2/buckets': () => ({ id: 'new-bucket' }),
    'PATCH /api/v2/buckets/b1': () => ({ id: 'b1' }),
    'GET /api/v2/dbrps': () => ({ content: [] }),
    'POST /api/v2/dbrps': () => ({ id: 'd1' }),
    'GET /api/v2/authorizations': () => ({ authorizations: state.authorizations }),
    'POST /api/v2/authorizations': () => ({ id: 'a9', token: 'secret-token' }),
  }
  const fetch: Fetch = (url, init) => {
    const { pathname } = new URL(url)
    const method = init.method ?? 'GET'
    const headers = new Headers(init.headers)
    if (pathname === '/api/v2/signin') {
      const right = headers.get('authorization') === `Basic ${btoa('telltale:pw')}`
      return Promise.resolve(
        new Response(null, {
          status: right ? 204 : 401,
          headers: right ? { 'set-cookie': 'influxdb-oss-session=s1; Path=/api/; HttpOnly' } : {},
        }),
      )
    }
    if (headers.get('cookie') !== 'influxdb-oss-session=s1')
      return Promise.resolve(new Response('', { status: 401 }))
    asked.push({
      method,
      path: pathname,
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : null,
    })
    const answer = answers[`${method} ${pathname}`]
    if (method === 'DELETE') return Promise.resolve(new Response(null, { status: 204 }))
    return Promise.resolve(answer ? Response.json(answer()) : new Response('', { status: 404 }))
  }
  return { fetch, asked }
}

const request = (kept: string[], over: Partial<TokenRequest> = {}): TokenRequest => ({
  url: 'https://hot.example:8086',
  username: 'telltale',
  password: 'pw',
  org: 'telltale',
  bucket: 'telltale',
  retentionDays: 30,
  keep: (token) => {
    kept.push(token)
    return Promise.resolve()
  },
  ...over,
})

describe('makeToken', () => {
  it('sets the retention and keeps a token that may use this bucket alone', async () => {
    const { fetch, asked } = influx({ buckets: [{ id: 'b1' }], authorizations: [] })
    const kept: string[] = []
    await makeToken(request(kept), fetch)
    expect(kept).toEqual(['secret-token'])
    expect(asked.find((a) => a.method === 'PATCH')?.body).toEqual({
      retentionRules: [{ type: 'expire', everySeconds: 2_592_000 }],
    })
    const made = asked.find((a) => a.path === '/api/v2/authorizations' && a.method === 'POST')?.body as {
      permissions: { resource: object }[]
    }
    expect(made.permissions.map((p) => p.resource)).toEqual([
      { type: 'buckets', id: 'b1', orgID: 'org1' },
      { type: 'buckets', id: 'b1', orgID: 'org1' },
    ])
  })

  it('maps the bucket to a database of its name, for InfluxQL', async () => {
    const { fetch, asked } = influx({ buckets: [{ id: 'b1' }], authorizations: [] })
    await makeToken(request([]), fetch)
    expect(asked.find((a) => a.path === '/api/v2/dbrps' && a.method === 'POST')?.body).toMatchObject({
      bucketID: 'b1',
      database: 'telltale',
    })
  })

  it('makes the bucket where there is none', async () => {
    const { fetch, asked } = influx({ buckets: [], authorizations: [] })
    await makeToken(request([]), fetch)
    expect(asked.some((a) => a.method === 'POST' && a.path === '/api/v2/buckets')).toBe(true)
  })

  it('drops its own old tokens after the new one is kept, and nobody else’s', async () => {
    const { fetch, asked } = influx({
      buckets: [{ id: 'b1' }],
      authorizations: [
        { id: 'old', description: 'telltale store and hotquery' },
        { id: 'ada', description: 'grafana' },
      ],
    })
    await makeToken(request([]), fetch)
    expect(asked.filter((a) => a.method === 'DELETE').map((a) => a.path)).toEqual([
      '/api/v2/authorizations/old',
    ])

    const refused = influx({
      buckets: [{ id: 'b1' }],
      authorizations: [{ id: 'old', description: 'telltale store and hotquery' }],
    })
    const keep = (): Promise<void> => Promise.reject(new Error('secret not writable'))
    await expect(makeToken(request([], { keep }), refused.fetch)).rejects.toThrow('secret not writable')
    expect(refused.asked.filter((a) => a.method === 'DELETE')).toEqual([])
  })

  it('says that the sign-in was refused, without the password', async () => {
    const { fetch } = influx({ buckets: [], authorizations: [] })
    await expect(makeToken(request([], { password: 'wrong' }), fetch)).rejects.toThrow(
      /^InfluxDB refused to sign in: 401$/,
    )
  })
})
