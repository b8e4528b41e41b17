import * as z from 'zod'
import type { Context } from 'hono'
import { thingFilter, visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import { decodeCursor, fillPageByTime, pageOf, timeCursor } from '../paging.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { heldRange, rangeOf } from '../range.ts'
import {
  anomalySchema,
  cursorParameter,
  limitParameter,
  pageSchema,
  rangeParameters,
  thingName,
  thingParams,
} from '../schemas.ts'

const query = { ...rangeParameters, limit: limitParameter(100), cursor: cursorParameter }
const listQuery = z.strictObject(query)
export const timeListCursor = z.strictObject({ ...heldRange, after: timeCursor })

const answers = [
  { status: 200, description: 'A page of anomalies', schema: pageSchema(anomalySchema) },
] as const

export const anomalies = (ports: ApiPorts) => {
  const page = async (
    thing: string | undefined,
    { limit, cursor, ...asked }: z.output<typeof listQuery>,
    principal: Principal,
    context: Context,
  ) => {
    const held = decodeCursor(cursor, timeListCursor)
    const range = rangeOf(asked, held, ports.clock.now(), apiLimits.windowsRangeMs)
    const sees = thingFilter(principal, ports)
    const { items, after } = await fillPageByTime({
      fetch: async (from = range.from, limit) =>
        ports.telemetry.anomalies(given({ thing, from, to: range.to, limit })),
      keep: async (anomaly) => sees(anomaly.thing),
      after: held?.after,
      limit,
    })
    return pageOf(context.req.url, items, after && { cursor: { ...range, after }, query: { ...range } })
  }
  return [
    endpoint(
      {
        id: 'listDeviceAnomalies',
        method: 'get',
        path: '/v1/devices/{thing}/anomalies',
        tag: 'history',
        summary: 'What detectors found on one device, ascending by time',
        role: 'viewer',
        params: thingParams,
        query: listQuery,
        answers,
        problems: ['no_such_device', 'bad_range', 'range_too_long', 'bad_cursor'],
      },
      async ({ params: { thing }, query, principal, context }) => {
        await visibleDevice(principal, ports, thing)
        return page(thing, query, principal, context)
      },
    ),
    endpoint(
      {
        id: 'listAnomalies',
        method: 'get',
        path: '/v1/anomalies',
        tag: 'history',
        summary: 'What detectors found on all devices, ascending by time',
        role: 'viewer',
        query: z.strictObject({ ...query, thing: thingName.optional() }),
        answers,
        problems: ['bad_range', 'range_too_long', 'bad_cursor'],
      },
      async ({ query: { thing, ...query }, principal, context }) => page(thing, query, principal, context),
    ),
  ]
}
