import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Clock } from '../../../ports/clock.ts'
import type {
  Account,
  PeopleDesk,
  PeopleStore,
  Token,
  TokenView,
  User,
  UserView,
} from '../../../ports/people.ts'
import { hashPassword, verifyPassword } from './passwords.ts'

export interface PeopleDeskOptions {
  store: PeopleStore
  clock: Clock
  /** Keys the hashes of tokens, so that a stolen database alone opens nothing. */
  pepper: Buffer
  /** Accounts of a foreign issuer's tokens, null where they are none. */
  foreign?(token: string): Promise<Account | null>
  /** scrypt's N, for tests. */
  cost?: number
}

const SESSION_MS = 12 * 3_600_000
/** Guessing passwords: so many wrong ones in a row make a name wait, longer each time. */
const FREE_FAILURES = 5
const MAX_WAIT_MS = 15 * 60_000
/** An attacker chooses the names. */
const REMEMBERED = 10_000
/** Whoever logs in by a script without end: the oldest session goes. */
const SESSIONS_PER_USER = 50
/** A token that is over is listed for a while, for those who ask what it was. */
const SHOWN_MS = 30 * 86_400_000
/** Each verification takes 128 MB. */
const VERIFIERS = 2

const PREFIX = 'tt_'

/** People and machines of the box. Everything is in memory; a change is on disk before it is answered. */
export async function openPeopleDesk(options: PeopleDeskOptions): Promise<PeopleDesk> {
  const { store, clock, pepper, foreign, cost } = options
  const users = new Map((await store.users()).map((user) => [user.name, user]))
  const tokens = new Map((await store.tokens()).map((token) => [token.id, token]))
  const failures = new Map<string, { count: number; until: EpochMs }>()
  /** Verified against when the name is unknown, so that time does not tell names. Made before the first name is looked at. */
  let decoy: Promise<string> | null = null
  let verifying = 0

  const hashOf = (secret: string): string => createHmac('sha256', pepper).update(secret).digest('base64url')

  const overAt = ({ expiresAt, revokedAt }: Token): EpochMs =>
    Math.min(expiresAt ?? Infinity, revokedAt ?? Infinity)

  /** Sessions come and go by the thousand: those that are over leave, in memory and on disk. */
  async function clean(now: EpochMs): Promise<void> {
    for (const token of tokens.values()) {
      if (overAt(token) + (token.kind === 'session' ? 0 : SHOWN_MS) > now) continue
      tokens.delete(token.id)
      await store.removeToken(token.id)
    }
  }

  async function issue(account: Account, kind: Token['kind'], expiresAt: EpochMs | null) {
    const id = randomBytes(9).toString('hex')
    const secret = randomBytes(32).toString('base64url')
    const token: Token = {
      ...account,
      id,
      kind,
      hash: hashOf(secret),
      createdAt: clock.now(),
      expiresAt,
      revokedAt: null,
    }
    await store.putToken(token)
    tokens.set(id, token)
    return { token: `${PREFIX}${id}_${secret}`, view: viewOf(token) }
  }

  async function revoke(token: Token): Promise<TokenView> {
    const revoked = { ...token, revokedAt: token.revokedAt ?? clock.now() }
    await store.putToken(revoked)
    tokens.set(token.id, revoked)
    return viewOf(revoked)
  }

  const sessionsOf = (name: string): Token[] =>
    [...tokens.values()]
      .filter((t) => t.kind === 'session' && t.name === name && t.revokedAt === null)
      .sort((a, b) => a.createdAt - b.createdAt)

  /** Who acts, with the rights of now: a session has the rights of its user, not those of the hour of its log-in. */
  function accountOf({ kind, name, role, sites }: Token): Account | null {
    if (kind === 'machine') return { name: `token:${name}`, role, sites }
    const user = users.get(name)
    return user ? { name, role: user.role, sites: user.sites } : null
  }

  function native(token: string): Account | null {
    const [id, secret] = splitOnce(token.slice(PREFIX.length))
    const known = tokens.get(id)
    if (!known || known.revokedAt !== null) return null
    if (known.expiresAt !== null && known.expiresAt <= clock.now()) return null
    const [given, wanted] = [Buffer.from(hashOf(secret)), Buffer.from(known.hash)]
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? accountOf(known) : null
  }

  return {
    users: async () => [...users.values()].map(userView).sort((a, b) => (a.name < b.name ? -1 : 1)),
    putUser: async ({ name, role, sites }, password) => {
      const known = users.get(name)
      if (!known && password === undefined) return null
      const hash = password === undefined ? known!.password : await hashPassword(password, cost)
      const user: User = { name, role, sites, password: hash, createdAt: known?.createdAt ?? clock.now() }
      await store.putUser(user)
      users.set(name, user)
      if (password !== undefined) for (const session of sessionsOf(name)) await revoke(session)
      return userView(user)
    },
    removeUser: async (name) => {
      if (!users.delete(name)) return false
      await store.removeUser(name)
      for (const session of sessionsOf(name)) await revoke(session)
      return true
    },
    tokens: async () => [...tokens.values()].map(viewOf),
    createToken: (account, expiresAt) => issue(account, 'machine', expiresAt),
    revokeToken: async (id) => {
      const token = tokens.get(id)
      return token ? revoke(token) : null
    },
    logIn: async (name, password) => {
      const now = clock.now()
      const failed = failures.get(name)
      if ((failed && now < failed.until) || verifying >= VERIFIERS) return null
      verifying++
      const right = await (async () => {
        decoy ??= hashPassword(randomBytes(16).toString('hex'), cost)
        return verifyPassword(password, users.get(name)?.password ?? (await decoy))
      })().finally(() => verifying--)
      const user = users.get(name)
      if (right && user) {
        failures.delete(name)
        await clean(now)
        for (const oldest of sessionsOf(name).slice(0, -(SESSIONS_PER_USER - 1))) await revoke(oldest)
        return issue({ name, role: user.role, sites: user.sites }, 'session', now + SESSION_MS)
      }
      if (failures.size >= REMEMBERED) failures.clear()
      const count = (failed?.count ?? 0) + 1
      const waitMs = count < FREE_FAILURES ? 0 : Math.min(MAX_WAIT_MS, 1000 * 2 ** (count - FREE_FAILURES))
      failures.set(name, { count, until: now + waitMs })
      return null
    },
    authenticate: async (token) => {
      if (token.startsWith(PREFIX)) return native(token)
      const account = (await foreign?.(token)) ?? null
      return account && { ...account, name: `oidc:${account.name}` }
    },
  }
}

const userView = ({ name, role, sites, createdAt }: User): UserView => ({ name, role, sites, createdAt })
const viewOf = ({ id, kind, name, role, sites, createdAt, expiresAt, revokedAt }: Token): TokenView => ({
  id,
  kind,
  name,
  role,
  sites,
  createdAt,
  expiresAt,
  revokedAt,
})

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('_')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
