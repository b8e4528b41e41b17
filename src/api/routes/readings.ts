import * as z from 'zod'
import { visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import { decodeCursor, pageOf } from '../paging.ts'
import type { ApiPorts } from '../ports.ts'
import { cursorTime, heldRange, rangeOf } from '../range.ts'
import {
  cursorParameter,
  limitParameter,
  measuresParameter,
  pageSchema,
  rangeParameters,
  readingSchema,
  thingParams,
} from '../schemas.ts'

/** The range of the first page and the last item given: (at, measure) is the order, and unique. */
export const seriesCursor = z.strictObject({
  ...heldRange,
  after: z.strictObject({ at: cursorTime, measure: z.string().max(64) }),
})

export const seriesQuery = z.strictObject({
  measures: measuresParameter.optional(),
  ...rangeParameters,
  limit: limitParameter(apiLimits.pageSize),
  cursor: cursorParameter,
})

export const readings = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'listReadings',
      method: 'get',
      path: '/v1/devices/{thing}/readings',
      tag: 'history',
      summary: 'Readings of one device, ascending by time, then by measure',
      role: 'viewer',
      params: thingParams,
      query: seriesQuery,
      answers: [{ status: 200, description: 'A page of readings', schema: pageSchema(readingSchema) }],
      problems: ['no_such_device', 'bad_range', 'range_too_long', 'bad_cursor'],
    },
    async ({ params: { thing }, query: { measures, limit, cursor, ...asked }, principal, context }) => {
      const held = decodeCursor(cursor, seriesCursor)
      const range = rangeOf(asked, held, ports.clock.now(), apiLimits.readingsRangeMs)
      await visibleDevice(principal, ports, thing)
      const after = held?.after
      const found = await ports.telemetry.readings(
        given({ thing, measures, ...range, limit: limit + 1, after }),
      )
      const items = found.slice(0, limit)
      const last = items.at(-1)
      const next =
        found.length > limit && last
          ? { cursor: { ...range, after: { at: last.at, measure: last.measure } }, query: { ...range } }
          : null
      return pageOf(context.req.url, items, next)
    },
  ),
]
