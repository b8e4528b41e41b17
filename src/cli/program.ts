import { Command, CommanderError } from 'commander'
import { CliFailure, exitCodes, type ExitName } from './exit-codes.ts'
import { version } from './support/version.ts'

/** Adds one command, with its options, to the program. */
export type AddCommand = (program: Command) => unknown

/** Every command, loaded only when it is wanted: a query need not wait for the box's own code. */
const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  up: async () => (await import('./up.ts')).up,
  simulate: async () => (await import('./simulate.ts')).simulate,
  replay: async () => (await import('./replay.ts')).replay,
  query: async () => (await import('./query.ts')).query,
  devices: async () => (await import('./devices.ts')).devices,
  types: async () => (await import('./types.ts')).types,
  users: async () => (await import('./users.ts')).users,
  tokens: async () => (await import('./tokens.ts')).tokens,
  quarantine: async () => (await import('./quarantine.ts')).quarantine,
  doctor: async () => (await import('./doctor.ts')).doctor,
  rebuild: async () => (await import('./rebuild.ts')).rebuild,
  'import-devices': async () => (await import('./import-devices.ts')).importDevices,
  import: async () => (await import('./import.ts')).importCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  erase: async () => (await import('./erase.ts')).erase,
  report: async () => (await import('./report.ts')).report,
  retention: async () => (await import('./retention.ts')).retention,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  route: async () => (await import('./route.ts')).routeCommand,
  path: async () => (await import('./path.ts')).pathCommand,
  train: async () => (await import('./train.ts')).trainCommand,
  predict: async () => (await import('./predict.ts')).predictCommand,
  models: async () => (await import('./models.ts')).models,
  orders: async () => (await import('./orders.ts')).orders,
  plan: async () => (await import('./plan.ts')).plan,
  comfort: async () => (await import('./comfort.ts')).comfortCommand,
  occupancy: async () => (await import('./occupancy.ts')).occupancyCommand,
  savings: async () => (await import('./savings.ts')).savingsCommand,
  cost: async () => {
    const { costCommand } = await import('./cost.ts')
    return (program) => program.addCommand(costCommand())
  },
}

/** The program with the command of that name, or with every one. Parsing never ends the process. */
export async function createProgram(wanted?: string): Promise<Command> {
  const program = new Command('telltale')
    .description('Telemetry of plants, fleets and buildings: run a box, feed it, ask it.')
    .version(version())
    .showHelpAfterError('(see --help)')
  const names = wanted !== undefined && Object.hasOwn(commands, wanted) ? [wanted] : Object.keys(commands)
  for (const name of names) (await commands[name]!())(program)
  neverExit(program)
  return program
}

/** Runs one command line; gives the exit code of docs/cli.md. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(args[0])
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? exitCodes.ok.code)
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok.code
    const { exit, message } = explained(error)
    if (args.includes('--json'))
      console.log(JSON.stringify({ error: { name: exit, exitCode: exitCodes[exit].code, message } })) // prettier-ignore
    else if (!(error instanceof CommanderError)) console.error(`telltale: ${message}`) // commander has spoken
    return exitCodes[exit].code
  }
}

function explained(error: unknown): { exit: ExitName; message: string } {
  if (error instanceof CliFailure) return { exit: error.exit, message: error.message }
  if (error instanceof CommanderError)
    return { exit: 'usage', message: error.message.replace(/^error: /, '') }
  return { exit: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

function neverExit(command: Command): void {
  command.exitOverride()
  for (const inner of command.commands) neverExit(inner)
}
