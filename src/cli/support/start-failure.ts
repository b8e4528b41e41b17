import { DirectoryInUse } from '../../adapters/local/data-directory.ts'
import { CliFailure } from '../exit-codes.ts'

/** By the system's code, or SQLite's primary result code (https://sqlite.org/rescode.html). */
const diskTroubles: Readonly<Record<string | number, string>> = {
  ENOSPC: 'free the disk',
  EDQUOT: 'free the disk',
  EROFS: 'it is mounted read-only',
  EACCES: 'it belongs to another user',
  EPERM: 'it belongs to another user',
  ENOENT: 'no directory can be made there; name another with --data',
  EEXIST: 'it is a file; name a directory with --data',
  ENOTDIR: 'a part of its path is a file; name a directory with --data',
  8: 'it cannot be written; look at its owner and its mount',
  10: 'the disk fails; look at the system log',
  11: 'a database in it is damaged; telltale restore makes the directory of a backup again',
  13: 'free the disk',
  14: 'it cannot be written; look at its owner and its mount',
}

/** What a failed start means to the person in front of it. */
export function startFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE')
    return new CliFailure('inUse', `port ${port} is in use; stop what listens there, or choose another with --port, --mqtt-port or --https-port`) // prettier-ignore
  if (code === 'EACCES' && port !== undefined)
    return new CliFailure('failed', `port ${port} may not be used by this user; choose one above 1023`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new CliFailure(
      'usage',
      `this machine does not have the address given with --listen (${error.message})`,
    )
  const { errcode, errstr } = error as { errcode?: number; errstr?: string }
  const disk = errcode === undefined ? diskTroubles[code ?? ''] : diskTroubles[errcode & 0xff]
  if (disk !== undefined)
    return new CliFailure('failed', `the data directory cannot be used (${errstr ?? error.message}): ${disk}`)
  if (error instanceof DirectoryInUse) return new CliFailure('inUse', error.message)
  if (/has format \d+/.test(error.message)) return new CliFailure('newerData', error.message)
  return error
}
