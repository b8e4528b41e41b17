import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { oidcAccounts, parseOidcSettings } from '../src/adapters/local/people/oidc.ts'
import { oidcSignIn } from '../src/adapters/local/people/oidc-page.ts'
import { openPeopleDesk } from '../src/adapters/local/people/people-desk.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { ProviderSignIn } from '../src/ports/page-config.ts'
import type { Account, PeopleDesk, PeopleStore } from '../src/ports/people.ts'
import { openedWhenNeeded } from './opened-when-needed.ts'
import { readOrMakeSecret } from './secret-file.ts'

/** A provider that takes longer is not offered yet: the box's own people do not wait for it. */
const PATIENCE_MS = 1000

export interface BoxPeopleParts {
  dir: string
  store: PeopleStore
  clock: Clock
  log(line: string): void
}

export interface BoxPeople {
  desk: PeopleDesk
  /** Where people sign in for the page beside the box's own form; null where there is none, or it is out of reach. */
  signIn(): Promise<ProviderSignIn | null>
  /** Why the OpenID provider's people cannot come in, null if they can or there is none. */
  trouble(): string | null
}

/** Users and tokens of the box. `oidc.json` in the data directory adds an OpenID provider's people. */
export async function openBoxPeople({ dir, store, clock, log }: BoxPeopleParts): Promise<BoxPeople> {
  const file = join(dir, 'oidc.json')
  const settings = () => parseOidcSettings(readFileSync(file, 'utf8'))
  const parts = { clock, what: file, report: (why: string) => log(`OpenID: ${why}`) }
  const verifier = openedWhenNeeded(async () => oidcAccounts(settings()), parts)
  const provider = openedWhenNeeded(async () => oidcSignIn(settings()), parts)

  async function foreign(token: string): Promise<Account | null> {
    const accountOf = existsSync(file) ? await verifier.get() : null
    return (await accountOf?.(token)) ?? null
  }

  async function signIn(): Promise<ProviderSignIn | null> {
    if (!existsSync(file)) return null
    return Promise.race([provider.get(), setTimeout(PATIENCE_MS, null, { ref: false })])
  }

  // What is wrong is said when the box starts, not when somebody cannot log in.
  if (existsSync(file)) {
    try {
      if (settings().page) void provider.get()
    } catch (error) {
      verifier.fail(error)
    }
  }
  const desk = await openPeopleDesk({
    store,
    clock,
    pepper: readOrMakeSecret(join(dir, 'token-key'), () => randomBytes(32)),
    foreign,
  })
  return { desk, signIn, trouble: () => verifier.trouble() ?? provider.trouble() }
}

/** Compares a given token with the administrator's in a time that says nothing about where they differ. */
export function sameToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
