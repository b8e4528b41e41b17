import { createHash } from 'node:crypto'
import {
  closeSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync,
} from 'node:fs' // prettier-ignore
import { dirname, join, relative } from 'node:path'

/** SHA-256 of a file's bytes, in hexadecimal. */
export async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function syncPath(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Makes a finished temporary file appear under its name, durably: its bytes first, then its name. */
export async function install(temporary: string, file: string): Promise<{ bytes: number; checksum: string }> {
  syncPath(temporary)
  const checksum = await checksumOf(temporary)
  const { size: bytes } = statSync(temporary)
  renameSync(temporary, file)
  syncPath(dirname(file))
  return { bytes, checksum }
}

/** Makes a file's folder, durably. */
export function makeFolder(file: string): void {
  const folder = dirname(file)
  if (existsSync(folder)) return
  mkdirSync(folder, { recursive: true })
  syncPath(dirname(folder))
}

export const temporaryOf = (file: string): string => `${file}.tmp`

/** Removes everything under the lake that is not listed: what a crash left behind. Gives how many files went. */
export function sweep(lakeDir: string, listed: ReadonlySet<string>): number {
  if (!existsSync(lakeDir)) return 0
  let removed = 0
  for (const entry of readdirSync(lakeDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    if (listed.has(relative(lakeDir, file))) continue
    rmSync(file, { force: true })
    removed++
  }
  return removed
}
