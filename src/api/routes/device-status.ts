import * as z from 'zod'
import type { DeviceDesk } from '../../ports/device-desk.ts'
import { seesSite, visibleDevice } from '../auth.ts'
import { apiLimits } from '../limits.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts } from '../ports.ts'
import {
  cursorParameter,
  epochMs,
  label,
  limitParameter,
  namesParameter,
  pageSchema,
  thingName,
  thingParams,
  trade,
} from '../schemas.ts'

const condition = z.enum(['never', 'online', 'silent', 'offline'])
const status = z
  .object({
    thing: z.string(),
    condition,
    since: epochMs.nullable(),
    lastDataAt: epochMs.nullable(),
    connected: z.boolean().nullable().meta({ description: 'Null for a device that never connected itself.' }),
    expectedSilenceMs: z.number().nullable().meta({ description: 'Null while it is still being learned.' }),
    because: z.string().nullable().meta({ description: 'The gateway that is down, where that is why.' }),
  })
  .meta({ id: 'DeviceStatusReport' })

const counts = z
  .object({
    devices: z.int(),
    online: z.int(),
    silent: z.int(),
    offline: z.int(),
    never: z.int(),
    suspended: z.int(),
    retired: z.int(),
  })
  .meta({ id: 'StatusCounts', description: 'Suspended and retired devices are in no other count.' })

const latitude = z.coerce.number().min(-90).max(90)
const longitude = z.coerce.number().min(-180).max(180)

export const deviceStatus = (ports: ApiPorts, desk: Pick<DeviceDesk, 'status' | 'nearest'>) => [
  endpoint(
    {
      id: 'listStatus',
      method: 'get',
      path: '/v1/status',
      tag: 'devices',
      summary: 'Which devices are online, silent, offline, or were never seen',
      role: 'viewer',
      query: z.strictObject({
        trade: trade.optional(),
        site: label.optional(),
        condition: condition.optional(),
        things: namesParameter(
          thingName,
          `At most ${apiLimits.namesPerQuery} devices, comma-separated; no other filter goes with it.`,
        ).optional(),
        limit: limitParameter(100),
        cursor: cursorParameter,
      }),
      answers: [{ status: 200, description: 'A page, ascending by name', schema: pageSchema(status) }],
      problems: ['bad_cursor'],
    },
    async ({ query: { cursor, limit, condition, things, ...filter }, principal, context }) => {
      if (things) {
        const found = await Promise.all([...new Set(things)].sort().map(async (t) => ports.devices.get(t)))
        const visible = found.filter((device) => device !== null && seesSite(principal, device.site))
        return pageOf(context.req.url, await Promise.all(visible.map((device) => desk.status.of(device!.thing))), null) // prettier-ignore
      }
      const { items, after } = await fillPage({
        fetch: async (cursor, limit) =>
          desk.status.list({ ...given({ ...filter, condition, cursor, limit }), sites: principal.sites }),
        idOf: ({ thing }) => thing,
        keep: () => true,
        cursor: decodeCursor(cursor, idCursor),
        limit,
      })
      return pageOf(context.req.url, items, after === null ? null : { cursor: after })
    },
  ),
  endpoint(
    {
      id: 'countStatus',
      method: 'get',
      path: '/v1/status/counts',
      tag: 'devices',
      summary: 'How many active devices are online, silent, offline, or were never seen',
      role: 'viewer',
      query: z.strictObject({ trade: trade.optional(), site: label.optional() }),
      answers: [{ status: 200, description: 'The counts', schema: counts }],
    },
    async ({ query, principal }) => desk.status.counts({ ...given(query), sites: principal.sites }),
  ),
  endpoint(
    {
      id: 'getStatus',
      method: 'get',
      path: '/v1/devices/{thing}/status',
      tag: 'devices',
      summary: 'Whether a device is there, and since when',
      role: 'viewer',
      params: thingParams,
      answers: [{ status: 200, description: 'Its status', schema: status }],
      problems: ['no_such_device'],
    },
    async ({ params: { thing }, principal }) => {
      await visibleDevice(principal, ports, thing)
      return desk.status.of(thing)
    },
  ),
  endpoint(
    {
      id: 'nearestDevices',
      method: 'get',
      path: '/v1/nearest',
      tag: 'devices',
      summary: 'Devices nearest to a point, by their newest position or their registered place',
      role: 'viewer',
      query: z.strictObject({
        latitude,
        longitude,
        trade: trade.optional(),
        withinM: z.coerce.number().positive().optional(),
        limit: limitParameter(10, 100),
      }),
      answers: [
        {
          status: 200,
          description: 'Nearest first',
          schema: z.object({
            items: z.array(
              z.object({
                thing: z.string(),
                latitude: z.number(),
                longitude: z.number(),
                distanceM: z.number(),
              }),
            ),
          }),
        },
      ],
    },
    async ({ query: { latitude, longitude, limit, ...filter }, principal }) => ({
      items: await desk.nearest({ latitude, longitude, limit, ...given(filter), sites: principal.sites }),
    }),
  ),
]
