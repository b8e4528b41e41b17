import type { Command } from 'commander'
import type { TokenView } from '../ports/people.ts'
import { inPath, openApi } from './support/api-client.ts'
import { positiveNumber, withBoxOptions, type BoxOptionValues } from './support/options.ts'
import { isoTime, present, table } from './support/output.ts'
import { accountOf, gather, sitesText, type AccountOptions } from './users.ts'

interface CreateOptions extends AccountOptions {
  days: number
}

/** `telltale tokens`: bearer tokens for machines. */
export function tokens(program: Command): void {
  const group = program.command('tokens').description('bearer tokens of machines, and sessions of people')
  withBoxOptions(group.command('list').description('all of them, without their secrets')).action(list)
  withBoxOptions(group.command('create <name>').description('a token for a machine, printed this once'))
    .option('--role <role>', 'viewer, operator or admin', 'viewer')
    .option('--site <site>', 'sees this site only; may be given more than once', gather, [])
    .option('--days <days>', 'holds for so many days', positiveNumber, 365)
    .action(create)
  withBoxOptions(group.command('revoke <id>').description('end a token at once')).action(revoke)
}

const stateOf = ({ revokedAt, expiresAt }: TokenView, now: number): string =>
  revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt <= now ? 'expired' : 'active'

async function list(options: BoxOptionValues): Promise<void> {
  const { items } = await openApi(options).get<{ items: TokenView[] }>('/v1/tokens')
  present(options.json, { items }, () =>
    items.length === 0
      ? 'no tokens; telltale tokens create makes one'
      : table(
          ['id', 'kind', 'name', 'role', 'sites', 'state', 'expires'],
          items.map((t) => [t.id, t.kind, t.name, t.role, sitesText(t.sites), stateOf(t, Date.now()), isoTime(t.expiresAt)]), // prettier-ignore
        ),
  )
}

async function create(name: string, options: CreateOptions): Promise<void> {
  const body = { name, ...accountOf(options), expiresInDays: options.days }
  const made = await openApi(options).send<{ token: string; view: TokenView }>('POST', '/v1/tokens', body)
  present(options.json, made, () => `${made.token}\nid ${made.view.id}; the secret is nowhere else`)
}

async function revoke(id: string, options: BoxOptionValues): Promise<void> {
  const view = await openApi(options).send<TokenView>('DELETE', `/v1/tokens/${inPath(id)}`)
  present(options.json, view, () => `${view.name} (${id}) is revoked`)
}
