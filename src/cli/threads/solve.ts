import { parentPort, workerData } from 'node:worker_threads'
import { solve } from '../../core/route/solver/solve.ts'
import { seededRandom } from '../../core/route/solver/random.ts'
import type { SolveJob } from '../support/solve-in-threads.ts'

/** One of several searches for the same problem, each from its own seed. */
const job = workerData as SolveJob
const { problem, objective, seed } = job
const now = (): number => performance.timeOrigin + performance.now()
const until = Math.max(job.until, now() + job.leastMs)

parentPort!.postMessage(solve(problem, { objective, now, until, random: seededRandom(seed) }))
