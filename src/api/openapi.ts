import * as z from 'zod'
import type { Endpoint } from './endpoint.ts'
import { PROBLEM_MEDIA_TYPE } from './problem.ts'
import { problemCodes, type ProblemCode } from './problem-codes.ts'
import { problemSchema } from './schemas.ts'

type Json = Readonly<Record<string, unknown>>

/** The OpenAPI 3.1 document of these endpoints. Its dialect is JSON Schema 2020-12, which is what zod writes. */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Json {
  const schemas: Record<string, unknown> = {}
  const paths: Record<string, Record<string, unknown>> = {}
  for (const { contract } of endpoints)
    (paths[contract.path] ??= {})[contract.method] = operation(contract, schemas)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Telltale',
      version,
      description: 'Telemetry, alarms and devices. Errors are RFC 9457 problem details with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    tags: [...new Set(endpoints.map(({ contract }) => contract.tag))].map((name) => ({ name })),
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  }
}

function operation(contract: Endpoint['contract'], schemas: Record<string, unknown>): Json {
  const { id, tag, summary, description, role, params, query, body, consumes, answers } = contract
  const parameters = [...parametersOf(params, 'path', schemas), ...parametersOf(query, 'query', schemas)]
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    'x-role': role,
    ...(role === 'open' && { security: [{}, { token: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !body.safeParse({}).success,
        content: { 'application/json': { schema: jsonSchema(body, schemas) } },
      },
    }),
    ...(consumes && {
      requestBody: { required: true, content: Object.fromEntries(consumes.map((type) => [type, {}])) },
    }),
    responses: {
      ...Object.fromEntries(
        answers.map(({ status, description, schema, mediaType = 'application/json' }) => [
          status,
          {
            description,
            ...(status !== 204 && {
              content: { [mediaType]: schema ? { schema: jsonSchema(schema, schemas) } : {} },
            }),
          },
        ]),
      ),
      ...problemResponses(contract, schemas),
    },
  }
}

/** Every problem that an operation may answer with: its own, and those that follow from its contract. */
export function problemsOf(contract: Endpoint['contract']): ProblemCode[] {
  const { role, params, body, problems = [] } = contract
  return [
    'unknown_parameter',
    'bad_parameter',
    ...(role === 'open' ? (['bad_token'] as const) : (['no_token', 'bad_token'] as const)),
    ...(role === 'operator' || role === 'admin' ? (['wrong_role'] as const) : []),
    ...(body ? (['bad_json', 'bad_body', 'body_too_large', 'wrong_media_type'] as const) : []),
    ...(params ? (['no_such_path'] as const) : []),
    ...problems,
    'internal_error',
  ]
}

function problemResponses(contract: Endpoint['contract'], schemas: Record<string, unknown>): Json {
  const byStatus = Map.groupBy(problemsOf(contract), (code) => problemCodes[code].status)
  const schema = jsonSchema(problemSchema, schemas)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${problemCodes[code].title}`).join('\n\n'),
        content: { [PROBLEM_MEDIA_TYPE]: { schema } },
      },
    ]),
  )
}

function parametersOf(
  schema: z.ZodType | undefined,
  where: 'path' | 'query',
  schemas: Record<string, unknown>,
): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = jsonSchema(schema, schemas) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }))
}

/** A schema's input side; what has an id goes to the components and is referred to. */
function jsonSchema(schema: z.ZodType, schemas: Record<string, unknown>): Json {
  const text = JSON.stringify(
    z.toJSONSchema(schema, {
      io: 'input',
      override({ jsonSchema }) {
        if (jsonSchema.format === 'date-time') delete jsonSchema.pattern // 200 characters that say the same
      },
    }),
  ).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { $defs, $schema: _, ...rest } = JSON.parse(text) as Json & { $defs?: Json }
  Object.assign(schemas, $defs)
  return rest
}
