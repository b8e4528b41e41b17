import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { comfortCommand } from './comfort.ts'
import { costCommand } from './cost.ts'
import { devices } from './devices.ts'
import { doctor } from './doctor.ts'
import { CliFailure, exitCodes, type ExitName } from './exit-codes.ts'
import { occupancyCommand } from './occupancy.ts'
import { predictCommand } from './predict.ts'
import { quarantine } from './quarantine.ts'
import { query } from './query.ts'
import { rebuild } from './rebuild.ts'
import { replay } from './replay.ts'
import { routeCommand } from './route.ts'
import { savingsCommand } from './savings.ts'
import { simulate } from './simulate.ts'
import { trainCommand } from './train.ts'
import { up } from './up.ts'

/** Adds one command, with its options, to the program. */
export type AddCommand = (program: Command) => unknown

const commands: readonly AddCommand[] = [
  up,
  simulate,
  replay,
  query,
  devices,
  quarantine,
  doctor,
  rebuild,
  routeCommand,
  trainCommand,
  predictCommand,
  comfortCommand,
  occupancyCommand,
  savingsCommand,
  (program) => program.addCommand(costCommand()),
]

/** The program with every command. Parsing never ends the process. */
export function createProgram(): Command {
  const program = new Command('telltale')
    .description('Telemetry of plants, fleets and buildings: run a box, feed it, ask it.')
    .version(version())
    .showHelpAfterError('(see --help)')
  for (const add of commands) add(program)
  neverExit(program)
  return program
}

/** Runs one command line; gives the exit code of docs/cli.md. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? exitCodes.ok.code)
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code
    const { exit, message } = explained(error)
    if (args.includes('--json'))
      console.log(JSON.stringify({ error: { name: exit, exitCode: exitCodes[exit].code, message } })) // prettier-ignore
    else console.error(`telltale: ${message}`)
    return exitCodes[exit].code
  }
}

function explained(error: unknown): { exit: ExitName; message: string } {
  if (error instanceof CliFailure) return { exit: error.exit, message: error.message }
  return { exit: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

function neverExit(command: Command): void {
  command.exitOverride()
  for (const inner of command.commands) neverExit(inner)
}

export const version = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string })
    .version
