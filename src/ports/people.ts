import type { EpochMs } from '../core/telemetry/reading.ts'

/** A person, or a machine's token. `sites` null means all of them. */
export interface Account {
  name: string
  role: 'viewer' | 'operator' | 'admin'
  sites: readonly string[] | null
}

export interface User extends Account {
  /** scrypt parameters, salt and hash; never shown. */
  password: string
  createdAt: EpochMs
}

/** A bearer token: of a machine, or of a person's session. Only a keyed hash of its secret is kept. */
export interface Token extends Account {
  id: string
  kind: 'machine' | 'session'
  hash: string
  createdAt: EpochMs
  expiresAt: EpochMs | null
  revokedAt: EpochMs | null
}

export interface PeopleStore {
  users(): Promise<User[]>
  putUser(user: User): Promise<void>
  removeUser(name: string): Promise<boolean>
  tokens(): Promise<Token[]>
  putToken(token: Token): Promise<void>
  removeToken(id: string): Promise<void>
}

/** What the API shows of a user. */
export type UserView = Omit<User, 'password'>
/** What the API shows of a token. */
export type TokenView = Omit<Token, 'hash'>

/**
 * Users and tokens as administrators keep them. Names are told apart wherever they act: a user's is `ada`, a machine's
 * `token:historian`, that of a person whom another issuer vouches for `oidc:ada@example.com`. Secrets are given once and kept as hashes.
 */
export interface PeopleDesk {
  /** Ascending by name. */
  users(): Promise<UserView[]>
  /** Creates or replaces; without a password an existing one stays. Null if a new user needs one and has none. */
  putUser(account: Account, password: string | undefined): Promise<UserView | null>
  /** Ends the user's sessions too. */
  removeUser(name: string): Promise<boolean>
  tokens(): Promise<TokenView[]>
  createToken(account: Account, expiresAt: EpochMs | null): Promise<{ token: string; view: TokenView }>
  revokeToken(id: string): Promise<TokenView | null>
  /** A session's token, null for a wrong name or password, which take the same time, and where people sign in elsewhere. */
  logIn(name: string, password: string): Promise<{ token: string; view: TokenView } | null>
  /** Who acts by a bearer token, null if nobody. */
  authenticate(token: string): Promise<Account | null>
}
