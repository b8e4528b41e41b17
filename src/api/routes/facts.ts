import * as z from 'zod'
import { thingFilter } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import { decodeCursor, fillPageByTime, pageOf } from '../paging.ts'
import type { ApiPorts } from '../ports.ts'
import { rangeOf } from '../range.ts'
import {
  cursorParameter,
  factSchema,
  label,
  limitParameter,
  pageSchema,
  rangeParameters,
  thingName,
} from '../schemas.ts'
import { timeListCursor } from './anomalies.ts'

export const facts = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'listFacts',
      method: 'get',
      path: '/v1/facts/{type}',
      tag: 'history',
      summary: 'A trade’s own results of one type (trips, stops, refuels), ascending by start',
      role: 'viewer',
      params: z.strictObject({ type: label.meta({ description: 'Type of fact: `trip`, say.' }) }),
      query: z.strictObject({
        thing: thingName.optional(),
        ...rangeParameters,
        limit: limitParameter(100),
        cursor: cursorParameter,
      }),
      answers: [{ status: 200, description: 'A page of facts', schema: pageSchema(factSchema) }],
      problems: ['bad_range', 'range_too_long', 'bad_cursor'],
    },
    async ({ params: { type }, query: { thing, limit, cursor, ...asked }, principal, context }) => {
      const held = decodeCursor(cursor, timeListCursor)
      const range = rangeOf(asked, held, ports.clock.now(), apiLimits.windowsRangeMs)
      const sees = thingFilter(principal, ports)
      const { items, after } = await fillPageByTime({
        fetch: async (startingFrom, limit) =>
          ports.telemetry.facts(given({ type, thing, ...range, startingFrom, limit })),
        keep: async (fact) => sees(fact.thing),
        after: held?.after,
        limit,
      })
      return pageOf(context.req.url, items, after && { cursor: { ...range, after }, query: { ...range } })
    },
  ),
]
