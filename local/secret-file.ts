import { readFileSync } from 'node:fs'
import { readIfThere, replaceFile } from '../src/adapters/local/whole-file.ts'

/** A secret made on the first start, readable by the box's own user only. An empty file is none: anybody would know it. */
export function readOrMakeSecret(file: string, make: () => string | Uint8Array): Buffer {
  if ((readIfThere(file) ?? '').trim() === '') replaceFile(file, make(), 0o600)
  return readFileSync(file)
}
