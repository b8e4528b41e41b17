import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseInstance, type Instance } from '../core/route/instance.ts'
import { whyImpossible } from '../core/route/why-impossible.ts'
import type { Objective, Solution } from '../core/route/solver/problem.ts'
import { exitCodes } from './exit-codes.ts'
import { reading } from './support/given-data.ts'
import { positiveNumber } from './support/positive-number.ts'
import { solveInThreads } from './support/solve-in-threads.ts'

interface RouteOptions {
  seconds: number
  json?: true
  objective?: 'vehicles' | 'distance'
  vehicles?: number
  seed: number
  threads: number
}

/** Threat: a machine of many cores would hold as many copies of the problem. */
const MOST_THREADS = 8

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
    .option(
      '--threads <n>',
      'searches at the same time, from as many seeds; default: a core each',
      wholeNumber,
      Math.min(availableParallelism(), MOST_THREADS),
    )
    .action(async (file: string, options: RouteOptions) => {
      const until = performance.timeOrigin + performance.now() + options.seconds * 1000
      const instance = reading(file, () => parseInstance(readFileSync(file, 'utf8'), options))
      const objective: Objective =
        (options.objective ?? (instance.kind === 'vrptw' ? 'vehicles' : 'distance')) === 'vehicles'
          ? 'vehicles'
          : 'cost'
      const { problem } = instance
      const { seed, threads } = options
      const leastMs = options.seconds * 500
      const solution = await solveInThreads({ problem, objective, until, leastMs, seed }, threads)
      const answer = answerOf(instance, solution)
      console.log(options.json ? JSON.stringify(answer) : textOf(instance, answer))
      if (solution.unassigned.length === 0) return
      for (const line of whyLeft(instance, solution.unassigned)) console.error(line)
      process.exitCode = exitCodes.failed.code
    })
}

/** A line for each reason. */
function whyLeft({ problem }: Instance, unassigned: readonly number[]): string[] {
  const otherwise = `no place was found for it in ${problem.vehicles.length} vehicles`
  const byReason = Map.groupBy(unassigned, (stop) => whyImpossible(problem, stop) ?? otherwise)
  return [...byReason].map(([why, stops]) => {
    const ids = stops.map((stop) => problem.stops[stop]!.id).join(', ')
    return stops.length === 1
      ? `stop ${ids} is left out: ${why}`
      : `stops are left out, for each: ${why}: ${ids}`
  })
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
