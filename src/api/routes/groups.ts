import * as z from 'zod'
import type { DeviceDesk } from '../../ports/device-desk.ts'
import { visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { label, thingName, thingParams } from '../schemas.ts'

const params = z.strictObject({ group: label })
const body = z.strictObject({ things: z.array(thingName).min(1).max(1000) })
const names = z.object({ items: z.array(z.string()) })

export const groups = (ports: ApiPorts, desk: Pick<DeviceDesk, 'groups'>) => {
  async function change(
    principal: Principal,
    group: string,
    things: readonly string[],
    verb: 'add' | 'remove',
  ): Promise<{ group: string; things: readonly string[] }> {
    for (const thing of things) await visibleDevice(principal, ports, thing)
    await desk.groups[verb](group, things)
    ports.audit.record({ at: ports.clock.now(), actor: principal.name, action: `group.${verb}`, subject: group, detail: things.join(' ') }) // prettier-ignore
    return { group, things }
  }
  const changed = z.object({ group: z.string(), things: z.array(z.string()) })
  return [
    endpoint(
      {
        id: 'listGroups',
        method: 'get',
        path: '/v1/groups',
        tag: 'devices',
        summary: 'Groups of devices; list their members with /v1/devices?group=',
        description: 'Groups span sites, so a token with a site scope may not list them.',
        role: 'viewer',
        answers: [
          {
            status: 200,
            description: 'All groups',
            schema: z.object({ items: z.array(z.object({ name: z.string(), devices: z.int() })) }),
          },
        ],
        problems: ['wrong_site'],
      },
      async ({ principal }) => {
        if (principal.sites !== null) throw new ApiProblem('wrong_site', 'groups span sites')
        return { items: await desk.groups.list() }
      },
    ),
    endpoint(
      {
        id: 'listGroupsOfDevice',
        method: 'get',
        path: '/v1/devices/{thing}/groups',
        tag: 'devices',
        summary: 'Groups that a device belongs to',
        role: 'viewer',
        params: thingParams,
        answers: [{ status: 200, description: 'Their names', schema: names }],
        problems: ['no_such_device'],
      },
      async ({ params: { thing }, principal }) => {
        await visibleDevice(principal, ports, thing)
        return { items: await desk.groups.of(thing) }
      },
    ),
    endpoint(
      {
        id: 'joinGroup',
        method: 'post',
        path: '/v1/groups/{group}/members',
        tag: 'devices',
        summary: 'Put devices into a group; the first one makes it',
        role: 'operator',
        params,
        body,
        answers: [{ status: 200, description: 'They belong to it', schema: changed }],
        problems: ['no_such_device'],
      },
      async ({ params: { group }, body: { things }, principal }) => change(principal, group, things, 'add'),
    ),
    endpoint(
      {
        id: 'leaveGroup',
        method: 'delete',
        path: '/v1/groups/{group}/members/{thing}',
        tag: 'devices',
        summary: 'Take a device out of a group; the last one ends it',
        role: 'operator',
        params: z.strictObject({ group: label, thing: thingName }),
        answers: [{ status: 200, description: 'It belongs to it no more', schema: changed }],
        problems: ['no_such_device'],
      },
      async ({ params: { group, thing }, principal }) => change(principal, group, [thing], 'remove'),
    ),
  ]
}
