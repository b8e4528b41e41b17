import type { Context } from 'hono'
import * as z from 'zod'
import { callerOf, hasRole } from './auth.ts'
import { ApiProblem, type Fault } from './problem.ts'
import type { ProblemCode } from './problem-codes.ts'
import type { ApiPorts, Principal, Role } from './ports.ts'

/** What an endpoint gives when all goes well. No schema means no body, or one that JSON schema cannot describe. */
export interface Answer {
  status: 200 | 201 | 202 | 204
  description: string
  schema?: z.ZodType
  mediaType?: string
}

/** One operation of the API: routing, validation and the OpenAPI document all follow from it. */
export interface Contract<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  id: string
  method: 'get' | 'put' | 'post' | 'delete'
  /** With parameters in braces; one written `{name...}` may hold slashes. */
  path: `/${string}`
  tag: string
  summary: string
  description?: string
  /** The least role; `open` needs no token. */
  role: Role | 'open'
  params?: P
  query?: Q
  body?: B
  /** Most bytes of the body, where it is other than usual. */
  bodyBytes?: number
  /** Media types of a body that is no JSON; the handler reads it. */
  consumes?: readonly string[]
  answers: readonly Answer[]
  /** Beyond those that follow from role, query and body. */
  problems?: readonly ProblemCode[]
}

export interface Call<P, Q, B> {
  params: P
  query: Q
  body: B
  principal: Principal
  context: Context
}

type AnyContract = Contract<z.ZodType, z.ZodType, z.ZodType>

/** What every call needs, whatever it asks for. */
export type CallPorts = Pick<ApiPorts, 'authenticate' | 'audit' | 'clock'>

export interface Endpoint {
  contract: AnyContract
  respond: (context: Context, ports: CallPorts) => Promise<Response>
}

const nothing = z.strictObject({})
type Nothing = typeof nothing

/** A contract's path as the router writes it. */
export const routingPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

/** Binds a contract to its handler, which gets parsed values and gives a Response, or a value for the first answer. */
export function endpoint<
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(
  contract: Contract<P, Q, B>,
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => unknown,
): Endpoint {
  const { params = nothing, query = nothing, body, role, answers } = contract
  return {
    contract: contract,
    async respond(context, ports) {
      const principal = await callerOf(context, ports, role === 'open')
      if (role !== 'open' && !hasRole(principal, role)) {
        const refusal = { at: ports.clock.now(), actor: principal.name, action: 'api.refuse', subject: contract.id, detail: 'wrong_role' } // prettier-ignore
        ports.audit.record(refusal, { minor: true })
        throw new ApiProblem('wrong_role', `this needs the role ${role}, the token’s is ${principal.role}`)
      }
      const value = await handle({
        params: parsed(params, context.req.param(), 'path') as z.output<P>,
        query: parsed(query, queryOf(context), 'query') as z.output<Q>,
        body: (body ? parsed(body, await jsonOf(context), 'body') : {}) as z.output<B>,
        principal,
        context,
      })
      // Whoever hears that something was changed can rely on the audit log to know it.
      if (contract.method !== 'get') await ports.audit.flush()
      if (value instanceof Response) return value
      return value === undefined
        ? new Response(null, { status: 204 })
        : json(value, answers[0]?.status ?? 200)
    },
  }
}

export const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } })

function parsed(schema: z.ZodType, input: unknown, part: 'path' | 'query' | 'body'): unknown {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const faults = result.error.issues.flatMap(faultsOf)
  const unknown = result.error.issues.find((issue) => issue.code === 'unrecognized_keys')
  const detail = faults.map(({ at, message }) => (at ? `${at}: ${message}` : message)).join('; ')
  if (part === 'body') throw new ApiProblem('bad_body', detail, faults)
  throw new ApiProblem(unknown ? 'unknown_parameter' : 'bad_parameter', detail, faults)
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map(String)
  const shorten = (name: string) => (name.length > 64 ? `${name.slice(0, 64)}…` : name)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ at: shorten([...path, key].join('.')), message: 'not known here' }))
  return [{ at: shorten(path.join('.')), message: issue.message }]
}

/** A parameter that is given twice has no one meaning, so it is refused. */
function queryOf(context: Context): Record<string, string> {
  const given = Object.entries(context.req.queries())
  const twice = given.find(([, values]) => values.length > 1)
  if (twice) throw new ApiProblem('bad_parameter', `${twice[0]} is given more than once`)
  return Object.fromEntries(given.map(([name, values]) => [name, values[0] ?? '']))
}

async function jsonOf(context: Context): Promise<unknown> {
  const bytes = await context.req.arrayBuffer()
  if (bytes.byteLength === 0) return {}
  const mediaType = context.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json')
    throw new ApiProblem('wrong_media_type', `the body is ${mediaType ?? 'of no stated type'}`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), withoutPrototype) as unknown
  } catch (error) {
    if (error instanceof ApiProblem) throw error
    throw new ApiProblem('bad_json', 'the body could not be parsed')
  }
}

/** Objects that are made of a key of this name lose it silently, or worse. */
function withoutPrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new ApiProblem('bad_body', 'the name __proto__ is not allowed')
  return value
}
