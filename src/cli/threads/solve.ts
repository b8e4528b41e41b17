import { parentPort, workerData } from 'node:worker_threads'
import { solve } from '../../core/route/solver/solve.ts'
import { seededRandom } from '../../core/route/solver/random.ts'
import type { SolveJob } from '../support/solve-in-threads.ts'

/** One of several searches for the same problem, each from its own seed. */
const { problem, objective, until, seed } = workerData as SolveJob
const now = (): number => performance.timeOrigin + performance.now()

parentPort!.postMessage(solve(problem, { objective, now, until, random: seededRandom(seed) }))
