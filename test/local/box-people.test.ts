import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBoxPeople } from '../../local/box-people.ts'
import type { PeopleStore } from '../../src/ports/people.ts'

const store = { users: async () => [], tokens: async () => [] } as unknown as PeopleStore
const settings = { issuer: 'https://login.example.com', audience: 'telltale', roleClaim: 'groups', sitesClaim: 'sites' } // prettier-ignore

let dir: string
let said: string[]
let elapsed: number
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'telltale-people-'))
  said = []
  elapsed = 0
})
afterEach(() => rmSync(dir, { recursive: true }))

async function peopleWith(text: string | null) {
  if (text !== null) writeFileSync(join(dir, 'oidc.json'), text)
  return openBoxPeople({ dir, store, clock: { now: () => 0, elapsed: () => elapsed }, log: (line) => said.push(line) }) // prettier-ignore
}

describe('openBoxPeople', () => {
  it.each([
    ['{', 'it is no JSON'],
    [JSON.stringify({ ...settings, rolesClaim: 'x' }), 'rolesClaim'],
    [JSON.stringify({ ...settings, issuer: undefined }), 'issuer: must be an address'],
    [JSON.stringify({ ...settings, roleClaim: undefined }), 'roleClaim: must be the name of a claim'],
    [JSON.stringify({ ...settings, roles: { staff: 'king' } }), 'roles.staff'],
  ])('says at the start what is wrong with oidc.json: %s', async (text, why) => {
    const people = await peopleWith(text)
    expect(people.trouble()).toContain(why)
    expect(said.join()).toContain('oidc.json')
    expect(await people.desk.authenticate('a.b.c')).toBeNull()
  })

  it('has no trouble with a file that is right, or with none, and gets over one that was mended', async () => {
    expect((await peopleWith(null)).trouble()).toBeNull()
    const people = await peopleWith('{')
    writeFileSync(
      join(dir, 'oidc.json'),
      JSON.stringify({ ...settings, jwksUri: 'https://login.example.com/keys' }),
    )
    expect(await people.desk.authenticate('no.such.token')).toBeNull()
    expect(people.trouble()).not.toBeNull()
    elapsed = 31_000
    expect(await people.desk.authenticate('nothing')).toBeNull()
    expect(people.trouble()).toBeNull()
  })
})
