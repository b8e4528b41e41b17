import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export class DirectoryInUse extends Error {
  constructor(dir: string, holder: number | string) {
    super(`${dir} is in use by process ${holder}; stop it, or give this box another --data directory`)
    this.name = 'DirectoryInUse'
  }
}

/**
 * Holds the data directory for one process, by a lock of SQLite's on a file in it: the system itself lets go of it when
 * the process ends, however it ends, so nothing is left that a later process of the same number could be taken for.
 */
export function lockDataDirectory(dir: string): () => void {
  makeDirectory(dir)
  const db = openLock(join(dir, 'lock'))
  try {
    // Whoever finds the lock taken can read the number of the process that has it.
    db.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${process.pid}; COMMIT; BEGIN IMMEDIATE`)
  } catch (error) {
    const holder = holderOf(db)
    db.close()
    if (!isBusy(error)) throw error
    throw new DirectoryInUse(dir, holder)
  }
  return () => db.close()
}

/** Level by level: `mkdirSync` with `recursive` never returns where a file system denies that a parent is there (/proc). */
function makeDirectory(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(dir).isDirectory()) return
    if (code !== 'ENOENT' || existsSync(dirname(dir))) throw error
    makeDirectory(dirname(dir))
    makeDirectory(dir)
  }
}

const SQLITE_BUSY = 5
const SQLITE_NOTADB = 26
const codeOf = (error: unknown): number | undefined => (error as { errcode?: number }).errcode
const isBusy = (error: unknown): boolean => codeOf(error) === SQLITE_BUSY

function openLock(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  try {
    db.exec('PRAGMA user_version')
    return db
  } catch (error) {
    if (isBusy(error)) return db
    db.close()
    if (codeOf(error) !== SQLITE_NOTADB) throw error
    rmSync(file) // torn by a power loss, or of before this format: it holds nothing
    return new DatabaseSync(file)
  }
}

function holderOf(db: DatabaseSync): number | string {
  try {
    return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
  } catch {
    return 'unknown'
  }
}
