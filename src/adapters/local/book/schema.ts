import { DatabaseSync } from 'node:sqlite'

/** What each format adds to the one before, so that a file of any earlier release is brought up to date. */
const formats: readonly string[] = [
  `
  CREATE TABLE alarm (
    id TEXT PRIMARY KEY, rule TEXT NOT NULL, thing TEXT NOT NULL, key TEXT NOT NULL,
    active INTEGER NOT NULL, acknowledged INTEGER NOT NULL, severity TEXT NOT NULL,
    raised INTEGER NOT NULL, cleared INTEGER, transition INTEGER NOT NULL, occurrences INTEGER NOT NULL, why TEXT NOT NULL,
    acknowledged_at INTEGER, acknowledged_by TEXT, comment TEXT) STRICT, WITHOUT ROWID;
  CREATE INDEX alarm_open ON alarm (active, acknowledged, id);
  CREATE INDEX alarm_thing ON alarm (thing, id);
  CREATE TABLE alarm_event (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, alarm TEXT NOT NULL, at INTEGER NOT NULL, recorded INTEGER NOT NULL,
    kind TEXT NOT NULL, severity TEXT NOT NULL, by TEXT, text TEXT NOT NULL) STRICT;
  CREATE INDEX alarm_event_alarm ON alarm_event (alarm, seq);
  CREATE TABLE untold (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, transition TEXT NOT NULL) STRICT;
  CREATE TABLE config (
    kind TEXT NOT NULL, key TEXT NOT NULL, effective INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, key, effective)) STRICT, WITHOUT ROWID;
  CREATE TABLE credential (
    fingerprint TEXT PRIMARY KEY, thing TEXT NOT NULL, serial TEXT NOT NULL, status TEXT NOT NULL,
    not_before INTEGER NOT NULL, not_after INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX credential_thing ON credential (thing);
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
    detail TEXT NOT NULL) STRICT;
  CREATE INDEX audit_subject ON audit (subject, seq);
`,
  `
  CREATE INDEX audit_action ON audit (action, seq);
  CREATE INDEX audit_actor ON audit (actor, seq);
  CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
    BEGIN SELECT raise(ABORT, 'the audit log is never changed'); END;
  CREATE TRIGGER audit_kept BEFORE DELETE ON audit
    BEGIN SELECT raise(ABORT, 'the audit log is never shortened'); END;
`,
]
/** A file of a later release is refused. */
export const BOOK_FORMAT = formats.length

/** Opens the book: what people and machines must find again whatever happens to telemetry. */
export function openBook(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (found > BOOK_FORMAT) {
    db.close()
    throw new Error(
      `${file} has format ${found}, this release reads up to ${BOOK_FORMAT}; start the release that wrote it`,
    )
  }
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON')
  formats.slice(found).forEach((addition, i) => {
    db.exec(`BEGIN; ${addition} PRAGMA user_version = ${found + i + 1}; COMMIT`)
  })
  return db
}

/** One transaction, on disk when it returns. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('PRAGMA synchronous = FULL')
  try {
    return transact(db, work)
  } finally {
    db.exec('PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON')
  }
}

/**
 * One transaction that the journal could repeat: it survives the process at once, and a power loss from the next
 * durable transaction on, whose sync covers the log before it.
 */
export function inRepeatableTransaction<T>(db: DatabaseSync, work: () => T): T {
  return transact(db, work)
}

/** Makes everything before it durable. */
export function syncBook(db: DatabaseSync): void {
  inTransaction(db, () => db.exec(`PRAGMA user_version = ${BOOK_FORMAT}`))
}

function transact<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const value = work()
    db.exec('COMMIT')
    return value
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
