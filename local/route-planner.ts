import { Worker } from 'node:worker_threads'
import { connect, type RemoteThread } from '../src/adapters/local/rpc.ts'
import { answerRoute, type AnswerRoutePorts } from '../src/pipeline/answer-route.ts'
import type { Answerer } from '../src/pipeline/devices/request-desk.ts'
import type { RoadPlace } from '../src/ports/road-network.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { RouteThread } from './threads/route.ts'

export interface RoutePlanner {
  /** Answers requests named `route`; what cannot be planned is refused with a sentence for the driver. */
  answer: Answerer
  close(): Promise<void>
}

/** Threat: a fleet that asks faster than one core plans would hear of its routes when they are of no use. */
const MOST_WAITING = 200

/** Plans on a thread of its own, begun at the first request: a map takes memory that most boxes never need. */
export function createRoutePlanner(parts: {
  /** An OpenStreetMap extract; null where the box has none. */
  road: string | null
  position(thing: string): RoadPlace | null
  clock: Clock
}): RoutePlanner {
  const { road, position, clock } = parts
  let worker: Worker | null = null
  let thread: RemoteThread<RouteThread> | null = null
  let waiting = 0

  function planner(file: string): RemoteThread<RouteThread> {
    if (thread) return thread
    const begun = new Worker(new URL('./threads/route.ts', import.meta.url), {
      workerData: { file },
    })
    begun.once('exit', () => {
      if (worker === begun) worker = thread = null // the next request begins another
    })
    worker = begun
    return (thread = connect<RouteThread>(begun))
  }

  const plan: AnswerRoutePorts['plan'] = async (request, from, departAt) => {
    if (road === null)
      return {
        code: 'no_map',
        error: 'this box has no road map; start it with --road and an OpenStreetMap extract',
      }
    if (waiting >= MOST_WAITING)
      return { code: 'busy', error: `${waiting} routes are being planned; ask again later` }
    waiting++
    try {
      return await planner(road).call.plan(request, from, departAt)
    } finally {
      waiting--
    }
  }

  return {
    answer: answerRoute({ position, plan, clock }),
    close: async () => void (await worker?.terminate()),
  }
}
