import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Replaces a file as a whole: after a crash it holds the old bytes or the new ones. Keys are for their owner only. */
export function replaceFile(path: string, content: string | Uint8Array, mode: 0o600 | 0o644): void {
  const draft = `${path}.new`
  const file = openSync(draft, 'w', mode)
  try {
    // Not writeSync: a disk that fills up takes a part of what it is given, and says so only by a number.
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(draft, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** The file's text, null where there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
