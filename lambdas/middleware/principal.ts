import { sitesOf } from '../../src/adapters/aws/people/sites-attribute.ts'
import { roles, type Principal, type Role } from '../../src/api/ports.ts'

/** What API Gateway found in a token that it has verified. */
export type Claims = Readonly<Record<string, string | undefined>>

/** Who these claims stand for: the strongest role among their groups, nobody without one; all sites unless some are named. */
export function principalOf(claims: Claims): Principal | null {
  const name = claims['email'] ?? claims['cognito:username'] ?? claims['sub']
  // API Gateway writes a list as `[a b]` or `a,b`.
  const groups = (claims['cognito:groups'] ?? '').replaceAll(/[[\]]/g, '').split(/[\s,]+/)
  const role = roles.findLast((r: Role) => groups.includes(r))
  return name !== undefined && role ? { name, role, sites: sitesOf(claims['custom:sites']) } : null
}
