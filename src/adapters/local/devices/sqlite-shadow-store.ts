import type { DatabaseSync } from 'node:sqlite'
import {
  shadowLimits,
  updateShadow,
  isShadowError,
  type ShadowDocument,
} from '../../../core/device/shadow.ts'
import type { ShadowStore } from '../../../ports/shadow-desk.ts'
import type { Commit } from './schema.ts'

/** Shadows in SQLite. A deleted shadow leaves its version behind. */
export function sqliteShadowStore(db: DatabaseSync, commit: Commit): ShadowStore {
  const one = db.prepare('SELECT version, document FROM shadow WHERE thing = ? AND name = ?')
  const put = db.prepare('INSERT OR REPLACE INTO shadow VALUES (?, ?, ?, ?)')
  const live = db.prepare('SELECT count(*) AS n FROM shadow WHERE thing = ? AND document IS NOT NULL')
  const named = db.prepare('SELECT name FROM shadow WHERE thing = ? AND document IS NOT NULL ORDER BY name')
  const drop = db.prepare('DELETE FROM shadow WHERE thing = ?')

  function find(thing: string, shadow: string): { version: number; document: ShadowDocument | null } {
    const row = one.get(thing, shadow) as { version: number; document: string | null } | undefined
    if (!row) return { version: 0, document: null }
    const document = row.document === null ? null : (JSON.parse(row.document) as ShadowDocument)
    return { version: row.version, document }
  }

  return {
    read: async (thing, shadow) => find(thing, shadow).document,
    apply: (thing, shadow, update, now) =>
      commit(() => {
        const { version, document } = find(thing, shadow)
        if (document === null && (live.get(thing) as { n: number }).n >= shadowLimits.shadowsPerThing)
          return { code: 400, message: `a thing has at most ${shadowLimits.shadowsPerThing} shadows` }
        const change = updateShadow(document, version, update, now)
        if (!isShadowError(change))
          put.run(thing, shadow, change.document.version, JSON.stringify(change.document))
        return change
      }),
    erase: (thing, shadow) =>
      commit(() => {
        const { version, document } = find(thing, shadow)
        if (document === null) return null
        put.run(thing, shadow, version, null)
        return version
      }),
    names: async (thing) => named.all(thing).map((row) => row['name'] as string),
    forget: (thing) => commit(() => void drop.run(thing)),
  }
}
