import type { DatabaseSync } from 'node:sqlite'
import type { Change } from '../../../core/device/profile.ts'
import type { ConfigStore } from '../../../ports/config-store.ts'
import { inTransaction } from './schema.ts'

/** Versioned configuration in SQLite; the same version again replaces itself. */
export function sqliteConfigStore(db: DatabaseSync): ConfigStore {
  const insert = db.prepare('INSERT OR REPLACE INTO config VALUES (?, ?, ?, ?)')
  return {
    all: async () =>
      db
        .prepare('SELECT kind, key, effective, value FROM config ORDER BY effective')
        .all()
        .map(
          (r) =>
            ({
              kind: r['kind'],
              key: r['key'],
              effectiveFrom: r['effective'],
              value: JSON.parse(r['value'] as string) as unknown,
            }) as Change,
        ),
    put: async (changes) =>
      inTransaction(db, () => {
        for (const { kind, key, effectiveFrom, value } of changes)
          insert.run(kind, key, effectiveFrom, JSON.stringify(value))
      }),
  }
}
