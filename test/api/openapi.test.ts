import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { describe, expect, it } from 'vitest'
import { problemCodes } from '../../src/api/problem-codes.ts'
import { apiOver, world } from './fixture/world.ts'

const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()).length(1),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query']),
        required: z.boolean(),
        description: z.string().optional(),
        schema: z.looseObject({}),
      }),
    )
    .optional(),
  requestBody: z
    .looseObject({
      content: z.partialRecord(
        z.enum(['application/json', 'text/csv', 'application/vnd.apache.parquet']),
        z.unknown(),
      ),
    })
    .optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({
      description: z.string().min(1),
      content: z.record(z.string(), z.strictObject({ schema: z.looseObject({}).optional() })).optional(),
    }),
  ),
})

async function document() {
  const { app, ask } = apiOver(world())
  const { body, text } = await ask('GET /openapi.json', { token: null })
  const paths = body['paths'] as Record<string, Record<string, unknown>>
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method,
      ...operationSchema.parse(operation),
    })),
  )
  return { app, body, text, operations }
}

describe('openApiDocument', () => {
  it('is OpenAPI 3.1 with every reference resolved and every component used', async () => {
    const { body, text } = await document()
    expect(body['openapi']).toBe('3.1.0')
    expect(body['info']).toMatchObject({ title: 'Telltale', version: '1.2.3' })
    const { schemas } = body['components'] as { schemas: Record<string, unknown> }
    const used = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]),
    )
    expect(used).toEqual(new Set(Object.keys(schemas)))
    expect(text.match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull()
    expect(text).not.toContain('"$defs"')
  })

  it('holds every route that the app serves under /v1, and no other', async () => {
    const { app, operations } = await document()
    const routed = app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(v1|metrics)/.test(path))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      [...new Set(routed)].sort(),
    )
  })

  it('names every operation once, declares every path parameter, and leaves none to guess', async () => {
    const { operations } = await document()
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, parameters = [] } of operations)
      expect(parameters.filter((p) => p.in === 'path').map(({ name }) => `{${name}}`)).toEqual(
        path.match(/\{\w+\}/g) ?? [],
      )
  })

  it('tells for every operation how it succeeds and how it fails', async () => {
    const { operations } = await document()
    for (const { operationId, responses } of operations) {
      const statuses = Object.keys(responses).map(Number)
      expect([operationId, statuses.some((status) => status < 300)]).toEqual([operationId, true])
      expect([operationId, statuses]).toEqual([operationId, expect.arrayContaining([400, 401, 500])])
      for (const status of statuses.filter((status) => status >= 400))
        expect(Object.keys(responses[String(status)]?.content ?? {})).toEqual(['application/problem+json'])
    }
  })
})

describe('docs/api-errors.md', () => {
  it('lists the codes with their status and sentence, as the table has them', () => {
    const text = readFileSync(new URL('../../docs/api-errors.md', import.meta.url), 'utf8')
    const listed = [...text.matchAll(/^\| `(\w+)`\s*\| (\d+)\s*\| (.*?)\s*\|$/gm)].map(([, ...row]) => row)
    expect(listed).toEqual(
      Object.entries(problemCodes).map(([code, { status, title }]) => [code, String(status), title]),
    )
  })
})
