import * as z from 'zod'
import type { Fact } from '../../core/telemetry/stage.ts'
import type { FleetReader } from '../../ports/fleet-reader.ts'
import { visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { stopSchema, trackSchema, tripSchema } from '../fleet-schemas.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import { decodeCursor, fillPageByTime, pageOf } from '../paging.ts'
import type { ApiPorts } from '../ports.ts'
import { rangeOf } from '../range.ts'
import {
  cursorParameter,
  limitParameter,
  pageSchema,
  rangeParameters,
  thingParams,
  whole,
} from '../schemas.ts'
import { timeListCursor } from './anomalies.ts'

/** Where vehicles were. */
export const vehicleHistory = (ports: ApiPorts, reader: FleetReader) => [
  endpoint(
    {
      id: 'getVehicleTrack',
      method: 'get',
      path: '/v1/fleet/vehicles/{thing}/track',
      tag: 'fleet',
      summary: 'A vehicle’s way over a day or less',
      description: 'One row a point, in the order of `columns`. Jumps of the receiver are left out.',
      role: 'viewer',
      params: thingParams,
      query: z.strictObject({
        ...rangeParameters,
        points: whole(2, apiLimits.trackPoints)
          .default(2000)
          .meta({ description: 'At most so many: those that show the way best.', default: 2000 }),
      }),
      answers: [{ status: 200, description: 'The way', schema: trackSchema }],
      problems: ['no_such_device', 'bad_range', 'range_too_long'],
    },
    async ({ params: { thing }, query: { points, ...asked }, principal }) => {
      const range = rangeOf(asked, undefined, ports.clock.now(), apiLimits.trackRangeMs)
      await visibleDevice(principal, ports, thing)
      const { at, lat, lon, speedKmh, simplified } = await reader.track({ thing, ...range, points })
      const rows = at.map((moment, i) => [moment, lat[i]!, lon[i]!, speedKmh[i]!])
      return { columns: ['at', 'lat', 'lon', 'speedKmh'], rows, simplified }
    },
  ),
  ...factList(ports, {
    type: 'trip',
    name: 'trips',
    summary: 'A vehicle’s trips with their risk, ascending by start',
    schema: tripSchema,
    itemsOf: async (facts, thing) => {
      const [first, last] = [facts[0], facts.at(-1)]
      if (!first || !last) return []
      const risks = await ports.telemetry.facts({ type: 'tripRisk', thing, from: first.at, to: last.at + 1, limit: apiLimits.pageSize }) // prettier-ignore
      const byTrip = new Map(risks.map(({ at, value }) => [at, value]))
      return facts.map((fact) => {
        const { risk = null, reasons = [] } = byTrip.get(fact.at) ?? {}
        return { ...itemOf(fact), risk, reasons }
      })
    },
  }),
  ...factList(ports, {
    type: 'stop',
    name: 'stops',
    summary: 'Where a vehicle stood between its trips, ascending by start',
    schema: stopSchema,
    itemsOf: async (facts) => facts.map((fact) => itemOf({ ...fact, until: Math.min(fact.until, Math.max(fact.at, ports.clock.now())) })), // prettier-ignore
  }),
]

/** How it was found is no business of its reader. */
function itemOf({ at, until, value }: Fact): Record<string, unknown> {
  const item: Record<string, unknown> = { at, until, ...value }
  delete item['refolded']
  return item
}

interface FactList {
  type: string
  name: string
  summary: string
  schema: z.ZodType
  itemsOf(facts: readonly Fact[], thing: string): Promise<Record<string, unknown>[]>
}

function factList(ports: ApiPorts, { type, name, summary, schema, itemsOf }: FactList) {
  return [
    endpoint(
      {
        id: `listVehicle${name[0]!.toUpperCase()}${name.slice(1)}`,
        method: 'get',
        path: `/v1/fleet/vehicles/{thing}/${name}`,
        tag: 'fleet',
        summary,
        role: 'viewer',
        params: thingParams,
        query: z.strictObject({ ...rangeParameters, limit: limitParameter(100), cursor: cursorParameter }),
        answers: [{ status: 200, description: 'A page of them', schema: pageSchema(schema) }],
        problems: ['no_such_device', 'bad_range', 'range_too_long', 'bad_cursor'],
      },
      async ({ params: { thing }, query: { limit, cursor, ...asked }, principal, context }) => {
        const held = decodeCursor(cursor, timeListCursor)
        const range = rangeOf(asked, held, ports.clock.now(), apiLimits.windowsRangeMs)
        await visibleDevice(principal, ports, thing)
        const { items, after } = await fillPageByTime({
          fetch: async (startingFrom, limit) =>
            ports.telemetry.facts(given({ type, thing, ...range, startingFrom, limit })),
          keep: async () => true,
          after: held?.after,
          limit,
        })
        const next = after && { cursor: { ...range, after }, query: { ...range } }
        return pageOf(context.req.url, await itemsOf(items, thing), next)
      },
    ),
  ]
}
