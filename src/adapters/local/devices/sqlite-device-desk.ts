import type { DatabaseSync } from 'node:sqlite'
import type {
  Claim,
  GroupStore,
  ProvisioningStore,
  ProvisioningTemplate,
  RetirementStore,
  VitalStore,
} from '../../../ports/device-desk-store.ts'
import type { Commit } from './schema.ts'

/** Templates, claims and the allow-list in SQLite. */
export function sqliteProvisioning(db: DatabaseSync, commit: Commit): ProvisioningStore {
  const templates = db.prepare('SELECT value FROM template ORDER BY name')
  const putTemplate = db.prepare('INSERT OR REPLACE INTO template VALUES (?, ?)')
  const claims = db.prepare('SELECT value FROM claim')
  const putClaim = db.prepare('INSERT OR REPLACE INTO claim VALUES (?, ?)')
  const allow = db.prepare('INSERT OR IGNORE INTO allowed VALUES (?, ?)')
  const disallow = db.prepare('DELETE FROM allowed WHERE template = ? AND thing = ?')
  const allowed = db.prepare('SELECT 1 FROM allowed WHERE template = ? AND thing = ?')
  const listed = db.prepare(
    'SELECT thing FROM allowed WHERE template = ? AND thing > ? ORDER BY thing LIMIT ?',
  )
  return {
    templates: async () =>
      templates.all().map((r) => JSON.parse(r['value'] as string) as ProvisioningTemplate),
    putTemplate: (template) => commit(() => void putTemplate.run(template.name, JSON.stringify(template))),
    claims: async () => claims.all().map((r) => JSON.parse(r['value'] as string) as Claim),
    putClaim: (claim) => commit(() => void putClaim.run(claim.fingerprint, JSON.stringify(claim))),
    allow: (template, things) => commit(() => things.forEach((thing) => allow.run(template, thing))),
    disallow: (template, thing) => commit(() => disallow.run(template, thing).changes === 1),
    isAllowed: async (template, thing) => allowed.get(template, thing) !== undefined,
    allowed: async (template, { cursor, limit }) =>
      listed.all(template, cursor ?? '', limit).map((row) => row['thing'] as string),
  }
}

export function sqliteVitals(db: DatabaseSync, commit: Commit): VitalStore {
  const all = db.prepare('SELECT * FROM vital')
  const put = db.prepare('INSERT OR REPLACE INTO vital VALUES (?, ?, ?, ?, ?)')
  const drop = db.prepare('DELETE FROM vital WHERE thing = ?')
  return {
    load: async () =>
      all.all().map((r) => ({
        thing: r['thing'] as string,
        everConnected: r['connected'] === 1,
        rhythm: { gapMs: r['gap'] as number, count: r['count'] as number, odd: r['odd'] as number },
      })),
    save: (changed, gone) =>
      commit(() => {
        for (const thing of gone) drop.run(thing)
        for (const { thing, everConnected, rhythm } of changed)
          put.run(thing, everConnected ? 1 : 0, rhythm.gapMs, rhythm.count, rhythm.odd)
      }),
  }
}

export function sqliteRetirements(db: DatabaseSync, commit: Commit): RetirementStore {
  const put = db.prepare('INSERT OR REPLACE INTO retirement VALUES (?, ?)')
  const due = db.prepare('SELECT fingerprint FROM retirement WHERE at <= ?')
  const all = db.prepare('SELECT * FROM retirement')
  const drop = db.prepare('DELETE FROM retirement WHERE fingerprint = ?')
  return {
    retireAt: (fingerprint, at) => commit(() => void put.run(fingerprint, at)),
    due: async (now) => due.all(now).map((row) => row['fingerprint'] as string),
    settled: (fingerprint) => commit(() => void drop.run(fingerprint)),
    planned: async () =>
      all.all().map((row) => ({ fingerprint: row['fingerprint'] as string, at: row['at'] as number })),
  }
}

export function sqliteGroups(db: DatabaseSync, commit: Commit): GroupStore {
  const all = db.prepare('SELECT name, thing FROM device_group')
  const add = db.prepare('INSERT OR IGNORE INTO device_group VALUES (?, ?)')
  const remove = db.prepare('DELETE FROM device_group WHERE name = ? AND thing = ?')
  return {
    all: async () =>
      all.all().map((row) => ({ group: row['name'] as string, thing: row['thing'] as string })),
    add: (group, things) => commit(() => things.forEach((thing) => add.run(group, thing))),
    remove: (group, things) => commit(() => things.forEach((thing) => remove.run(group, thing))),
  }
}
