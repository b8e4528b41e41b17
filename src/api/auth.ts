import type { Context } from 'hono'
import { apiLimits } from './limits.ts'
import { ApiProblem } from './problem.ts'
import { roles, type ApiPorts, type Principal, type Role } from './ports.ts'

/** Who calls without a token where that is allowed: sees no site at all. */
export const anonymous: Principal = Object.freeze({ name: 'anonymous', role: 'viewer', sites: [] })

const challenge = { 'www-authenticate': 'Bearer realm="telltale"' } // RFC 6750 section 3

/** The token's principal; throws no_token or bad_token. An open path takes callers without a token, never a wrong one. */
export async function callerOf(
  context: Context,
  ports: Pick<ApiPorts, 'authenticate'>,
  open: boolean,
): Promise<Principal> {
  // prettier-ignore
  const header = context.req.header('authorization')
  if (header === undefined) {
    if (open) return anonymous
    throw new ApiProblem('no_token', 'send Authorization: Bearer <token>', [], challenge)
  }
  const token = tokenOf(header)
  const principal = token === null ? null : await ports.authenticate(token)
  if (!principal) throw new ApiProblem('bad_token', 'the token was not accepted', [], challenge)
  return principal
}

/** The token of an Authorization header, null if it is none of ours. RFC 6750 section 2.1: the scheme has any case. */
export function tokenOf(header: string): string | null {
  const match = /^bearer +([\w.~+/=-]+)$/i.exec(header.trim())
  const token = match?.[1]
  return token === undefined || token.length > apiLimits.tokenLength ? null : token
}

export const hasRole = (principal: Principal, role: Role): boolean =>
  roles.indexOf(principal.role) >= roles.indexOf(role)

/** Whether the principal may see what belongs to this site; what belongs to none is seen only without a scope. */
export const seesSite = (principal: Principal, site: string | undefined): boolean =>
  principal.sites === null || (site !== undefined && principal.sites.includes(site))

/** A test whether the principal may see a thing's data, for one request: it asks for each thing's site once. */
export function thingFilter(principal: Principal, ports: ApiPorts): (thing: string) => Promise<boolean> {
  const seen = new Map<string, Promise<boolean>>()
  const look = async (thing: string) => seesSite(principal, (await ports.devices.get(thing))?.site)
  return async (thing) => {
    if (principal.sites === null) return true
    const known = seen.get(thing) ?? look(thing)
    seen.set(thing, known)
    return known
  }
}

/** Throws no_such_device unless it is registered and within the principal's sites: a scope does not reveal what lies outside. */
export async function visibleDevice(
  principal: Principal,
  ports: { devices: Pick<ApiPorts['devices'], 'get'> },
  thing: string,
) {
  // prettier-ignore
  const device = await ports.devices.get(thing)
  if (!device || !seesSite(principal, device.site))
    throw new ApiProblem('no_such_device', `there is no device ${thing}`)
  return device
}
