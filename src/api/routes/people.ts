import * as z from 'zod'
import type { DeviceDesk } from '../../ports/device-desk.ts'
import { endpoint } from '../endpoint.ts'
import { roles, type ApiPorts, type Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { epochMs, label } from '../schemas.ts'

const sites = z
  .array(label)
  .max(1000)
  .nullable()
  .default(null)
  .meta({ description: 'The sites that it sees; null for all.', default: null })
const accountShape = { role: z.enum(roles), sites }
const name = z.string().regex(/^[\w.@+-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, . @ + _ or -' })
const user = z
  .object({
    name: z.string(),
    role: z.enum(roles),
    sites: z.array(z.string()).nullable(),
    createdAt: epochMs,
  })
  .meta({ id: 'User' })
const token = z
  .object({
    id: z.string(),
    kind: z.enum(['machine', 'session']),
    name: z.string(),
    role: z.enum(roles),
    sites: z.array(z.string()).nullable(),
    createdAt: epochMs,
    expiresAt: epochMs.nullable(),
    revokedAt: epochMs.nullable(),
  })
  .meta({ id: 'Token' })
const issued = z
  .object({ token: z.string().meta({ description: 'Given this once and kept nowhere.' }), view: token })
  .meta({ id: 'IssuedToken' })
/** NIST SP 800-63B, 5.1.1.2: length counts, composition rules do not. Scrypt must not hash megabytes. */
const password = z.string().min(12).max(256)
const DAY = 86_400_000

export const people = (ports: ApiPorts, { people: desk }: Pick<DeviceDesk, 'people'>) => {
  const note = (actor: string, action: string, subject: string, detail = ''): void =>
    ports.audit.record({ at: ports.clock.now(), actor, action, subject, detail })
  /** Whoever sees some sites only must not make themselves see more. */
  const everySite = (principal: Principal): void => {
    if (principal.sites !== null) throw new ApiProblem('wrong_site', 'people belong to all sites')
  }
  return [
    endpoint(
      {
        id: 'whoAmI',
        method: 'get',
        path: '/v1/me',
        tag: 'people',
        summary: 'Who the token stands for',
        role: 'viewer',
        answers: [
          {
            status: 200,
            description: 'The caller',
            schema: z.object({
              name: z.string(),
              role: z.enum(roles),
              sites: z.array(z.string()).nullable(),
            }),
          },
        ],
      },
      ({ principal: { name, role, sites } }) => ({ name, role, sites }),
    ),
    endpoint(
      {
        id: 'logIn',
        method: 'post',
        path: '/v1/sessions',
        tag: 'people',
        summary: 'A token for twelve hours, for a name and a password',
        role: 'open',
        body: z.strictObject({ name: z.string().min(1).max(64), password: z.string().min(1).max(256) }),
        answers: [{ status: 201, description: 'The session', schema: issued }],
        problems: ['wrong_login'],
      },
      async ({ body }) => {
        const session = await desk.logIn(body.name, body.password)
        const entry = { at: ports.clock.now(), actor: body.name, action: session ? 'session.begin' : 'session.refuse', subject: body.name, detail: '' } // prettier-ignore
        ports.audit.record(entry, { minor: session === null })
        if (!session) throw new ApiProblem('wrong_login', 'the name or the password is wrong')
        return session
      },
    ),
    endpoint(
      {
        id: 'listUsers',
        method: 'get',
        path: '/v1/users',
        tag: 'people',
        summary: 'Users',
        role: 'admin',
        answers: [{ status: 200, description: 'All of them', schema: z.object({ items: z.array(user) }) }],
        problems: ['wrong_site'],
      },
      async ({ principal }) => {
        everySite(principal)
        return { items: await desk.users() }
      },
    ),
    endpoint(
      {
        id: 'putUser',
        method: 'put',
        path: '/v1/users/{name}',
        tag: 'people',
        summary: 'Add or change a user; a new password ends the sessions of the old one',
        role: 'admin',
        params: z.strictObject({ name }),
        body: z.strictObject({ ...accountShape, password: password.optional() }),
        answers: [{ status: 200, description: 'The user', schema: user }],
        problems: ['wrong_site'],
      },
      async ({ params: { name }, body: { role, sites, password }, principal }) => {
        everySite(principal)
        const put = await desk.putUser({ name, role, sites }, password)
        if (!put) throw new ApiProblem('bad_body', 'a new user needs a password')
        note(
          principal.name,
          'user.put',
          name,
          JSON.stringify({ role, sites, password: password !== undefined }),
        )
        return put
      },
    ),
    endpoint(
      {
        id: 'removeUser',
        method: 'delete',
        path: '/v1/users/{name}',
        tag: 'people',
        summary: 'Remove a user and end the sessions',
        role: 'admin',
        params: z.strictObject({ name }),
        answers: [{ status: 204, description: 'Removed' }],
        problems: ['wrong_site', 'no_such_user'],
      },
      async ({ params: { name }, principal }) => {
        everySite(principal)
        if (!(await desk.removeUser(name))) throw new ApiProblem('no_such_user', `there is no user ${name}`)
        note(principal.name, 'user.remove', name)
      },
    ),
    endpoint(
      {
        id: 'listTokens',
        method: 'get',
        path: '/v1/tokens',
        tag: 'people',
        summary: 'Tokens of machines and sessions, without their secrets',
        role: 'admin',
        answers: [{ status: 200, description: 'All of them', schema: z.object({ items: z.array(token) }) }],
        problems: ['wrong_site'],
      },
      async ({ principal }) => {
        everySite(principal)
        return { items: await desk.tokens() }
      },
    ),
    endpoint(
      {
        id: 'createToken',
        method: 'post',
        path: '/v1/tokens',
        tag: 'people',
        summary: 'A token for a machine, given this once',
        description:
          'On AWS machines put /machine before every path: https://…/v/machine/v1/latest. Revoked, it opens nothing from the next request on.',
        role: 'admin',
        body: z.strictObject({
          name,
          ...accountShape,
          expiresInDays: z.number().positive().max(3650).nullable().default(365),
        }),
        answers: [{ status: 201, description: 'The token', schema: issued }],
        problems: ['wrong_site'],
      },
      async ({ body: { name, role, sites, expiresInDays }, principal }) => {
        everySite(principal)
        const expiresAt = expiresInDays === null ? null : ports.clock.now() + Math.round(expiresInDays * DAY)
        const made = await desk.createToken({ name, role, sites }, expiresAt)
        note(principal.name, 'token.create', made.view.id, JSON.stringify({ name, role, sites, expiresAt }))
        return made
      },
    ),
    endpoint(
      {
        id: 'revokeToken',
        method: 'delete',
        path: '/v1/tokens/{id}',
        tag: 'people',
        summary: 'Revoke a token at once',
        role: 'admin',
        params: z.strictObject({ id: z.string().regex(/^[\da-f]{1,64}$/) }),
        answers: [{ status: 200, description: 'The token as it is now', schema: token }],
        problems: ['wrong_site', 'no_such_token'],
      },
      async ({ params: { id }, principal }) => {
        everySite(principal)
        const revoked = await desk.revokeToken(id)
        if (!revoked) throw new ApiProblem('no_such_token', `there is no token ${id}`)
        note(principal.name, 'token.revoke', id, revoked.name)
        return revoked
      },
    ),
  ]
}
