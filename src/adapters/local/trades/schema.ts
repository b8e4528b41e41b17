import { DatabaseSync } from 'node:sqlite'

/** Raised whenever a table changes; a file of a later release is refused. */
const FORMAT = 1

const tables = `
  CREATE TABLE job_done (job TEXT PRIMARY KEY, minute INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE work_order (
    id TEXT PRIMARY KEY, thing TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX work_order_thing ON work_order (thing, id);
  CREATE INDEX work_order_status ON work_order (status, id);
`

/** Opens what jobs and mechanics leave behind. Every write is on disk when it returns: there are few of them. */
export function openTrades(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (found > FORMAT) {
    db.close()
    throw new Error(
      `${file} has format ${found}, this release reads up to ${FORMAT}; start the release that wrote it`,
    )
  }
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
  if (found === 0) db.exec(`BEGIN; ${tables} PRAGMA user_version = ${FORMAT}; COMMIT`)
  return db
}
