import type { Hono } from 'hono'
import { routingPath, type Endpoint } from './endpoint.ts'
import { ApiProblem } from './problem.ts'

/**
 * What a runtime leaves to others, by method (or ANY) and path as contracts write it (a last `/*` is the path and all below
 * it): who does it instead, or that nobody does.
 */
export type Elsewhere = Readonly<Record<`${'ANY' | 'GET' | 'PUT' | 'POST' | 'DELETE'} /${string}`, string>>

/** Answers these paths before any endpoint is looked at. */
export function mountElsewhere(app: Hono, elsewhere: Elsewhere): void {
  for (const [request, who] of Object.entries(elsewhere)) {
    const [method = '', path = ''] = request.split(' ')
    app.on(
      method === 'ANY' ? ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'] : [method],
      [routingPath(path)],
      () => {
        throw new ApiProblem('not_by_api', who)
      },
    )
  }
}

/** Endpoints that this runtime serves all the same. */
export const servedHere = (endpoints: readonly Endpoint[], elsewhere: Elsewhere): Endpoint[] =>
  endpoints.filter(({ contract }) => !(`${contract.method.toUpperCase()} ${contract.path}` in elsewhere))
