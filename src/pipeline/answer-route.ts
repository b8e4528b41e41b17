import { isRefusal, type Refusal } from '../core/device/request-refusal.ts'
import { parseRouteRequest, type RouteRequest } from '../core/route/route-request.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'
import type { Clock } from '../ports/clock.ts'
import type { RoadPlace } from '../ports/road-network.ts'
import type { Answerer } from './devices/request-desk.ts'
import type { PlannedRoute } from './plan-route.ts'

export interface AnswerRoutePorts {
  /** Where the vehicle is; null before its first position. */
  position(thing: string): Promise<RoadPlace | null> | RoadPlace | null
  plan(request: RouteRequest, from: RoadPlace, departAt: EpochMs): Promise<PlannedRoute | Refusal>
  clock: Clock
}

/** Answers requests named `route`, from where the vehicle is; what cannot be planned is refused with a sentence for the driver. */
export function answerRoute({ position, plan, clock }: AnswerRoutePorts): Answerer {
  return async ({ thing, body }): Promise<PlannedRoute | Refusal> => {
    const asked = parsed(body)
    if (asked === undefined) return { code: 'bad_json', error: 'the request is no JSON' }
    const request = parseRouteRequest(asked)
    if (isRefusal(request)) return request
    const from = await position(thing)
    if (!from) return { code: 'no_position', error: `the position of ${thing} is not known yet` }
    return plan(request, { lat: from.lat, lon: from.lon }, clock.now())
  }
}

/** Undefined where it is no JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}
