import type { DatabaseSync } from 'node:sqlite'
import { bucketOf, type LakeFile, type LakeKind } from '../../../core/history/lake-layout.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'

/** The lake's part of the tail's database, so that one transaction covers rows and files. Part of the tail's format. */
export const lakeTables = `
  CREATE TABLE lake_file (
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, day INTEGER NOT NULL, until INTEGER NOT NULL,
    bucket INTEGER NOT NULL, buckets INTEGER NOT NULL, generation INTEGER NOT NULL, stage TEXT NOT NULL,
    tier TEXT NOT NULL, rows INTEGER NOT NULL, bytes INTEGER NOT NULL, checksum TEXT NOT NULL,
    min_at INTEGER NOT NULL, max_at INTEGER NOT NULL, damaged INTEGER NOT NULL, sealed_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lake_file_day ON lake_file (kind, day);
  CREATE TABLE lake_garbage (path TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE lake_state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE lake_dirty (device INTEGER NOT NULL, minute INTEGER NOT NULL, PRIMARY KEY (device, minute)) STRICT, WITHOUT ROWID;
`

/** Made where they lack when a tail is opened: a release that does not know them is not troubled. */
export const lakeIndexes = `
  CREATE INDEX IF NOT EXISTS lake_file_bucket ON lake_file (kind, buckets, bucket, day);
  CREATE INDEX IF NOT EXISTS lake_file_damaged ON lake_file (path) WHERE damaged = 1;
  CREATE INDEX IF NOT EXISTS lake_file_piece ON lake_file (day) WHERE stage = 'hour';
`

export interface ManifestFile extends LakeFile {
  sealedAt: EpochMs
}

/** Exactly these rows go: those of these devices and times that had arrived when the seal began. */
export interface Deletion {
  table: 'pack' | 'window'
  devices: number[]
  from: EpochMs
  to: EpochMs
  arrival: number
}

/** One atomic change of what is visible. */
export interface LakeChange {
  add: ManifestFile[]
  remove: string[]
  deletions: Deletion[]
  at: EpochMs
}

export interface ManifestReader {
  /** Files that overlap the days [from, until), whatever their state. */
  files(kind: LakeKind | null, from: number, until: number): ManifestFile[]
  /** Those of them that may hold one of these devices. */
  filesOf(kind: LakeKind, things: readonly string[], from: number, until: number): ManifestFile[]
  /** Days before this one that are sealed in pieces. */
  daysInPieces(before: number): number[]
  get(path: string): ManifestFile | null
  /** How many files are damaged, and one of them. */
  damaged(): { files: number; path: string | null }
  state(key: string): number
  /** Changes with every publication. */
  version(): number
}

/** The longest time that a file of a kind covers. */
const mostDays: Record<LakeKind, number> = { readings: 1, windows: 1, quarters: 31, days: 366 }

export function readManifest(db: DatabaseSync): ManifestReader {
  const byDay = db.prepare(
    'SELECT * FROM lake_file WHERE kind = ? AND day > ? AND day < ? AND until > ? ORDER BY day, bucket, generation',
  )
  const all = db.prepare(
    'SELECT * FROM lake_file WHERE day < ? AND until > ? ORDER BY kind, day, bucket, generation',
  )
  const nextBuckets = db.prepare('SELECT min(buckets) AS n FROM lake_file WHERE kind = ? AND buckets > ?')
  const byBucket = db.prepare(
    'SELECT * FROM lake_file WHERE kind = ? AND buckets = ? AND bucket = ? AND day > ? AND day < ? AND until > ?',
  )
  const inPieces = db.prepare(`SELECT DISTINCT day FROM lake_file WHERE stage = 'hour' AND day < ?`)
  const one = db.prepare('SELECT * FROM lake_file WHERE path = ?')
  const damaged = db.prepare('SELECT count(*) AS files, min(path) AS path FROM lake_file WHERE damaged = 1')
  const value = db.prepare('SELECT value FROM lake_state WHERE key = ?')
  const state = (key: string): number => (value.get(key) as { value: number } | undefined)?.value ?? 0

  function filesOf(kind: LakeKind, things: readonly string[], from: number, until: number): ManifestFile[] {
    const found: ManifestFile[] = []
    for (let buckets = 0; ;) {
      const { n } = nextBuckets.get(kind, buckets) as { n: number | null }
      if (n === null) break
      buckets = n
      for (const bucket of new Set(things.map((thing) => bucketOf(thing, buckets))))
        for (const row of byBucket.all(kind, buckets, bucket, from - mostDays[kind], until, from))
          found.push(fileOf(row))
    }
    return found.sort((a, b) => a.day - b.day || a.bucket - b.bucket || a.generation - b.generation)
  }

  return {
    files: (kind, from, until) =>
      (kind === null ? all.all(until, from) : byDay.all(kind, from - mostDays[kind], until, from)).map(
        fileOf,
      ),
    filesOf,
    daysInPieces: (before) => inPieces.all(before).map((r) => r['day'] as number),
    get: (path) => {
      const row = one.get(path)
      return row ? fileOf(row) : null
    },
    damaged: () => damaged.get() as { files: number; path: string | null },
    state,
    version: () => state('version'),
  }
}

export interface ManifestWriter extends ManifestReader {
  /** A number that everything written so far is at or below, and everything written later above. */
  beginSeal(): number
  /** The arrival number of rows written now. */
  arrival(): number
  /** Within the caller's transaction. Throws where a file to be removed is not listed any more: someone was faster. */
  publish(change: LakeChange): void
  setState(key: string, value: number): void
  garbage(before: EpochMs): string[]
  forgetGarbage(paths: readonly string[]): void
  setDamaged(path: string, damaged: boolean): void
  setTier(path: string, file: Pick<ManifestFile, 'path' | 'tier'>): void
}

export function writeManifest(db: DatabaseSync): ManifestWriter {
  const reader = readManifest(db)
  const put = db.prepare('INSERT OR REPLACE INTO lake_state VALUES (?, ?)')
  const insert = db.prepare(
    'INSERT OR REPLACE INTO lake_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const drop = db.prepare('DELETE FROM lake_file WHERE path = ?')
  const discard = db.prepare('INSERT OR REPLACE INTO lake_garbage VALUES (?, ?)')
  const keep = db.prepare('DELETE FROM lake_garbage WHERE path = ?')
  const deletePacks = db.prepare('DELETE FROM pack WHERE device = ? AND at >= ? AND at < ? AND arrival <= ?')
  const measuresOf = db.prepare('SELECT min(measure) AS m FROM window WHERE device = ? AND measure > ?')
  const deleteWindows = db.prepare(
    'DELETE FROM window WHERE device = ? AND measure = ? AND minute >= ? AND minute < ? AND arrival <= ?',
  )
  let arrival = reader.state('arrival') || 1
  const setState = (key: string, value: number): void => void put.run(key, value)

  function remove({ table, devices, from, to, arrival }: Deletion): void {
    for (const device of devices) {
      if (table === 'pack') deletePacks.run(device, from, to, arrival)
      else
        for (let measure = -1; ;) {
          const { m } = measuresOf.get(device, measure) as { m: number | null }
          if (m === null) break
          deleteWindows.run(device, m, Math.ceil(from / 60_000), Math.ceil(to / 60_000), arrival)
          measure = m
        }
    }
  }

  return {
    ...reader,
    arrival: () => arrival,
    setState,
    beginSeal: () => {
      setState('arrival', arrival + 1)
      return arrival++
    },
    publish: ({ add, remove: gone, deletions, at }) => {
      for (const path of gone) {
        if (drop.run(path).changes === 0) throw new Error(`${path} is not in the manifest any more`)
        discard.run(path, at)
      }
      for (const f of add) {
        insert.run(
          f.path, f.kind, f.day, f.until, f.bucket, f.buckets, f.generation, f.stage, f.tier, f.rows, f.bytes,
          f.checksum, f.minAt, f.maxAt, f.damaged ? 1 : 0, f.sealedAt,
        ) // prettier-ignore
        keep.run(f.path)
      }
      for (const deletion of deletions) remove(deletion)
      setState('version', reader.version() + 1)
    },
    garbage: (before) =>
      db
        .prepare('SELECT path FROM lake_garbage WHERE since < ?')
        .all(before)
        .map((r) => r['path'] as string),
    forgetGarbage: (paths) => {
      for (const path of paths) keep.run(path)
    },
    setDamaged: (path, damaged) =>
      void db.prepare('UPDATE lake_file SET damaged = ? WHERE path = ?').run(damaged ? 1 : 0, path),
    setTier: (path, file) => {
      const known = reader.get(path)
      if (!known) throw new Error(`${path} is not in the manifest any more`)
      drop.run(path)
      insert.run(
        file.path, known.kind, known.day, known.until, known.bucket, known.buckets, known.generation, known.stage,
        file.tier, known.rows, known.bytes, known.checksum, known.minAt, known.maxAt, known.damaged ? 1 : 0, known.sealedAt,
      ) // prettier-ignore
      setState('version', reader.version() + 1)
    },
  }
}

/** A row of `lake_file`. */
export const fileOf = (r: Record<string, unknown>): ManifestFile => ({
  path: r['path'] as string,
  kind: r['kind'] as LakeKind,
  day: r['day'] as number,
  until: r['until'] as number,
  bucket: r['bucket'] as number,
  buckets: r['buckets'] as number,
  generation: r['generation'] as number,
  stage: r['stage'] as LakeFile['stage'],
  tier: r['tier'] as LakeFile['tier'],
  rows: r['rows'] as number,
  bytes: r['bytes'] as number,
  checksum: r['checksum'] as string,
  minAt: r['min_at'] as number,
  maxAt: r['max_at'] as number,
  damaged: r['damaged'] === 1,
  sealedAt: r['sealed_at'] as number,
})
