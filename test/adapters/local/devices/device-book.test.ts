import { describe, expect, it } from 'vitest'
import { groupCommit, openDeviceBook } from '../../../../src/adapters/local/devices/schema.ts'
import { sqliteCommandBook } from '../../../../src/adapters/local/devices/sqlite-command-book.ts'
import { sqliteJobStore } from '../../../../src/adapters/local/devices/sqlite-job-store.ts'
import { jobStoreContract } from '../../../contracts/job-store.ts'
import { openBoxGroups } from '../../../../local/box-groups.ts'
import {
  sqliteGroups,
  sqliteProvisioning,
} from '../../../../src/adapters/local/devices/sqlite-device-desk.ts'
import { sqliteShadowStore } from '../../../../src/adapters/local/devices/sqlite-shadow-store.ts'
import { createShadowDesk } from '../../../../src/pipeline/devices/shadow-desk.ts'
import { shadowDeskContract } from '../../../contracts/shadow-desk.ts'
import { groupsContract } from '../../../contracts/groups.ts'
import { provisioningStoreContract } from '../../../contracts/provisioning-store.ts'
import { commandBookContract } from '../../../contracts/command-book.ts'

function book() {
  const db = openDeviceBook(':memory:')
  return { db, commit: groupCommit(db) }
}

commandBookContract('SQLite', () => {
  const { db, commit } = book()
  return sqliteCommandBook(db, commit)
})

provisioningStoreContract('SQLite', () => {
  const { db, commit } = book()
  return sqliteProvisioning(db, commit)
})

describe('sqliteCommandBook', () => {
  it('forgets what was finished long ago and nothing that is open', async () => {
    const { db, commit } = book()
    const commands = sqliteCommandBook(db, commit)
    const given = (id: string) => ({ id, thing: 'm1', name: 'blink', payload: null, expiresAt: 1000, atMostOnce: false }) // prettier-ignore
    await commands.add([given('a'), given('b'), given('c')], 'ada', 1)
    await commands.advance('m1', 'a', { kind: 'answered', status: 'succeeded' }, 10)
    await commands.advance('m1', 'b', { kind: 'answered', status: 'failed' }, 20)
    await commands.prune(15)
    expect((await commands.list({ thing: 'm1', limit: 9 })).map(({ id }) => id)).toEqual(['c', 'b'])
  })

  it('finds what is open by an index, however many commands were finished', () => {
    const { db, commit } = book()
    sqliteCommandBook(db, commit)
    const plan = (sql: string): string =>
      db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map((row) => String(row['detail']))
        .join('; ')
    expect(plan(`SELECT * FROM command WHERE thing = 'a' AND expires > 1 AND status IN ('queued', 'sent') ORDER BY seq`)).toContain('command_waiting') // prettier-ignore
    expect(plan(`SELECT * FROM command WHERE status IN ('queued', 'sent', 'acknowledged') AND expires <= 1`)).toContain('command_open') // prettier-ignore
    expect(plan(`SELECT count(*) AS n FROM (SELECT 1 FROM command WHERE thing = 'a' AND expires > 1 AND status IN ('queued', 'sent', 'acknowledged') LIMIT 9)`)).toContain('command_unfinished') // prettier-ignore
    expect(plan(`SELECT seq FROM command WHERE finished < 1`)).toContain('command_finished')
  })
})

jobStoreContract('SQLite', () => {
  const { db, commit } = book()
  const store = sqliteJobStore(db, commit)
  return Promise.resolve({
    store,
    report: async (thing, job, status) => {
      const execution = (await store.execution(thing, job))!
      await store.put({ ...execution, status, startedAt: 1, versionNumber: execution.versionNumber + 1 }, execution.versionNumber) // prettier-ignore
    },
  })
})

groupsContract('SQLite', () => {
  const { db, commit } = book()
  return openBoxGroups(sqliteGroups(db, commit))
})

shadowDeskContract('SQLite', () => {
  const { db, commit } = book()
  const clock = { now: () => 1_795_341_600_000, elapsed: () => 0 }
  return Promise.resolve(createShadowDesk({ store: sqliteShadowStore(db, commit), clock, publish: () => {} }))
})
