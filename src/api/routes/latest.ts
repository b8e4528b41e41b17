import * as z from 'zod'
import type { Device } from '../../core/device/profile.ts'
import { seesSite, visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import {
  cursorParameter,
  label,
  latestSchema,
  limitParameter,
  namesParameter,
  pageSchema,
  thingName,
  thingParams,
  trade,
} from '../schemas.ts'

export const latest = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'listLatest',
      method: 'get',
      path: '/v1/latest',
      tag: 'history',
      summary: 'The newest value by event time of every series of many devices',
      description:
        'Devices ascend by name. Those named that do not exist, or lie outside the token’s sites, are left out.',
      role: 'viewer',
      query: z.strictObject({
        things: namesParameter(
          thingName,
          `At most ${apiLimits.namesPerQuery} devices, comma-separated.`,
        ).optional(),
        trade: trade.optional(),
        site: label.optional(),
        limit: limitParameter(apiLimits.latestThings, apiLimits.latestThings),
        cursor: cursorParameter,
      }),
      answers: [{ status: 200, description: 'A page of devices', schema: pageSchema(latestSchema) }],
      problems: ['bad_cursor'],
    },
    async ({ query: { things, cursor, limit, ...filter }, principal, context }) => {
      const after = decodeCursor(cursor, idCursor)
      const { items, after: end } = await fillPage({
        fetch: things
          ? named(things, filter, ports)
          : async (cursor, limit) => ports.devices.list(given({ ...filter, cursor, limit })),
        idOf: (device) => device.thing,
        keep: (device) => seesSite(principal, device.site),
        cursor: after,
        limit,
      })
      const found = items.map(({ thing }) => thing)
      const { cursor: on, next } = pageOf(context.req.url, [], end === null ? null : { cursor: end })
      const rest = { cursor: on, next }
      const { latest } = ports
      if (!latest.latestPage) return { items: await latest.latest(found), ...rest }
      return new Response(await latest.latestPage(found, rest), {
        headers: { 'content-type': 'application/json' },
      })
    },
  ),
  endpoint(
    {
      id: 'getLatest',
      method: 'get',
      path: '/v1/devices/{thing}/latest',
      tag: 'history',
      summary: 'The newest value by event time of every series of one device',
      role: 'viewer',
      params: thingParams,
      answers: [{ status: 200, description: 'The device’s newest values', schema: latestSchema }],
      problems: ['no_such_device'],
    },
    async ({ params: { thing }, principal }) => latestOf(thing, principal, ports),
  ),
]

async function latestOf(thing: string, principal: Principal, ports: ApiPorts) {
  await visibleDevice(principal, ports, thing)
  const [item] = await ports.latest.latest([thing])
  return item ?? { thing, values: [] }
}

/** A list of named devices with the promises of the directory's own list. */
function named(
  things: readonly string[],
  filter: { trade?: string | undefined; site?: string | undefined },
  ports: ApiPorts,
) {
  const sorted = [...new Set(things)].sort()
  return async (cursor: string | undefined, limit: number): Promise<Device[]> => {
    const wanted = sorted.filter((thing) => cursor === undefined || thing > cursor)
    const found = await Promise.all(wanted.map(async (thing) => ports.devices.get(thing)))
    return found
      .filter((device): device is Device => device !== null)
      .filter(({ trade, site }) => (filter.trade ?? trade) === trade && (filter.site ?? site) === site)
      .slice(0, limit)
  }
}
