import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { oidcAccounts, type OidcOptions } from '../src/adapters/local/people/oidc.ts'
import { openPeopleDesk } from '../src/adapters/local/people/people-desk.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Account, PeopleDesk, PeopleStore } from '../src/ports/people.ts'

const RETRY_MS = 30_000

export interface BoxPeopleParts {
  dir: string
  store: PeopleStore
  clock: Clock
  log(line: string): void
}

/** Users and tokens of the box. `oidc.json` in the data directory adds an OpenID provider's people. */
export async function openBoxPeople({ dir, store, clock, log }: BoxPeopleParts): Promise<PeopleDesk> {
  const settings = join(dir, 'oidc.json')
  let verifier: Promise<(token: string) => Promise<Account | null>> | null = null
  let failedAt = -Infinity

  /** A provider that cannot be reached is asked again after a while, not with every token that a stranger sends. */
  async function foreign(token: string): Promise<Account | null> {
    if (!verifier && (clock.elapsed() - failedAt < RETRY_MS || !existsSync(settings))) return null
    try {
      verifier ??= oidcAccounts(JSON.parse(readFileSync(settings, 'utf8')) as OidcOptions)
      return await (
        await verifier
      )(token)
    } catch (error) {
      verifier = null
      failedAt = clock.elapsed()
      log(`OpenID: ${(error as Error).message}`)
      return null
    }
  }

  return openPeopleDesk({ store, clock, pepper: readOrMakeKey(join(dir, 'token-key')), foreign })
}

function readOrMakeKey(file: string): Buffer {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 })
  return readFileSync(file)
}

/** Compares a given token with the administrator's in a time that says nothing about where they differ. */
export function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
