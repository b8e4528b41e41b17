import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

export interface Row {
  /** Position of the row's first record. */
  first: number
  n: number
  data: Uint8Array
}

/** Raw records on disk, in order, in files that are dropped whole once nobody needs them. Synchronous. */
export interface Segments {
  /** Position that the next record gets. */
  next(): number
  /** Durable when it returns. Appending the same `first` again replaces it, so a doubtful append may be repeated. */
  append(row: Row): void
  /** Rows from the one that holds `from` on, until `maxBytes` of them are together. */
  read(from: number, maxBytes: number): Row[]
  /** Drops the files all of whose records lie before `position`, or hands them to the archive. */
  dropBefore(position: number): void
  /** The next row starts a file of its own. */
  rotate(): void
  bytes(): number
  close(): void
}

interface Segment {
  file: string
  first: number
  bytes: number
  db: DatabaseSync
  insert: StatementSync
}

/**
 * One SQLite file a segment. The write-ahead log is never checkpointed: every byte is written once, in sequence, and
 * a segment disappears with its log. SQLite's frame checksums end a torn log at its last whole commit.
 */
export function openSegments(
  dir: string,
  maxSegmentBytes: number,
  /** Where dropped files wait to be archived; without it they are gone. */
  pendingDir: string | null = null,
): Segments {
  mkdirSync(dir, { recursive: true })
  if (pendingDir !== null) mkdirSync(pendingDir, { recursive: true })
  const segments: Segment[] = readdirSync(dir)
    .filter((name) => name.endsWith('.db'))
    .sort()
    .map((name) => open(join(dir, name), Number(name.slice(0, -3))))
  let next = 1
  let rotating = false
  for (const segment of segments) {
    const end = segment.db.prepare('SELECT first + n AS next FROM row ORDER BY first DESC LIMIT 1').get() as
      { next: number } | undefined
    next = Math.max(next, segment.first, end?.next ?? 0)
  }

  function append({ first, n, data }: Row): void {
    let segment = segments.at(-1)
    if (!segment || segment.bytes >= maxSegmentBytes || (rotating && segment.bytes > 0)) {
      rotating = false
      segment = open(join(dir, `${String(first).padStart(16, '0')}.db`), first)
      segments.push(segment)
    }
    segment.insert.run(first, n, data)
    segment.bytes += data.length
    next = first + n
  }

  function read(from: number, maxBytes: number): Row[] {
    const rows: Row[] = []
    let bytes = 0
    for (const [i, segment] of segments.entries()) {
      if (i + 1 < segments.length && segments[i + 1]!.first <= from) continue
      const start = 'SELECT coalesce(max(first), 0) AS first FROM row WHERE first <= ?'
      const holding = segment.db.prepare(start).get(from) as { first: number }
      for (const row of segment.db
        .prepare('SELECT first, n, data FROM row WHERE first >= ? ORDER BY first')
        .iterate(holding.first)) {
        const { first, n, data } = row as unknown as Row
        if (first + n <= from) continue
        rows.push({ first, n, data })
        bytes += data.length
        if (bytes >= maxBytes) return rows
      }
    }
    return rows
  }

  function dropBefore(position: number): void {
    while (segments.length > 1 && segments[1]!.first <= position) {
      const { db, file } = segments.shift()!
      if (pendingDir !== null) {
        db.exec('PRAGMA synchronous = OFF') // the archive makes its own copy durable
        db.close()
        renameSync(file, join(pendingDir, basename(file)))
        continue
      }
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
      db.exec('PRAGMA synchronous = OFF') // closing copies the log into the unlinked file; at least it need not reach the disk
      db.close()
    }
  }

  return {
    next: () => next,
    append,
    read,
    dropBefore,
    rotate: () => void (rotating = true),
    bytes: () => segments.reduce((sum, s) => sum + s.bytes, 0),
    close: () => {
      for (const { db } of segments) db.close()
    },
  }
}

function open(file: string, first: number): Segment {
  const db = new DatabaseSync(file)
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA page_size = 8192;
    CREATE TABLE IF NOT EXISTS row (first INTEGER PRIMARY KEY, n INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
  `)
  const { bytes } = db.prepare('SELECT coalesce(sum(length(data)), 0) AS bytes FROM row').get() as {
    bytes: number
  }
  return { file, first, bytes, db, insert: db.prepare('INSERT OR REPLACE INTO row VALUES (?, ?, ?)') }
}
