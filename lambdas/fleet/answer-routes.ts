import { GeoRoutesClient } from '@aws-sdk/client-geo-routes'
import { locationRoadNetwork } from '../../src/adapters/aws/location-road-network.ts'
import { seededRandom } from '../../src/core/route/solver/random.ts'
import { answerRoute } from '../../src/pipeline/answer-route.ts'
import { planRoute } from '../../src/pipeline/plan-route.ts'
import { readPosition } from '../../src/pipeline/stages/position.ts'
import type { AnswerersOf } from '../middleware/pipeline-function.ts'

/** Threat: while a route is planned its shard waits, so the search is short, and a slow map is not waited for. */
const SEARCH_MS = { least: 50, aStop: 2 }
const ROAD_TIMEOUT_MS = 3000

/** Routes on the roads of Amazon Location, from where the filter has the vehicle. */
export const answerRoutes: AnswerersOf = ({ state, layout, clock }) => {
  const positionOf = readPosition(layout)
  const client = new GeoRoutesClient({ maxAttempts: 2, requestHandler: { requestTimeout: ROAD_TIMEOUT_MS } })
  const road = locationRoadNetwork({ client })
  return {
    route: answerRoute({
      position: async (thing) => positionOf(await state(thing)),
      plan: async (request, from, departAt) =>
        planRoute({
          road,
          now: () => performance.now(),
          random: seededRandom(departAt),
          budgetMs: SEARCH_MS,
        })(request, from, departAt),
      clock,
    }),
  }
}
