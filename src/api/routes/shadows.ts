import * as z from 'zod'
import type { JsonObject } from '../../core/device/json.ts'
import type { ShadowError } from '../../core/device/shadow.ts'
import type { DeviceDesk } from '../../ports/device-desk.ts'
import { visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import type { ProblemCode } from '../problem-codes.ts'
import { thingParams } from '../schemas.ts'

const name = z
  .string()
  .regex(/^[$\w:-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ : $ or -' })
  .default('')
  .meta({ description: 'A named shadow; the classic one unless told.', default: '' })
const query = z.strictObject({ name })
const shadow = z
  .record(z.string(), z.unknown())
  .meta({ id: 'Shadow', description: 'As AWS IoT Core has it.' })

const codes: Record<ShadowError['code'], ProblemCode> = {
  400: 'bad_shadow',
  404: 'no_such_shadow',
  409: 'version_conflict',
  413: 'shadow_too_large',
}

function answered(result: JsonObject | ShadowError): JsonObject {
  if (!('code' in result && 'message' in result)) return result
  const { code, message } = result as ShadowError
  throw new ApiProblem(codes[code], message)
}

export const shadows = (ports: ApiPorts, desk: Pick<DeviceDesk, 'shadows'>) => [
  endpoint(
    {
      id: 'listShadows',
      method: 'get',
      path: '/v1/devices/{thing}/shadows',
      tag: 'devices',
      summary: 'Names of a device’s shadows; the classic one is empty',
      role: 'viewer',
      params: thingParams,
      answers: [
        { status: 200, description: 'All of them', schema: z.object({ items: z.array(z.string()) }) },
      ],
      problems: ['no_such_device'],
    },
    async ({ params: { thing }, principal }) => {
      await visibleDevice(principal, ports, thing)
      return { items: await desk.shadows.names(thing) }
    },
  ),
  endpoint(
    {
      id: 'getShadow',
      method: 'get',
      path: '/v1/devices/{thing}/shadow',
      tag: 'devices',
      summary: 'Desired and reported state of a device, and their difference',
      role: 'viewer',
      params: thingParams,
      query,
      answers: [{ status: 200, description: 'The shadow', schema: shadow }],
      problems: ['no_such_device', 'no_such_shadow'],
    },
    async ({ params: { thing }, query: { name }, principal }) => {
      await visibleDevice(principal, ports, thing)
      return answered(await desk.shadows.get(thing, name))
    },
  ),
  endpoint(
    {
      id: 'updateShadow',
      method: 'post',
      path: '/v1/devices/{thing}/shadow',
      tag: 'devices',
      summary: 'Change a device’s desired or reported state',
      description:
        'The device hears the difference at once, or when it asks. A version makes the change conditional.',
      role: 'operator',
      params: thingParams,
      query,
      body: z.looseObject({}),
      answers: [{ status: 200, description: 'What was taken', schema: shadow }],
      problems: ['no_such_device', 'bad_shadow', 'version_conflict', 'shadow_too_large'],
    },
    async ({ params: { thing }, query: { name }, body, principal }) => {
      await visibleDevice(principal, ports, thing)
      const taken = answered(await desk.shadows.update(thing, name, body))
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'shadow.update',
        subject: thing,
        detail: JSON.stringify({ name, state: taken['state'] }),
      })
      return taken
    },
  ),
  endpoint(
    {
      id: 'deleteShadow',
      method: 'delete',
      path: '/v1/devices/{thing}/shadow',
      tag: 'devices',
      summary: 'Delete a device’s shadow; its versions go on counting',
      role: 'operator',
      params: thingParams,
      query,
      answers: [{ status: 200, description: 'The version that was deleted', schema: shadow }],
      problems: ['no_such_device', 'no_such_shadow'],
    },
    async ({ params: { thing }, query: { name }, principal }) => {
      await visibleDevice(principal, ports, thing)
      const gone = answered(await desk.shadows.remove(thing, name))
      ports.audit.record({ at: ports.clock.now(), actor: principal.name, action: 'shadow.delete', subject: thing, detail: name }) // prettier-ignore
      return gone
    },
  ),
]
