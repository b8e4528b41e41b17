import { DatabaseSync } from 'node:sqlite'
import { lakeIndexes, lakeTables } from '../lake/manifest.ts'

/** Raised whenever a table changes; a file of a later release is refused, one of an earlier release is migrated. */
export const TAIL_FORMAT = 3

const tables = `
  CREATE TABLE name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE pack (
    device INTEGER NOT NULL, at INTEGER NOT NULL, position INTEGER NOT NULL,
    last INTEGER NOT NULL, received INTEGER NOT NULL, data BLOB NOT NULL, arrival INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (device, at, position)) STRICT, WITHOUT ROWID;
  CREATE TABLE window (
    device INTEGER NOT NULL, measure INTEGER NOT NULL, minute INTEGER NOT NULL,
    n INTEGER NOT NULL, sum REAL NOT NULL, m2 REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL,
    first REAL NOT NULL, last REAL NOT NULL, version INTEGER NOT NULL, repaired INTEGER NOT NULL,
    arrival INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (device, measure, minute)) STRICT, WITHOUT ROWID;
  CREATE TABLE dirty (device INTEGER NOT NULL, minute INTEGER NOT NULL, PRIMARY KEY (device, minute)) STRICT, WITHOUT ROWID;
  CREATE TABLE anomaly (
    device INTEGER NOT NULL, at INTEGER NOT NULL, measure INTEGER NOT NULL, detector TEXT NOT NULL,
    score REAL NOT NULL, observed REAL NOT NULL, low REAL, high REAL,
    PRIMARY KEY (device, at, measure, detector)) STRICT, WITHOUT ROWID;
  CREATE INDEX anomaly_at ON anomaly (at);
  CREATE TABLE fact (
    type TEXT NOT NULL, device INTEGER NOT NULL, key TEXT NOT NULL,
    at INTEGER NOT NULL, until INTEGER NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (type, device, key)) STRICT, WITHOUT ROWID;
  CREATE INDEX fact_at ON fact (type, at);
  CREATE TABLE quarantine (
    position INTEGER PRIMARY KEY, topic TEXT NOT NULL, client TEXT NOT NULL, received INTEGER NOT NULL,
    payload BLOB NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, status TEXT NOT NULL) STRICT;
  CREATE TABLE state (
    thing TEXT PRIMARY KEY, version INTEGER NOT NULL, measures TEXT NOT NULL, outbox TEXT NOT NULL, bytes BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE births (thing TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;
  INSERT INTO progress VALUES (1, 0);
  ${lakeTables}
`

/** Additions that every format can have: an index changes no row. */
const indexes = `
  CREATE INDEX IF NOT EXISTS fact_device ON fact (type, device, at);
  CREATE INDEX IF NOT EXISTS fact_withdrawn ON fact (version) WHERE until < 0;
`

/** What each format lacks of the next one. */
const migrations: Readonly<Record<number, string>> = {
  1: `
    ALTER TABLE pack ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE window ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0;
    ${lakeTables}`,
  // Rows of several packs (pack-rows.ts), which format 2 cannot read.
  2: '',
}

/** Opens the tail for its one writer, making it on the first run. */
export function openTail(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (found > TAIL_FORMAT) {
    db.close()
    throw new Error(
      `${file} has format ${found}, this release reads up to ${TAIL_FORMAT}; start the release that wrote it`,
    )
  }
  // Rows of a thousand devices touch pages all over the file: the longer the log, the more of them share a write.
  db.exec(`
    PRAGMA page_size = 8192;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = 8192;
    PRAGMA cache_size = -65536`)
  if (found === 0) db.exec(`BEGIN; ${tables} PRAGMA user_version = ${TAIL_FORMAT}; COMMIT`)
  else
    for (let version = found; version < TAIL_FORMAT; version++)
      db.exec(`BEGIN; ${migrations[version]!} PRAGMA user_version = ${version + 1}; COMMIT`)
  db.exec(indexes)
  db.exec(lakeIndexes)
  return db
}

export function openTailForReading(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  db.exec('PRAGMA cache_size = -65536')
  return db
}
