import * as z from 'zod'
import { seesSite, visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem, refuseOther } from '../problem.ts'
import { hasChildren, registerDevices } from './register-devices.ts'
import {
  cursorParameter,
  deviceInputSchema,
  deviceSchema,
  deviceStatus,
  epochMs,
  label,
  limitParameter,
  pageSchema,
  thingName,
  thingParams,
  trade,
} from '../schemas.ts'

const changed = z.object({ device: deviceSchema, effectiveFrom: epochMs }).meta({ id: 'DeviceChange' })

export const devices = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'listDevices',
      method: 'get',
      path: '/v1/devices',
      tag: 'devices',
      summary: 'Devices of the registry, ascending by name',
      role: 'viewer',
      query: z.strictObject({
        trade: trade.optional(),
        site: label.optional(),
        type: label.optional(),
        status: deviceStatus.optional(),
        gateway: thingName.optional().meta({ description: 'Children of this gateway only.' }),
        group: label.optional(),
        tag: z
          .string()
          .min(1)
          .max(330)
          .transform(tagOf)
          .optional()
          .meta({ description: 'An attribute: its name, or name=value.' }),
        text: z
          .string()
          .min(1)
          .max(100)
          .optional()
          .meta({ description: 'Part of a name, type, site or attribute.' }),
        limit: limitParameter(100),
        cursor: cursorParameter,
      }),
      answers: [{ status: 200, description: 'A page of devices', schema: pageSchema(deviceSchema) }],
      problems: ['bad_cursor'],
    },
    async ({ query: { cursor, limit, ...filter }, principal, context }) => {
      const { items, after } = await fillPage({
        fetch: async (cursor, limit) => ports.devices.list(given({ ...filter, cursor, limit })),
        idOf: (device) => device.thing,
        keep: (device) => seesSite(principal, device.site),
        cursor: decodeCursor(cursor, idCursor),
        limit,
      })
      return pageOf(context.req.url, items, after === null ? null : { cursor: after })
    },
  ),
  endpoint(
    {
      id: 'getDevice',
      method: 'get',
      path: '/v1/devices/{thing}',
      tag: 'devices',
      summary: 'One device',
      role: 'viewer',
      params: thingParams,
      answers: [{ status: 200, description: 'The device', schema: deviceSchema }],
      problems: ['no_such_device'],
    },
    async ({ params, principal }) => visibleDevice(principal, ports, params.thing),
  ),
  endpoint(
    {
      id: 'putDevice',
      method: 'put',
      path: '/v1/devices/{thing}',
      tag: 'devices',
      summary: 'Register or replace a device',
      description:
        'The change is listed at once and holds for records received from `effectiveFrom` on. Suspending a device cuts its connections; retiring it revokes its certificates as well.',
      role: 'admin',
      params: thingParams,
      body: deviceInputSchema,
      answers: [{ status: 200, description: 'The device as registered', schema: changed }],
      problems: ['wrong_site', 'unknown_type', 'unknown_gateway'],
    },
    async ({ params: { thing }, body, principal }) => {
      refuseOther('thing', body.thing, thing)
      const [outcome] = await registerDevices(ports, principal, [{ ...body, thing }])
      if (outcome!.kind === 'refused') throw outcome!.problem
      return { device: outcome!.device, effectiveFrom: outcome!.effectiveFrom }
    },
  ),
  endpoint(
    {
      id: 'deleteDevice',
      method: 'delete',
      path: '/v1/devices/{thing}',
      tag: 'devices',
      summary: 'Forget a device; what it sent stays',
      role: 'admin',
      params: thingParams,
      answers: [{ status: 204, description: 'Forgotten' }],
      problems: ['no_such_device', 'device_in_use'],
    },
    async ({ params: { thing }, principal }) => {
      const device = await visibleDevice(principal, ports, thing)
      if (await hasChildren(ports.devices, thing))
        throw new ApiProblem('device_in_use', `${thing} is the gateway of other devices`)
      if (!(await ports.devices.remove(thing, principal.name)))
        throw new ApiProblem('no_such_device', `there is no device ${thing}`)
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'device.remove',
        subject: thing,
        detail: JSON.stringify(device),
      })
    },
  ),
]

function tagOf(text: string): { name: string; value?: string } {
  const at = text.indexOf('=')
  return at < 0 ? { name: text } : { name: text.slice(0, at), value: text.slice(at + 1) }
}
