import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CliFailure } from '../src/cli/exit-codes.ts'
import { reading } from '../src/cli/support/given-data.ts'
import { checkRoutes } from '../test/core/route/check-routes.ts'

interface BestKnown {
  best_known_cost: number
  /** With time windows: how many vehicles that solution has. */
  solved_with_vehicles?: number
}

interface Answer {
  vehicles: number
  distance: number
  routes: number[][]
}

const cli = fileURLToPath(new URL('../bin/telltale.js', import.meta.url))

/**
 * `telltale route` on every instance of a folder, one after the other, against the best known solutions. A solution
 * counts only if the independent checker accepts it; with `vehicles` first, more of them than the best known is a failure.
 */
export async function routes(options: {
  data: string
  best: string
  seconds: number
  objective: 'vehicles' | 'distance'
  only?: string
}) {
  const { data, best, seconds, objective, only } = options
  const known = reading(best, () => JSON.parse(readFileSync(best, 'utf8')) as Record<string, BestKnown>)
  const files = reading(data, () => readdirSync(data).sort())
  const instances = []
  for (const file of files) {
    const name = basename(file).replace(/\.(txt|vrp)$/, '')
    const windows = file.endsWith('.txt')
    const record = known[windows && objective === 'distance' ? `${name}_distance` : name]
    if (!record || (only !== undefined && !only.split(',').includes(name))) continue
    const path = join(data, file)
    const { answer, tookS } = await plan(path, seconds, windows ? objective : 'distance')
    const { faults, distance } = checkRoutes(readFileSync(path, 'utf8'), answer.routes)
    const most = windows && objective === 'vehicles' ? record.solved_with_vehicles! : Infinity
    const failed = faults.length > 0 || answer.vehicles > most || answer.vehicles !== answer.routes.length
    const row = {
      name,
      vehicles: answer.vehicles,
      ...(most < Infinity && { bestVehicles: most }),
      distance: Number(distance.toFixed(2)),
      best: record.best_known_cost,
      gapPercent: Number(((distance / record.best_known_cost - 1) * 100).toFixed(2)),
      tookS,
      failed,
      ...(faults.length > 0 && { faults }),
    }
    console.error(JSON.stringify(row))
    instances.push(row)
  }
  if (instances.length === 0)
    throw new CliFailure(
      'badInput',
      `${data}: none of its ${files.length} files is an instance that ${best} knows`,
    )
  const gaps = instances.map(({ gapPercent }) => gapPercent)
  return {
    bench: 'routes',
    instances: instances.length,
    failed: instances.filter(({ failed }) => failed).map(({ name }) => name),
    meanGapPercent: Number((gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toFixed(2)),
    worstGapPercent: Math.max(...gaps),
    worstTookS: Math.max(...instances.map(({ tookS }) => tookS)),
    rows: instances,
  }
}

async function plan(
  file: string,
  seconds: number,
  objective: string,
): Promise<{ answer: Answer; tookS: number }> {
  const begin = performance.now()
  const run = promisify(execFile)(
    process.execPath,
    [cli, 'route', file, '--seconds', String(seconds), '--objective', objective, '--json'],
    { maxBuffer: 1 << 26 },
  )
  // Exit code 1 says that stops are left: what there is of a plan is judged all the same.
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string })
  return {
    answer: JSON.parse(stdout) as Answer,
    tookS: Number(((performance.now() - begin) / 1000).toFixed(2)),
  }
}
