import * as fc from 'fast-check'
import * as z from 'zod'
import { describe, expect, it } from 'vitest'
import { problemCodes } from '../../src/api/problem-codes.ts'
import { problemSchema } from '../../src/api/schemas.ts'
import { NOW } from './fixture/memory-ports.ts'
import { apiOver, world } from './fixture/world.ts'

const nasty = fc.oneof(
  fc.constantFrom(
    '',
    '-1',
    '0',
    '1e999',
    'NaN',
    '99999999999999999999',
    "' OR 1=1 --",
    '../../etc/passwd',
    '__proto__',
    '\u0000',
    '%',
    '\uD800',
    String(NOW),
    '2026-11-22T10:00:00Z',
    '-271821-04-20T00:00:00Z',
    'eyJhdCI6MX0',
    'bnVsbA',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer().map(String),
  fc.json({ maxDepth: 2 }).map((text) => Buffer.from(text).toString('base64url')),
)
const names =
  'limit cursor from to measures things site trade status text state severity thing rule reason client action subject kinds after __proto__ x'.split(
    ' ',
  )
const query = fc.array(fc.tuple(fc.constantFrom(...names), nasty), { maxLength: 4 })

const encode = (text: string): string => encodeURIComponent(text.toWellFormed())

async function operations() {
  const { body } = await apiOver(world()).ask('GET /openapi.json')
  return Object.entries(body['paths'] as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  )
}

/** An answer is what the contract promises: a success, or a problem with a code of the table. */
function expectContract(status: number, text: string, type: string | null): void {
  expect(status).toBeLessThan(500)
  if (status < 400) return
  expect(type).toBe('application/problem+json')
  const { code } = z.strictObject(problemSchema.shape).parse(JSON.parse(text))
  expect(problemCodes).toHaveProperty(code)
}

describe('the API under fuzz', () => {
  it('answers any path and query by its contract, never with a 500', async () => {
    const all = await operations()
    const { app, errors } = apiOver(world())
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), nasty, query, async ({ method, path }, parameter, query) => {
        const url = `${path.replace(/\{\w+\}/, () => encode(parameter) || 'm-1')}?${query
          .map(([name, value]) => `${name}=${encode(value)}`)
          .join('&')}`
        const response = await app.request(url, { method, headers: { authorization: 'Bearer admin' } })
        const stream = response.headers.get('content-type') === 'text/event-stream'
        const text = stream ? (await response.body?.cancel(), '') : await response.text()
        expectContract(response.status, text, response.headers.get('content-type'))
      }),
      { numRuns: 800, seed: 7 },
    )
    expect(errors).toEqual([])
  })

  it('answers any body by its contract, never with a 500', async () => {
    const targets = ['PUT /v1/devices/m-1', 'PUT /v1/types/t', 'POST /v1/quarantine/1/replay']
    const field = fc.constantFrom(
      'trade',
      'type',
      'measures',
      'attributes',
      'payload',
      'payloadBase64',
      'location',
    )
    const body = fc.oneof(fc.jsonValue(), fc.dictionary(field, fc.jsonValue()), fc.string())
    const { ask, errors } = apiOver(world())
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...targets), body, async (target, body) => {
        const { status, text, headers } = await ask(target, { body })
        expectContract(status, text, headers.get('content-type'))
        expect(errors).toEqual([])
      }),
      { numRuns: 250, seed: 7 },
    )
  })

  it('gives nothing to a caller without a token, whatever is asked', async () => {
    const w = world()
    const { ask } = apiOver(w)
    for (const { method, path } of await operations()) {
      const { status, body } = await ask(`${method} ${path.replaceAll(/\{\w+\}/g, '1')}`, {
        token: null,
      })
      expect([path, path === '/v1/health' ? body : status]).toEqual([
        path,
        path === '/v1/health' ? { status: 'ok' } : 401,
      ])
    }
    expect([w.audit, w.submitted]).toEqual([[], []])
  })
})
