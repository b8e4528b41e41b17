import { randomBytes } from 'node:crypto'
import { readOrMakeSecret } from './secret-file.ts'

/** The administrator's token. */
export const readOrMakeToken = (file: string): string =>
  readOrMakeSecret(file, () => randomBytes(24).toString('base64url'))
    .toString()
    .trim()
