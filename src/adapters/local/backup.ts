import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checksumOf } from './lake/files.ts'
import { readManifest, type ManifestFile } from './lake/manifest.ts'
import { TAIL_FORMAT } from './tail/schema.ts'

/** Raised whenever the form of a backup changes. */
export const BACKUP_FORMAT = 1

/** What is copied in its own way, and what says only that a box is running. */
const apart = new Set(['tail.db', 'journal', 'lake', 'lock', 'endpoint.json'])

interface BackupNote {
  format: number
  tailFormat: number
  createdAt: number
  /** Everything up to this position of the journal is in it. */
  position: number
  files: number
  bytes: number
  /** Files of the lake that were gone already: they are in no backup, and the box reports them as damaged. */
  absent?: string[]
}

/** A backup that this release cannot read, or that is not whole. */
export class BadBackup extends Error {}

/**
 * Copies a box while it runs, or while it does not: journal first, then tail, then book, so that whatever one of them
 * lacks the next one has. Lake files never change and are linked where the file system can. The directory appears
 * under its name only once it is complete.
 */
export async function backUp(
  dir: string,
  target: string,
  now: number,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<BackupNote> {
  if (existsSync(target)) throw new BadBackup(`${target} exists already; give a new directory`)
  if (!existsSync(join(dir, 'tail.db'))) throw new BadBackup(`${dir} holds no box`)
  const temporary = `${target}.part`
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(join(temporary, 'journal'), { recursive: true })
  for (const name of readdirSync(join(dir, 'journal'))
    .filter((n) => n.endsWith('.db'))
    .sort()) {
    // A file that the box drops meanwhile is in the tail, which is copied after it.
    if (existsSync(join(dir, 'journal', name)))
      snapshot(join(dir, 'journal', name), join(temporary, 'journal', name))
  }
  snapshot(join(dir, 'tail.db'), join(temporary, 'tail.db'))
  const tail = new DatabaseSync(join(temporary, 'tail.db'), { readOnly: true })
  const files = readManifest(tail).files(null, 0, Number.MAX_SAFE_INTEGER)
  const { position } = tail.prepare('SELECT position FROM progress').get() as { position: number }
  tail.close()
  let bytes = 0
  const absent: string[] = []
  for (const [i, file] of files.entries()) {
    const to = join(temporary, 'lake', file.path)
    mkdirSync(dirname(to), { recursive: true })
    if (linkOrCopy(join(dir, 'lake', file.path), to)) bytes += file.bytes
    else absent.push(file.path)
    onProgress(i + 1, files.length)
  }
  // The book after the tail: what a record made of it is then in it. Then whatever else a box keeps.
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const { name } = entry
    if (apart.has(name) || name.startsWith('spill-') || /-(?:wal|shm)$|\.tmp$/.test(name)) continue
    if (name.endsWith('.db')) snapshot(join(dir, name), join(temporary, name))
    else if (entry.isDirectory())
      cpSync(join(dir, name), join(temporary, name), {
        recursive: true,
        filter: (from) => !from.endsWith('.tmp'),
      })
    else copyFileSync(join(dir, name), join(temporary, name))
  }
  // Positions go on from here even if no journal file was there to copy.
  const next = join(temporary, 'journal', `${String(position + 1).padStart(16, '0')}.db`)
  if (readdirSync(join(temporary, 'journal')).length === 0) writeFileSync(next, '')
  const note: BackupNote = {
    format: BACKUP_FORMAT,
    tailFormat: TAIL_FORMAT,
    createdAt: now,
    position,
    files: files.length - absent.length,
    bytes,
    ...(absent.length > 0 && { absent }),
  }
  writeFileSync(join(temporary, 'backup.json'), JSON.stringify(note, null, 2), { flush: true })
  renameSync(temporary, target)
  return note
}

/** Makes a data directory of a backup, after every file of it was found to be what was written. */
export async function restore(
  backup: string,
  dir: string,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<BackupNote> {
  const note = readNote(backup)
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new BadBackup(`${dir} is not empty; a restore never overwrites, so give a new directory`)
  const absent = new Set(note.absent)
  const files = lakeFilesOf(backup).filter(({ path }) => !absent.has(path))
  for (const [i, { path, checksum }] of files.entries()) {
    const found = await checksumOf(join(backup, 'lake', path)).catch(() => null)
    if (found !== checksum)
      throw new BadBackup(`${path} in the backup is ${found === null ? 'missing' : 'damaged'}`)
    onProgress(i + 1, files.length)
  }
  const temporary = `${dir}.part`
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(backup))
    if (name !== 'backup.json' && name !== 'lake')
      cpSync(join(backup, name), join(temporary, name), { recursive: true })
  for (const { path } of files) {
    mkdirSync(dirname(join(temporary, 'lake', path)), { recursive: true })
    copyFileSync(join(backup, 'lake', path), join(temporary, 'lake', path))
  }
  if (existsSync(dir)) rmSync(dir, { recursive: true })
  renameSync(temporary, dir)
  return note
}

function readNote(backup: string): BackupNote {
  const file = join(backup, 'backup.json')
  if (!existsSync(file))
    throw new BadBackup(`${backup} is no backup, or was not finished: it has no backup.json`)
  const note = JSON.parse(readFileSync(file, 'utf8')) as BackupNote
  if (note.format > BACKUP_FORMAT || note.tailFormat > TAIL_FORMAT)
    throw new BadBackup(
      `the backup has format ${note.format}.${note.tailFormat}, this release reads up to ${BACKUP_FORMAT}.${TAIL_FORMAT}; use the release that wrote it`,
    )
  return note
}

function lakeFilesOf(backup: string): ManifestFile[] {
  const tail = new DatabaseSync(join(backup, 'tail.db'), { readOnly: true })
  try {
    // Formats before the lake have no list of files.
    const { n } = tail.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'lake_file'").get() as {
      n: number
    }
    return n === 0 ? [] : readManifest(tail).files(null, 0, Number.MAX_SAFE_INTEGER)
  } finally {
    tail.close()
  }
}

/** A consistent copy of a database that others may be writing. */
function snapshot(from: string, to: string): void {
  const db = new DatabaseSync(from, { timeout: 10_000 })
  try {
    db.exec(`VACUUM INTO '${to.replaceAll("'", "''")}'`)
  } finally {
    db.close()
  }
}

/** False where there is no such file. */
function linkOrCopy(from: string, to: string): boolean {
  try {
    linkSync(from, to)
  } catch {
    if (!existsSync(from)) return false
    copyFileSync(from, to)
  }
  return true
}
