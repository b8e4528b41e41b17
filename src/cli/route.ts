import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseInstance, type Instance } from '../core/route/instance.ts'
import type { Objective, Solution } from '../core/route/solver/problem.ts'
import { seededRandom } from '../core/route/solver/random.ts'
import { solve } from '../core/route/solver/solve.ts'
import { CliFailure, exitCodes } from './exit-codes.ts'
import { positiveNumber } from './support/positive-number.ts'

interface RouteOptions {
  seconds: number
  json?: true
  objective?: 'vehicles' | 'distance'
  vehicles?: number
  seed: number
}

/** `telltale route <problem>`: plans the routes of a Solomon or CVRPLIB instance. Exit code 1: some stops fit nowhere. */
export function routeCommand(program: Command): Command {
  return program
    .command('route')
    .description('plan vehicle routes: a Solomon (.txt) or CVRPLIB (.vrp) instance')
    .argument('<problem>', 'instance file')
    .option('--seconds <n>', 'time to search', positiveNumber, 10)
    .option('--json', 'print one JSON object: vehicles, distance, routes')
    .addOption(
      new Option(
        '--objective <what>',
        'fewest vehicles first, or distance only (default: vehicles with time windows, distance without)',
      ).choices(['vehicles', 'distance']),
    )
    .option('--vehicles <n>', 'size of the fleet, instead of the instance’s own', wholeNumber)
    .option('--seed <n>', 'seed of the search', wholeNumber, 1)
    .action((file: string, options: RouteOptions) => {
      const begin = performance.now()
      const instance = readInstance(file, options)
      const objective: Objective =
        (options.objective ?? (instance.kind === 'vrptw' ? 'vehicles' : 'distance')) === 'vehicles'
          ? 'vehicles'
          : 'cost'
      const solution = solve(instance.problem, {
        objective,
        now: () => performance.now(),
        until: begin + options.seconds * 1000,
        random: seededRandom(options.seed),
      })
      const answer = answerOf(instance, solution)
      console.log(options.json ? JSON.stringify(answer) : textOf(instance, answer))
      if (solution.unassigned.length > 0) process.exitCode = exitCodes.failed.code
    })
}

function readInstance(file: string, options: RouteOptions): Instance {
  try {
    return parseInstance(readFileSync(file, 'utf8'), options)
  } catch (error) {
    throw new CliFailure('badInput', `${file}: ${(error as Error).message}`)
  }
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!(Number.isSafeInteger(value) && value > 0))
    throw new InvalidArgumentError(`${text} is not a whole number above zero`)
  return value
}

/** Stops are named by the instance's own numbers; the depot is not listed. */
const answerOf = ({ problem }: Instance, solution: Solution) => {
  const ids = (stops: number[]): number[] => stops.map((stop) => Number(problem.stops[stop]!.id))
  return {
    vehicles: solution.routes.length,
    distance: solution.cost,
    routes: solution.routes.map((route) => ids(route.stops)),
    ...(solution.unassigned.length > 0 && { unassigned: ids(solution.unassigned) }),
  }
}

const textOf = (
  { name }: Instance,
  { vehicles, distance, routes, unassigned }: ReturnType<typeof answerOf>,
) =>
  [
    `${name}: ${vehicles} vehicles, distance ${distance.toFixed(2)}`,
    ...routes.map((stops, i) => `route ${i + 1}: ${stops.join(' ')}`),
    ...(unassigned ? [`unassigned: ${unassigned.join(' ')}`] : []),
  ].join('\n')
