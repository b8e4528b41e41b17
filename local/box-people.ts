import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { oidcAccounts, parseOidcSettings } from '../src/adapters/local/people/oidc.ts'
import { openPeopleDesk } from '../src/adapters/local/people/people-desk.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Account, PeopleDesk, PeopleStore } from '../src/ports/people.ts'
import { readOrMakeSecret } from './secret-file.ts'

const RETRY_MS = 30_000

export interface BoxPeopleParts {
  dir: string
  store: PeopleStore
  clock: Clock
  log(line: string): void
}

export interface BoxPeople {
  desk: PeopleDesk
  /** Why the OpenID provider's people cannot come in, null if they can or there is none. */
  trouble(): string | null
}

/** Users and tokens of the box. `oidc.json` in the data directory adds an OpenID provider's people. */
export async function openBoxPeople({ dir, store, clock, log }: BoxPeopleParts): Promise<BoxPeople> {
  const settings = join(dir, 'oidc.json')
  let verifier: Promise<(token: string) => Promise<Account | null>> | null = null
  let failedAt = -Infinity
  let trouble: string | null = null

  function fail(error: unknown): void {
    verifier = null
    failedAt = clock.elapsed()
    trouble = `${settings}: ${(error as Error).message}`
    log(`OpenID: ${trouble}`)
  }

  const open = async () => oidcAccounts(parseOidcSettings(readFileSync(settings, 'utf8')))

  /** A provider that cannot be reached is asked again after a while, not with every token that a stranger sends. */
  async function foreign(token: string): Promise<Account | null> {
    if (!verifier && (clock.elapsed() - failedAt < RETRY_MS || !existsSync(settings))) return null
    try {
      verifier ??= open()
      const accountOf = await verifier
      trouble = null
      return await accountOf(token)
    } catch (error) {
      fail(error)
      return null
    }
  }

  // What is wrong with the file is said when the box starts, not when somebody cannot log in.
  if (existsSync(settings)) {
    try {
      parseOidcSettings(readFileSync(settings, 'utf8'))
    } catch (error) {
      fail(error)
    }
  }
  const desk = await openPeopleDesk({
    store,
    clock,
    pepper: readOrMakeSecret(join(dir, 'token-key'), () => randomBytes(32)),
    foreign,
  })
  return { desk, trouble: () => trouble }
}

/** Compares a given token with the administrator's in a time that says nothing about where they differ. */
export function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
