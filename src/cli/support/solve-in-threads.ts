import { Worker } from 'node:worker_threads'
import type { Objective, Problem, Solution } from '../../core/route/solver/problem.ts'

export interface SolveJob {
  problem: Problem
  objective: Objective
  /** Milliseconds since the epoch, in fractions: threads count from different origins. */
  until: number
  seed: number
}

/** Searches on so many threads at once, from seeds that follow each other; gives the best of what they find. */
export async function solveInThreads(job: SolveJob, threads: number): Promise<Solution> {
  const found = await Promise.all(
    Array.from({ length: threads }, (_, i) => search({ ...job, seed: job.seed + i })),
  )
  return found.reduce((best, other) => (isBetter(other, best, job.objective) ? other : best))
}

async function search(workerData: SolveJob): Promise<Solution> {
  const thread = new Worker(new URL('../threads/solve.ts', import.meta.url), { workerData })
  return new Promise((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`the search ended with code ${code} and no plan`)))
  })
}

function isBetter(a: Solution, b: Solution, objective: Objective): boolean {
  if (a.unassigned.length !== b.unassigned.length) return a.unassigned.length < b.unassigned.length
  if (objective === 'vehicles' && a.routes.length !== b.routes.length)
    return a.routes.length < b.routes.length
  return a.cost < b.cost
}
