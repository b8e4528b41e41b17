import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  ListUsersInGroupCommand,
  type AttributeType,
  type CognitoIdentityProviderClient,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Account, PeopleDesk, UserView } from '../../../ports/people.ts'
import { sitesAttribute, sitesOf } from './sites-attribute.ts'

/** The part of Cognito's client that is used. */
export type Cognito = Pick<CognitoIdentityProviderClient, 'send'>

export interface CognitoPeopleParts {
  cognito: Cognito
  userPoolId: string
  /** Tokens of machines: Cognito has none that an administrator could make and revoke. */
  tokens: Pick<PeopleDesk, 'tokens' | 'createToken' | 'revokeToken' | 'authenticate'>
}

/** Weakest first; each is a group of the pool. */
const roles: readonly Account['role'][] = ['viewer', 'operator', 'admin']

const is = (error: unknown, name: string): boolean => error instanceof Error && error.name === name

/**
 * People in a Cognito user pool, by their address: a role is a group, sites are an attribute. They sign in on the pool's
 * own page, with a second factor, so that no password passes the API but a first one that an administrator sets.
 */
export function cognitoPeople({ cognito, userPoolId, tokens }: CognitoPeopleParts): PeopleDesk {
  const about = (name: string) => ({ UserPoolId: userPoolId, Username: name })

  async function find(name: string): Promise<AttributeType[] | null> {
    try {
      return (await cognito.send(new AdminGetUserCommand(about(name)))).UserAttributes ?? []
    } catch (error) {
      if (is(error, 'UserNotFoundException')) return null
      throw error
    }
  }

  /** What somebody may do holds in the tokens that they have: at most until those are renewed, which then fails. */
  async function endSessions(name: string): Promise<void> {
    await cognito.send(new AdminUserGlobalSignOutCommand(about(name)))
  }

  async function moveTo(role: Account['role'], name: string): Promise<boolean> {
    const { Groups = [] } = await cognito.send(new AdminListGroupsForUserCommand(about(name)))
    const held = Groups.map(({ GroupName }) => GroupName)
    // Taken away first: whoever's change is cut short has no role rather than two, of which the stronger would count.
    const others = roles.filter((other) => other !== role && held.includes(other))
    for (const GroupName of others) await cognito.send(new AdminRemoveUserFromGroupCommand({ ...about(name), GroupName })) // prettier-ignore
    if (!held.includes(role)) await cognito.send(new AdminAddUserToGroupCommand({ ...about(name), GroupName: role })) // prettier-ignore
    return others.length > 0 || !held.includes(role)
  }

  async function inRole(role: Account['role']): Promise<UserView[]> {
    const found: UserView[] = []
    let token: string | undefined
    do {
      const page = await cognito.send(
        new ListUsersInGroupCommand({
          UserPoolId: userPoolId,
          GroupName: role,
          ...(token !== undefined && { NextToken: token }),
        }),
      )
      found.push(...(page.Users ?? []).map((user) => viewOf(user, role)))
      token = page.NextToken
    } while (token !== undefined)
    return found
  }

  async function view(name: string): Promise<UserView> {
    const { UserAttributes, UserCreateDate } = await cognito.send(new AdminGetUserCommand(about(name)))
    const { Groups = [] } = await cognito.send(new AdminListGroupsForUserCommand(about(name)))
    const held = Groups.map(({ GroupName }) => GroupName)
    const role = roles.findLast((one) => held.includes(one)) ?? 'viewer'
    return viewOf({ Username: name, Attributes: UserAttributes, UserCreateDate }, role)
  }

  return {
    users: async () => {
      // Stronger roles overwrite weaker ones of the same person.
      const byName = new Map<string, UserView>()
      for (const role of roles) for (const user of await inRole(role)) byName.set(user.name, user)
      return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    putUser: async ({ name, role, sites }, password) => {
      const attributes = await find(name)
      const sitesNow = { Name: 'custom:sites', Value: sitesAttribute(sites) }
      if (!attributes) {
        const first = password === undefined ? {} : { TemporaryPassword: password }
        const UserAttributes = [{ Name: 'email', Value: name }, { Name: 'email_verified', Value: 'true' }, sitesNow] // prettier-ignore
        await cognito.send(new AdminCreateUserCommand({ ...about(name), ...first, UserAttributes }))
        await moveTo(role, name)
        return view(name)
      }
      const otherSites = (valueOf(attributes, 'custom:sites') ?? '') !== sitesNow.Value
      if (otherSites) await cognito.send(new AdminUpdateUserAttributesCommand({ ...about(name), UserAttributes: [sitesNow] })) // prettier-ignore
      const otherRole = await moveTo(role, name)
      if (password !== undefined) await cognito.send(new AdminSetUserPasswordCommand({ ...about(name), Password: password, Permanent: false })) // prettier-ignore
      if (otherSites || otherRole || password !== undefined) await endSessions(name)
      return view(name)
    },
    removeUser: async (name) => {
      if (!(await find(name))) return false
      await endSessions(name)
      await cognito.send(new AdminDeleteUserCommand(about(name)))
      return true
    },
    ...tokens,
    logIn: async () => null,
  }
}

function viewOf({ Username, Attributes = [], UserCreateDate }: UserType, role: Account['role']): UserView {
  return {
    name: valueOf(Attributes, 'email') ?? Username ?? '',
    role,
    sites: sitesOf(valueOf(Attributes, 'custom:sites')),
    createdAt: UserCreateDate?.getTime() ?? 0,
  }
}

const valueOf = (attributes: readonly AttributeType[], name: string): string | undefined =>
  attributes.find(({ Name }) => Name === name)?.Value
