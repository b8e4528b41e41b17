import { CliFailure } from '../exit-codes.ts'

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
  if (/is in use by process/.test(error.message)) return new CliFailure('inUse', error.message)
  if (/has format \d+/.test(error.message)) return new CliFailure('newerData', error.message)
  return error
}
