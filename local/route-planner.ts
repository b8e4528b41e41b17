import { Worker } from 'node:worker_threads'
import { connect, type RemoteThread } from '../src/adapters/local/rpc.ts'
import { isRefusal, type Refusal } from '../src/core/device/request-refusal.ts'
import { parseRouteRequest } from '../src/core/route/route-request.ts'
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

  return {
    answer: async ({ thing, body }) => {
      if (road === null)
        return refuse('no_map', 'this box has no road map; start it with --road and an OpenStreetMap extract')
      const asked = parsed(body)
      if (asked === undefined) return refuse('bad_json', 'the request is no JSON')
      const request = parseRouteRequest(asked)
      if (isRefusal(request)) return request
      const from = position(thing)
      if (!from) return refuse('no_position', `the position of ${thing} is not known yet`)
      if (waiting >= MOST_WAITING)
        return refuse('busy', `${waiting} routes are being planned; ask again later`)
      waiting++
      try {
        return await planner(road).call.plan(request, { lat: from.lat, lon: from.lon }, clock.now())
      } finally {
        waiting--
      }
    },
    close: async () => void (await worker?.terminate()),
  }
}

const refuse = (code: Refusal['code'], error: string): Refusal => ({ code, error })

/** Undefined where it is no JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}
