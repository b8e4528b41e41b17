import { beforeEach, describe, expect, it } from 'vitest'
import { groupCommit, openDeviceBook } from '../../../../src/adapters/local/devices/schema.ts'
import { sqlitePeople } from '../../../../src/adapters/local/devices/sqlite-people.ts'
import { openPeopleDesk } from '../../../../src/adapters/local/people/people-desk.ts'
import type { PeopleDesk } from '../../../../src/ports/people.ts'
import { peopleDeskContract } from '../../../contracts/people-desk.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ada = { name: 'ada', role: 'operator', sites: ['north'] } as const
const password = 'correct horse battery'
let now: number
let desk: PeopleDesk
let open: () => Promise<PeopleDesk>

beforeEach(async () => {
  now = 1_795_341_600_000
  const db = openDeviceBook(':memory:')
  const commit = groupCommit(db)
  open = () =>
    openPeopleDesk({
      store: sqlitePeople(db, commit),
      clock: { now: () => now, elapsed: () => now },
      pepper: Buffer.alloc(32, 7),
      foreign: async (token) => (token === 'a.b.c' ? { name: 'ada', role: 'admin', sites: null } : null),
      cost: 2 ** 4,
    })
  desk = await open()
  await desk.putUser(ada, password)
})
peopleDeskContract('the box', async () => {
  const db = openDeviceBook(':memory:')
  let at = 0
  const clock = { now: () => at, elapsed: () => at }
  const store = sqlitePeople(db, groupCommit(db))
  return {
    desk: await openPeopleDesk({ store, clock, pepper: Buffer.alloc(32, 7), cost: 2 ** 4 }),
    setClock: (to) => void (at = to),
  }
})

const logIn = async (given = password) => (await desk.logIn('ada', given))?.token ?? null

describe('openPeopleDesk', () => {
  it('tells a person, a machine and another issuer’s person of one name apart', async () => {
    const { token } = await desk.createToken({ ...ada, role: 'viewer' }, null)
    const names = await Promise.all([(await logIn())!, token, 'a.b.c'].map(async (t) => (await desk.authenticate(t))!.name)) // prettier-ignore
    expect(names).toEqual(['ada', 'token:ada', 'oidc:ada'])
    expect(await desk.authenticate('a.b.d')).toBeNull()
  })

  it('ends a session after twelve hours, and forgets it with the next log-in', async () => {
    const token = (await logIn())!
    now += 12 * HOUR - 1
    expect(await desk.authenticate(token)).toEqual(ada)
    now += 1
    expect(await desk.authenticate(token)).toBeNull()
    expect(await desk.tokens()).toHaveLength(1)
    await logIn()
    expect(await desk.tokens()).toHaveLength(1)
    expect(await (await open()).tokens()).toHaveLength(1)
  })

  it('shows a revoked machine’s token for a month, and no longer', async () => {
    const { view } = await desk.createToken(ada, null)
    await desk.revokeToken(view.id)
    now += 29 * DAY
    await logIn()
    expect((await desk.tokens()).map(({ id }) => id)).toContain(view.id)
    now += 2 * DAY
    await logIn()
    expect((await desk.tokens()).map(({ id }) => id)).not.toContain(view.id)
  })

  it('keeps fifty sessions of a user, and lets go of the oldest', async () => {
    const first = (await logIn())!
    now++
    for (let i = 0; i < 50; i++) await logIn()
    expect(await desk.authenticate(first)).toBeNull()
    expect((await desk.tokens()).filter((t) => t.revokedAt === null)).toHaveLength(50)
  })

  it('makes a name wait after five wrong passwords, longer each time, and nobody else', async () => {
    await desk.putUser({ ...ada, name: 'eve' }, password)
    for (let i = 0; i < 5; i++) expect(await logIn('wrong')).toBeNull()
    expect(await logIn()).toBeNull()
    expect(await desk.logIn('eve', password)).not.toBeNull()
    now += 1000
    expect(await logIn('wrong')).toBeNull()
    now += 1999
    expect(await logIn()).toBeNull()
    now += 1
    expect(await logIn()).not.toBeNull()
  })

  it('ends sessions with a new password, and lets rights change within one', async () => {
    const token = (await logIn())!
    await desk.putUser({ ...ada, role: 'viewer' }, undefined)
    expect(await desk.authenticate(token)).toMatchObject({ role: 'viewer' })
    await desk.putUser(ada, 'another long password')
    expect(await desk.authenticate(token)).toBeNull()
    expect(await logIn()).toBeNull()
  })

  it('takes no token whose secret is another’s, shortened or empty', async () => {
    const [one, two] = [await desk.createToken(ada, null), await desk.createToken(ada, null)]
    const [id] = one.token.slice(3).split('_', 1)
    const secret = two.token.slice(3).split('_').slice(1).join('_')
    for (const forged of [
      `tt_${id}_${secret}`,
      `tt_${id}_`,
      `tt_${id}`,
      'tt_',
      one.token.slice(0, -1),
      `${one.token}x`,
    ])
      // prettier-ignore
      expect(await desk.authenticate(forged)).toBeNull()
    expect(await desk.authenticate(one.token)).not.toBeNull()
  })

  it('keeps no secret in clear', async () => {
    const { token } = await desk.createToken(ada, null)
    const shown = JSON.stringify([await desk.tokens(), await desk.users()])
    expect(shown).not.toContain(token.slice(token.indexOf('_', 3) + 1))
    expect(shown).not.toContain('scrypt')
  })
})
