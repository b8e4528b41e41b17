import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { StoredReading } from '../../../core/history/settle-stored.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { SeriesReadings } from '../../../ports/history.ts'
import type { StoreLoop } from '../tail/store-loop.ts'
import type { TailWriter } from '../tail/tail-writer.ts'
import { sweep } from './files.ts'
import type { LakeChange, ManifestFile } from './manifest.ts'

export interface LakeDirty {
  device: number
  thing: string
  minute: number
}

/** Replaced files stay this long for questions that are being answered from them. */
const GRACE_MS = 60_000

/** What the store's thread does for the lake: everything that changes the manifest, one transaction each. */
export function createLakeStore(dir: string, db: DatabaseSync, writer: TailWriter, loop: StoreLoop) {
  const lakeDir = join(dir, 'lake')
  const { manifest } = writer
  const allFiles = (): ManifestFile[] => manifest.files(null, 0, Number.MAX_SAFE_INTEGER)
  // Nobody reads yet: what no transaction made visible, and what one made invisible, goes.
  const swept = sweep(lakeDir, new Set(allFiles().map((f) => f.path)))

  return {
    lakeSwept: () => swept,
    lakeBegin: () => loop.run(() => manifest.beginSeal()),
    lakePublish: (change: LakeChange) => loop.run(() => manifest.publish(change)),
    lakeFiles: () => allFiles(),
    lakeFile: (path: string) => manifest.get(path),
    lakeDamaged: () => manifest.damaged(),
    lakeState: (key: string) => manifest.state(key),
    lakeSetState: (key: string, value: number) => loop.run(() => manifest.setState(key, value)),
    lakeSetDamaged: (path: string, damaged: boolean) => loop.run(() => manifest.setDamaged(path, damaged)),
    lakeMove: (moves: { from: string; to: Pick<ManifestFile, 'path' | 'tier'> }[]) =>
      loop.run(() => {
        for (const { from, to } of moves) manifest.setTier(from, to)
      }),
    lakeCollect: (now: EpochMs, graceMs = GRACE_MS) =>
      loop.run(() => {
        const paths = manifest.garbage(now - graceMs)
        for (const path of paths) rmSync(join(lakeDir, path), { force: true })
        manifest.forgetGarbage(paths)
        return paths.length
      }),
    /** Marks that wait for someone who can read the lake, and the version of the manifest that they were read at. */
    lakeDirty: (limit: number): { version: number; due: LakeDirty[] } => ({
      version: manifest.version(),
      due: db
        .prepare('SELECT device, minute FROM lake_dirty ORDER BY device, minute LIMIT ?')
        .all(limit)
        .map((r) => ({
          device: r['device'] as number,
          minute: r['minute'] as number,
          thing: writer.nameOf(r['device'] as number),
        })),
    }),
    /** Repairs with what the lake said at that version; false if the lake has changed since. */
    lakeRepair: (due: LakeDirty[], stored: SeriesReadings[], version: number) =>
      loop.run(() => {
        if (manifest.version() !== version) return false
        writer.repairWith(due, (device, from, to) => {
          const thing = writer.nameOf(device)
          const found = new Map<number, StoredReading[]>()
          for (const series of stored) {
            if (series.thing !== thing) continue
            const id = writer.idOf(series.measure)
            if (id !== undefined)
              found.set(
                id,
                series.readings.filter((r) => r.at >= from && r.at < to),
              )
          }
          return found
        })
        return true
      }),
    /** Forgets everything that the tail holds of a device, its name included. Gives how many rows went. */
    tailErase: (thing: string) =>
      loop.run(() => {
        const device = writer.idOf(thing)
        let rows = 0
        const remove = (sql: string, value: string | number): void => {
          rows += Number(db.prepare(sql).run(value).changes)
        }
        if (device !== undefined)
          for (const table of ['pack', 'window', 'dirty', 'lake_dirty', 'anomaly', 'fact'])
            remove(`DELETE FROM ${table} WHERE device = ?`, device)
        for (const table of ['state', 'births']) remove(`DELETE FROM ${table} WHERE thing = ?`, thing)
        remove(`DELETE FROM quarantine WHERE client = ?1 OR instr(topic || '/', '/' || ?1 || '/') > 0`, thing)
        writer.forget(thing)
        return rows
      }),
    /** Rewrites the database without the bytes that deleted rows leave behind; refused while a transaction is open. */
    tailVacuum: () => {
      writer.commit(true)
      db.exec('VACUUM')
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
  }
}
export type LakeStore = ReturnType<typeof createLakeStore>
