import { beforeAll, describe, expect, it } from 'vitest'
import type { PeopleDesk } from '../../src/ports/people.ts'

const T = 1_795_341_600_000

export interface PeopleUnderTest {
  desk: PeopleDesk
  setClock(now: number): void
}

/** What every keeper of users and tokens promises. `make` gives one that knows nobody whose name begins with `pd-`. */
export function peopleDeskContract(name: string, make: () => Promise<PeopleUnderTest>): void {
  describe(`people desk: ${name}`, () => {
    let desk: PeopleDesk
    let setClock: PeopleUnderTest['setClock']
    beforeAll(async () => {
      ;({ desk, setClock } = await make())
      setClock(T)
    })
    const password = 'correct Horse battery 7!'
    const user = async (name: string) => (await desk.users()).find((one) => one.name === name)

    it('keeps a user with a role and sites, whatever those are called', async () => {
      const sites = ['north', 'hall 2, east']
      expect(await desk.putUser({ name: 'pd-a@example.com', role: 'operator', sites }, password)).toMatchObject({ name: 'pd-a@example.com', role: 'operator', sites }) // prettier-ignore
      expect(await user('pd-a@example.com')).toMatchObject({ role: 'operator', sites })
      expect(JSON.stringify(await desk.users())).not.toContain(password)
    })

    it('tells no sites from all of them', async () => {
      await desk.putUser({ name: 'pd-none@example.com', role: 'viewer', sites: [] }, password)
      await desk.putUser({ name: 'pd-all@example.com', role: 'viewer', sites: null }, password)
      expect(await user('pd-none@example.com')).toMatchObject({ sites: [] })
      expect(await user('pd-all@example.com')).toMatchObject({ sites: null })
    })

    it('changes a role and sites as a whole, and counts the user once', async () => {
      await desk.putUser({ name: 'pd-b@example.com', role: 'admin', sites: null }, password)
      await desk.putUser({ name: 'pd-b@example.com', role: 'viewer', sites: ['north'] }, undefined)
      const found = (await desk.users()).filter(({ name }) => name === 'pd-b@example.com')
      expect(found).toMatchObject([{ role: 'viewer', sites: ['north'] }])
      await desk.putUser({ name: 'pd-b@example.com', role: 'viewer', sites: null }, `${password}9`)
      expect(await user('pd-b@example.com')).toMatchObject({ role: 'viewer', sites: null })
    })

    it('removes a user once', async () => {
      await desk.putUser({ name: 'pd-c@example.com', role: 'viewer', sites: null }, password)
      expect(await desk.removeUser('pd-c@example.com')).toBe(true)
      expect(await user('pd-c@example.com')).toBeUndefined()
      expect(await desk.removeUser('pd-c@example.com')).toBe(false)
    })

    it('lists users by name', async () => {
      const names = (await desk.users()).map(({ name }) => name).filter((one) => one.startsWith('pd-'))
      expect(names).toEqual([...names].sort())
      expect(names.length).toBeGreaterThan(2)
    })

    it('knows a machine by its token until that is revoked or over, and says who it was', async () => {
      const account = { name: 'historian', role: 'viewer', sites: ['north'] } as const
      const lasting = await desk.createToken(account, null)
      const short = await desk.createToken(account, T + 1000)
      expect(await desk.authenticate(lasting.token)).toEqual({ ...account, name: 'token:historian' })
      expect(await desk.authenticate(short.token)).not.toBeNull()
      setClock(T + 1000)
      expect(await desk.authenticate(short.token)).toBeNull()
      expect(await desk.revokeToken(lasting.view.id)).toMatchObject({ revokedAt: T + 1000 })
      expect(await desk.authenticate(lasting.token)).toBeNull()
      expect(await desk.revokeToken('0'.repeat(18))).toBeNull()
      const ids = (await desk.tokens()).map(({ id }) => id)
      expect(ids).toEqual(expect.arrayContaining([lasting.view.id, short.view.id]))
    })

    it('takes no forged token and shows no secret', async () => {
      const one = await desk.createToken({ name: 'one', role: 'admin', sites: null }, null)
      const two = await desk.createToken({ name: 'two', role: 'viewer', sites: null }, null)
      const secretOf = (token: string) => token.slice(token.indexOf('_', 3) + 1)
      const forged = [`tt_${one.view.id}_${secretOf(two.token)}`, one.token.slice(0, -1), `${one.token}x`, `tt_${one.view.id}_`, 'tt_', '', 'a.b.c'] // prettier-ignore
      for (const token of forged) expect(await desk.authenticate(token)).toBeNull()
      const shown = JSON.stringify([await desk.tokens(), one.view])
      expect(shown).not.toContain(secretOf(one.token))
      expect(shown).not.toContain('hash')
    })
  })
}
