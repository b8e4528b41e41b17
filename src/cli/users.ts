import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import type { Account, UserView } from '../ports/people.ts'
import { CliFailure } from './exit-codes.ts'
import { inPath, openApi } from './support/api-client.ts'
import { withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { isoTime, present, table } from './support/output.ts'

export interface AccountOptions extends BoxOptionValues {
  role: string
  site: string[]
}

interface PutOptions extends AccountOptions {
  keepPassword?: boolean
}

const roles = ['viewer', 'operator', 'admin']

/** A list option that may be given more than once. */
export const gather = (given: string, before: string[]): string[] => [...before, given]

/** Role and sites as the API takes them; no site means all. */
export function accountOf({ role, site }: AccountOptions): Pick<Account, 'role' | 'sites'> {
  if (!roles.includes(role))
    throw new CliFailure('usage', `${role} is no role; known are ${roles.join(', ')}`)
  return { role: role as Account['role'], sites: site.length === 0 ? null : site }
}

export const sitesText = (sites: readonly string[] | null): string => sites?.join(' ') ?? 'all'

/** `telltale users`: people who log in with a password. */
export function users(program: Command): void {
  const group = program.command('users').description('people: who may log in, and what they may do')
  withBoxOptions(group.command('list').description('all users')).action(list)
  withBoxOptions(
    group.command('add <name>').description('add or change a user; the password is read from standard input'),
  )
    .option('--role <role>', 'viewer, operator or admin', 'viewer')
    .option('--site <site>', 'sees this site only; may be given more than once', gather, [])
    .option('--keep-password', 'change role and sites alone')
    .action(add)
  withBoxOptions(group.command('remove <name>').description('remove a user and end the sessions')).action(
    remove,
  )
}

async function list(options: BoxOptionValues): Promise<void> {
  const { items } = await openApi(options).get<{ items: UserView[] }>('/v1/users')
  present(options.json, { items }, () =>
    items.length === 0
      ? 'no users; telltale users add makes one'
      : table(
          ['name', 'role', 'sites', 'since'],
          items.map((u) => [u.name, u.role, sitesText(u.sites), isoTime(u.createdAt)]),
        ),
  )
}

async function add(name: string, options: PutOptions): Promise<void> {
  const account = accountOf(options)
  const password = options.keepPassword === true ? undefined : await readPassword(name)
  const body = { ...account, ...(password !== undefined && { password }) }
  const user = await openApi(options).send<UserView>('PUT', `/v1/users/${inPath(name)}`, body)
  present(options.json, user, () => `${name} is ${user.role} at ${sitesText(user.sites)} sites`)
}

/** Never from an argument: the command line is seen by every process of the machine. */
async function readPassword(name: string): Promise<string> {
  const lines = createInterface({ input: process.stdin })
  if (process.stdin.isTTY) process.stderr.write(`password for ${name}: `)
  for await (const line of lines) {
    lines.close()
    return line
  }
  throw new CliFailure('usage', 'the password is read from standard input; give one line')
}

async function remove(name: string, options: BoxOptionValues): Promise<void> {
  await openApi(options).send('DELETE', `/v1/users/${inPath(name)}`)
  present(options.json, { name, removed: true }, () => `${name} is removed`)
}
