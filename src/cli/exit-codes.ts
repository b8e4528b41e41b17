/** Every way in which a command can end. docs/cli.md lists the same table and a test holds the two together. */
export const exitCodes = {
  ok: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'it failed, or a verification found differences; the message says what' },
  usage: { code: 2, meaning: 'the command line is wrong; see `--help`' },
  unreachable: { code: 3, meaning: 'no box answers at the address, or none is up in the data directory' },
  inUse: { code: 4, meaning: 'a port or the data directory is in use by another process' },
  denied: { code: 5, meaning: 'the token or the certificate was not accepted, or may not do this' },
  badInput: { code: 6, meaning: 'an input file cannot be read or understood' },
  newerData: { code: 7, meaning: 'the data directory was written by a newer release; start that one' },
  degraded: { code: 8, meaning: '`doctor` found something that needs attention' },
  interrupted: { code: 130, meaning: 'stopped by a signal before it was done' },
} as const

export type ExitName = keyof typeof exitCodes

/** An end of a command that its user is to read in one line. */
export class CliFailure extends Error {
  readonly exit: ExitName
  constructor(exit: ExitName, message: string) {
    super(message)
    this.name = 'CliFailure'
    this.exit = exit
  }
}
