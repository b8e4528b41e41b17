import { parentPort, workerData } from 'node:worker_threads'
import { osmRoadNetwork } from '../../src/adapters/local/osm-road-network.ts'
import { serve } from '../../src/adapters/local/rpc.ts'
import type { RouteRequest } from '../../src/core/route/route-request.ts'
import { seededRandom } from '../../src/core/route/solver/random.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'
import { planRoute } from '../../src/pipeline/plan-route.ts'
import type { RoadPlace } from '../../src/ports/road-network.ts'

/** The thread that plans routes: a search holds it for as long as it takes. The map is read at the first request. */
const { file } = workerData as { file: string }

const road = osmRoadNetwork({ file })

const handlers = {
  plan: async (request: RouteRequest, from: RoadPlace, departAt: EpochMs) =>
    planRoute({ road, now: () => performance.now(), random: seededRandom(departAt) })(
      request,
      from,
      departAt,
    ),
}
export type RouteThread = typeof handlers

serve(parentPort!, handlers)
