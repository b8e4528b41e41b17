import { DatabaseSync } from 'node:sqlite'

/** What each format adds to the one before, so that a file of any earlier release is brought up to date. */
const formats: readonly string[] = [
  `
  CREATE TABLE shadow (
    thing TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, document TEXT,
    PRIMARY KEY (thing, name)) STRICT, WITHOUT ROWID;
  CREATE TABLE command (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, thing TEXT NOT NULL, name TEXT NOT NULL, payload TEXT NOT NULL,
    once INTEGER NOT NULL, status TEXT NOT NULL, by TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
    sent INTEGER, finished INTEGER, detail TEXT) STRICT;
  CREATE INDEX command_thing ON command (thing, seq);
  CREATE INDEX command_open ON command (expires) WHERE status IN ('queued', 'sent', 'acknowledged');
  CREATE TABLE actuator (
    thing TEXT NOT NULL, name TEXT NOT NULL, ends INTEGER, value TEXT NOT NULL,
    PRIMARY KEY (thing, name)) STRICT, WITHOUT ROWID;
  CREATE INDEX actuator_ends ON actuator (ends) WHERE ends IS NOT NULL;
  CREATE TABLE job (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, released INTEGER NOT NULL, finished INTEGER,
    reason TEXT, fixed TEXT NOT NULL) STRICT;
  CREATE INDEX job_running ON job (seq) WHERE status = 'running';
  CREATE TABLE job_target (
    job TEXT NOT NULL, seq INTEGER NOT NULL, thing TEXT NOT NULL, PRIMARY KEY (job, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE execution (
    thing TEXT NOT NULL, job TEXT NOT NULL, status TEXT NOT NULL, details TEXT NOT NULL, queued INTEGER NOT NULL,
    started INTEGER, updated INTEGER NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL, times_out INTEGER,
    PRIMARY KEY (thing, job)) STRICT, WITHOUT ROWID;
  CREATE INDEX execution_job ON execution (job, status, thing);
  CREATE INDEX execution_times_out ON execution (times_out) WHERE times_out IS NOT NULL;
  CREATE TABLE user (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE token (id TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE template (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE claim (fingerprint TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE allowed (
    template TEXT NOT NULL, thing TEXT NOT NULL, PRIMARY KEY (template, thing)) STRICT, WITHOUT ROWID;
  CREATE TABLE retirement (fingerprint TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE vital (
    thing TEXT PRIMARY KEY, connected INTEGER NOT NULL, gap REAL NOT NULL, count INTEGER NOT NULL,
    odd INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE device_group (
    name TEXT NOT NULL, thing TEXT NOT NULL, PRIMARY KEY (name, thing)) STRICT, WITHOUT ROWID;
`,
  `
  CREATE INDEX command_waiting ON command (thing, seq) WHERE status IN ('queued', 'sent');
  CREATE INDEX command_finished ON command (finished) WHERE finished IS NOT NULL;
  ALTER TABLE actuator ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE job ADD COLUMN excused INTEGER NOT NULL DEFAULT 0;
`,
  `
  CREATE INDEX command_unfinished ON command (thing, expires) WHERE status IN ('queued', 'sent', 'acknowledged');
`,
]

/** Opens the file of everything about devices that is neither telemetry nor configuration. */
export function openDeviceBook(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  if (found > formats.length) {
    db.close()
    throw new Error(
      `${file} has format ${found}, this release reads up to ${formats.length}; start the release that wrote it`,
    )
  }
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
  formats.slice(found).forEach((addition, i) => {
    db.exec(`BEGIN; ${addition} PRAGMA user_version = ${found + i + 1}; COMMIT`)
  })
  return db
}

/** Runs work within a transaction; resolves once it is on disk. */
export type Commit = <T>(work: () => T) => Promise<T>

interface Waiting {
  run(): void
  settle(failure: Error | null): void
}

/**
 * Everything that arrives while the loop is busy shares one transaction and one sync, each in a savepoint of its own:
 * ten thousand devices that report after an outage cost a few syncs, and one that fails takes no other with it.
 */
export function groupCommit(db: DatabaseSync): Commit {
  let waiting: Waiting[] = []

  function commitAll(): void {
    const group = waiting
    waiting = []
    let failure: Error | null = null
    try {
      db.exec('BEGIN IMMEDIATE')
      for (const { run } of group) run()
      db.exec('COMMIT')
    } catch (error) {
      failure = error as Error
      if (db.isTransaction) db.exec('ROLLBACK')
    }
    for (const { settle } of group) settle(failure)
  }

  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      let outcome: { value: T } | { error: Error } | null = null
      const run = (): void => {
        db.exec('SAVEPOINT work')
        try {
          outcome = { value: work() }
        } catch (error) {
          outcome = { error: error as Error }
          if (db.isTransaction) db.exec('ROLLBACK TO work')
        }
        db.exec('RELEASE work')
      }
      const settle = (failure: Error | null): void => {
        if (failure !== null || outcome === null) reject(failure ?? new Error('the transaction did not run'))
        else if ('error' in outcome) reject(outcome.error)
        else resolve(outcome.value)
      }
      if (waiting.push({ run, settle }) === 1) setImmediate(commitAll)
    })
}
