import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Anomaly, Fact } from '../../../core/telemetry/stage.ts'
import type { WindowRow } from '../../../core/window/window.ts'
import type { QuarantineEntry } from '../../../ports/quarantine.ts'
import { bucketOf, dayOf, type LakeFile } from '../../../core/history/lake-layout.ts'
import { writeManifest, type ManifestWriter } from '../lake/manifest.ts'
import { createCheckpointRows, type Checkpoint } from './checkpoint-rows.ts'
import { createPackRows } from './pack-rows.ts'
import { createQuarantineRows, quarantineLimits } from './quarantine-rows.ts'
import { recomputeWindows, type FromLake } from './recompute.ts'

/** Numbers of a pack row beside its bytes: device, at, position, last, received, and where its bytes lie. */
export const PACK_NUMBERS = 7

/** What crosses to the store's thread in one message. Names come before anything that uses their ids. */
export interface TailBatch {
  names: [id: number, name: string][]
  packs: ArrayBuffer
  packRows: Float64Array
  windows: WindowRow[]
  anomalies: Anomaly[]
  facts: Fact[]
  /** Pairs of device id and minute. */
  dirty: number[]
  quarantined: Omit<QuarantineEntry, 'status'>[]
  checkpoint: Checkpoint | null
}

export interface Recovered extends Checkpoint {
  names: [id: number, name: string][]
}

/** Writes the tail. What lies between two commits goes in whole or not at all. */
export interface TailWriter {
  recover(): Recovered
  apply(batch: TailBatch): void
  /** `durable` waits for the disk, and with it for every commit before; without it only a crash of the machine can undo it. */
  commit(durable: boolean): void
  rollback(): void
  /** Recomputes dirty windows that are closed at this moment; gives how many minutes are left for another call. */
  repair(now: EpochMs, limit: number): number
  /** Closed minutes whose windows wait for repair. */
  waitingForRepair(now: EpochMs): number
  /** Recomputes minutes that the lake has a part of, with that part; the marks go. */
  repairWith(due: readonly { device: number; minute: number }[], fromLake: FromLake): void
  /** Whether a file of the lake may hold readings of this device and minute, so that the tail alone does not have them all. */
  inLake(mark: { device: number; minute: number }): boolean
  /** Does this within the open transaction; where it throws, nothing of it stays. */
  inSavepoint<T>(work: () => T): T
  /** The lake's list of files, on the same transactions. */
  manifest: ManifestWriter
  idOf(name: string): number | undefined
  /** The id stays, since rows and readers know it; the name goes. */
  forget(name: string): void
  nameOf(id: number): string
  mark(id: string, status: QuarantineEntry['status']): void
  /** How many refused records have had to go since the start, never dealt with. */
  quarantineDropped(): number
}

/** A minute is closed this long after its end: until then its streamed window may still be open. */
const CLOSED_AFTER_MS = 60_000 + 60_000
/** Withdrawn facts are kept for as long as a replay might write again what they take back. */
const WITHDRAWN_MS = 2 * 86_400_000
const lastClosedMinute = (now: EpochMs): number => Math.floor((now - CLOSED_AFTER_MS) / 60_000)

export function createTailWriter(db: DatabaseSync): TailWriter {
  const manifest = writeManifest(db)
  const insertName = db.prepare('INSERT OR IGNORE INTO name VALUES (?, ?)')
  const packs = createPackRows(db, () => manifest.arrival())
  const insertDirty = db.prepare('INSERT OR IGNORE INTO dirty VALUES (?, ?)')
  const countDirty = db.prepare(
    'SELECT (SELECT count(*) FROM dirty WHERE minute <= ?1) + (SELECT count(*) FROM lake_dirty WHERE minute <= ?1) AS n',
  )
  const insertWindow = db.prepare(`
    INSERT INTO window VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET n = excluded.n, sum = excluded.sum, m2 = excluded.m2, min = excluded.min, max = excluded.max,
      first = excluded.first, last = excluded.last, version = excluded.version, repaired = excluded.repaired,
      arrival = excluded.arrival
    WHERE excluded.repaired = 1 OR (window.repaired = 0 AND excluded.version >= window.version)`)
  const selectDue = db.prepare(
    'SELECT device, minute FROM dirty WHERE minute <= ? ORDER BY device, minute LIMIT ?',
  )
  const removeDirty = db.prepare('DELETE FROM dirty WHERE device = ? AND minute = ?')
  const insertLakeDirty = db.prepare('INSERT OR IGNORE INTO lake_dirty VALUES (?, ?)')
  const removeLakeDirty = db.prepare('DELETE FROM lake_dirty WHERE device = ? AND minute = ?')
  const insertAnomaly = db.prepare('INSERT OR REPLACE INTO anomaly VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const insertFact = db.prepare(`
    INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET at = excluded.at, until = excluded.until, version = excluded.version, value = excluded.value
    WHERE excluded.version >= fact.version`)
  const retireFacts = db.prepare('DELETE FROM fact WHERE until < 0 AND version < ?')
  const quarantine = createQuarantineRows(db, quarantineLimits)
  const checkpoints = createCheckpointRows(db)
  const ids = new Map(
    (db.prepare('SELECT id, name FROM name').all() as { id: number; name: string }[]).map(({ id, name }) => [
      name,
      id,
    ]),
  )

  const idOf = (name: string): number => {
    const id = ids.get(name)
    if (id === undefined) throw new Error(`${name} was used before it was named`)
    return id
  }
  const names = new Map([...ids].map(([name, id]) => [id, name]))
  const nameOf = (id: number): string => {
    const name = names.get(id)
    if (name === undefined) throw new Error(`nothing is named ${id}`)
    return name
  }
  const filesOf = new Map<number, LakeFile[]>()
  let filesVersion = -1
  const begin = (): void => {
    if (!db.isTransaction) db.exec('BEGIN')
  }

  function apply(batch: TailBatch): void {
    begin()
    for (const [id, name] of batch.names) {
      insertName.run(id, name)
      ids.set(name, id)
      names.set(id, name)
    }
    const rows = batch.packRows
    for (let r = 0; r < rows.length; r += PACK_NUMBERS) {
      const data = new Uint8Array(batch.packs, rows[r + 5], rows[r + 6]! - rows[r + 5]!)
      packs.add(rows[r]!, rows[r + 1]!, rows[r + 3]!, {
        position: rows[r + 2]!,
        receivedAt: rows[r + 4]!,
        data,
      })
    }
    // The mark follows the readings that it is about.
    for (let i = 0; i < batch.dirty.length; i += 2) insertDirty.run(batch.dirty[i]!, batch.dirty[i + 1]!)
    for (const window of batch.windows) writeWindow(window)
    for (const { thing, at, measure, detector, score, observed, expected } of batch.anomalies)
      insertAnomaly.run(
        idOf(thing),
        at,
        idOf(measure),
        detector,
        score,
        observed,
        expected.low ?? null,
        expected.high ?? null,
      )
    for (const { type, thing, key, at, until, version, value } of batch.facts) {
      insertFact.run(type, idOf(thing), key, at, until, version, JSON.stringify(value))
      if (until < 0) retireFacts.run(version - WITHDRAWN_MS)
    }
    quarantine.add(batch.quarantined)
    if (batch.checkpoint) checkpoints.write(batch.checkpoint)
  }

  /** A streamed window that meets a repaired one leaves it alone and has the minute repaired again. */
  function writeWindow(w: WindowRow): void {
    const device = idOf(w.thing)
    const measure = idOf(w.measure)
    const { changes } = insertWindow.run(
      device,
      measure,
      w.minute,
      w.n,
      w.sum,
      w.m2,
      w.min,
      w.max,
      w.first,
      w.last,
      w.version,
      w.repaired ? 1 : 0,
      manifest.arrival(),
    )
    if (changes === 0) insertDirty.run(device, w.minute)
  }

  function waitingForRepair(now: EpochMs): number {
    return (countDirty.get(lastClosedMinute(now)) as { n: number }).n
  }

  function repair(now: EpochMs, limit: number): number {
    const due = selectDue.all(lastClosedMinute(now), limit) as { device: number; minute: number }[]
    if (due.length === 0) return 0
    begin()
    packs.flush()
    const here = due.filter((mark) => !inLake(mark))
    // Whoever can read the lake repairs these; the marks wait where they hold up nobody.
    for (const { device, minute } of due) if (inLake({ device, minute })) insertLakeDirty.run(device, minute)
    rewrite(here)
    for (const { device, minute } of due) removeDirty.run(device, minute)
    return due.length < limit ? 0 : limit
  }

  function repairWith(due: readonly { device: number; minute: number }[], fromLake: FromLake): void {
    begin()
    packs.flush()
    rewrite(due, fromLake)
    for (const { device, minute } of due) removeLakeDirty.run(device, minute)
  }

  function rewrite(due: readonly { device: number; minute: number }[], fromLake?: FromLake): void {
    for (const { device, windows } of recomputeWindows(db, due, fromLake)) {
      for (const w of windows) writeWindow({ ...w, thing: nameOf(device), measure: nameOf(w.measureId) })
    }
  }

  function inLake({ device, minute }: { device: number; minute: number }): boolean {
    const version = manifest.version()
    if (version !== filesVersion) filesOf.clear()
    filesVersion = version
    const day = dayOf(minute * 60_000)
    let files = filesOf.get(day)
    if (!files) filesOf.set(day, (files = manifest.files('readings', day, day + 1)))
    const thing = nameOf(device)
    return files.some(
      (f) =>
        f.minAt < (minute + 1) * 60_000 &&
        f.maxAt >= minute * 60_000 &&
        bucketOf(thing, f.buckets) === f.bucket,
    )
  }

  return {
    recover: () => ({ ...checkpoints.read(), names: [...ids].map(([name, id]) => [id, name]) }),
    apply,
    commit: (durable) => {
      if (!db.isTransaction) return
      packs.flush()
      db.exec('COMMIT')
      if (!durable) return
      // One commit at FULL syncs the whole log, the frames of cheaper commits before it included.
      db.exec('PRAGMA synchronous = FULL')
      db.exec('UPDATE progress SET position = position')
      db.exec('PRAGMA synchronous = NORMAL')
    },
    rollback: () => {
      packs.drop()
      quarantine.recount()
      if (db.isTransaction) db.exec('ROLLBACK')
    },
    repair,
    repairWith,
    inLake,
    inSavepoint: (work) => {
      begin()
      packs.flush()
      db.exec('SAVEPOINT work')
      try {
        const result = work()
        db.exec('RELEASE work')
        return result
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK TO work; RELEASE work')
        throw error
      }
    },
    manifest,
    idOf: (name) => ids.get(name),
    forget: (name) => {
      const id = ids.get(name)
      if (id === undefined) return
      db.prepare('UPDATE name SET name = ? WHERE id = ?').run(`#${id}`, id)
      ids.delete(name)
      names.set(id, `#${id}`)
    },
    nameOf,
    waitingForRepair,
    mark: (id, status) => {
      begin()
      quarantine.mark(id, status)
    },
    quarantineDropped: quarantine.dropped,
  }
}
