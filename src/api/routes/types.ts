import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem, refuseOther } from '../problem.ts'
import { unknownUnit } from './register-devices.ts'
import { epochMs, label } from '../schemas.ts'
import { deviceTypeInputSchema, deviceTypeSchema } from '../type-schema.ts'

const changed = z.object({ type: deviceTypeSchema, effectiveFrom: epochMs }).meta({ id: 'DeviceTypeChange' })

export const types = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'listTypes',
      method: 'get',
      path: '/v1/types',
      tag: 'devices',
      summary: 'Device types, ascending by name',
      role: 'viewer',
      answers: [
        { status: 200, description: 'All types', schema: z.object({ items: z.array(deviceTypeSchema) }) },
      ],
    },
    async () => ({ items: await ports.devices.types() }),
  ),
  endpoint(
    {
      id: 'listTypeVersions',
      method: 'get',
      path: '/v1/types/{name}/versions',
      tag: 'devices',
      summary: 'Every version of a device type, oldest first',
      role: 'viewer',
      params: z.strictObject({ name: label }),
      answers: [
        { status: 200, description: 'Its versions', schema: z.object({ items: z.array(deviceTypeSchema) }) },
      ],
      problems: ['no_such_type'],
    },
    async ({ params: { name } }) => {
      const items = await ports.devices.typeVersions(name)
      if (items.length === 0) throw new ApiProblem('no_such_type', `there is no type ${name}`)
      return { items }
    },
  ),
  endpoint(
    {
      id: 'putType',
      method: 'put',
      path: '/v1/types/{name}',
      tag: 'devices',
      summary: 'Add a device type, or its next version',
      description:
        'Types belong to all sites, so a token with a site scope may not change them. What says nothing new is no new version.',
      role: 'admin',
      params: z.strictObject({ name: label }),
      body: deviceTypeInputSchema,
      answers: [{ status: 200, description: 'The type with its new version', schema: changed }],
      problems: ['wrong_site'],
    },
    async ({ params: { name }, body: { version: _read, ...body }, principal }) => {
      refuseOther('name', body.name, name)
      if (principal.sites !== null) throw new ApiProblem('wrong_site', 'types belong to all sites')
      const unit = await unknownUnit(body.measures)
      if (unit) throw new ApiProblem('bad_body', `${unit.at}: "${unit.unit}" is no UCUM unit`)
      const newest = (await ports.devices.types()).find((type) => type.name === name)
      // Told again what it is already, by a script that runs every night, it stays the version that it is.
      if (newest && isDeepStrictEqual(newest, { ...body, name, version: newest.version }))
        return { type: newest, effectiveFrom: ports.clock.now() }
      const change = await ports.devices.putType({ ...body, name }, principal.name)
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'type.put',
        subject: name,
        detail: JSON.stringify(change.type),
      })
      return change
    },
  ),
]
