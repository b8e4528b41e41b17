import * as z from 'zod'
import type { Alarm } from '../../ports/alarm-book.ts'
import { thingFilter } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import type { LiveHub } from '../live-hub.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import {
  alarmEventSchema,
  alarmSchema,
  cursorParameter,
  limitParameter,
  pageSchema,
  severity,
  thingName,
} from '../schemas.ts'

const params = z.strictObject({
  id: z.string().min(1).max(512).meta({ description: 'The alarm’s id; encode its slashes as %2F.' }),
})

export const alarms = (ports: ApiPorts, hub: LiveHub) => [
  endpoint(
    {
      id: 'listAlarms',
      method: 'get',
      path: '/v1/alarms',
      tag: 'alarms',
      summary: 'Alarms, the active ones unless told otherwise',
      role: 'viewer',
      query: z.strictObject({
        state: z.enum(['active', 'unacknowledged', 'all']).default('active').meta({ default: 'active' }),
        severity: severity.optional(),
        thing: thingName.optional(),
        rule: z.string().min(1).max(128).optional(),
        limit: limitParameter(100),
        cursor: cursorParameter,
      }),
      answers: [{ status: 200, description: 'A page of alarms', schema: pageSchema(alarmSchema) }],
      problems: ['bad_cursor'],
    },
    async ({ query: { cursor, limit, ...filter }, principal, context }) => {
      const sees = thingFilter(principal, ports)
      const { items, after } = await fillPage({
        fetch: async (cursor, limit) => ports.alarms.list(given({ ...filter, cursor, limit })),
        idOf: (alarm) => alarm.id,
        keep: async (alarm) => sees(alarm.thing),
        cursor: decodeCursor(cursor, idCursor),
        limit,
      })
      return pageOf(context.req.url, items, after === null ? null : { cursor: after })
    },
  ),
  endpoint(
    {
      id: 'getAlarm',
      method: 'get',
      path: '/v1/alarms/{id}',
      tag: 'alarms',
      summary: 'One alarm',
      role: 'viewer',
      params,
      answers: [{ status: 200, description: 'The alarm', schema: alarmSchema }],
      problems: ['no_such_alarm'],
    },
    async ({ params: { id }, principal }) => visibleAlarm(principal, ports, id),
  ),
  endpoint(
    {
      id: 'listAlarmHistory',
      method: 'get',
      path: '/v1/alarms/{id}/history',
      tag: 'alarms',
      summary: 'What happened to one alarm, newest first',
      role: 'viewer',
      params,
      query: z.strictObject({ limit: limitParameter(100) }),
      answers: [
        {
          status: 200,
          description: 'The newest events',
          schema: z.object({ items: z.array(alarmEventSchema) }),
        },
      ],
      problems: ['no_such_alarm'],
    },
    async ({ params: { id }, query: { limit }, principal }) => {
      await visibleAlarm(principal, ports, id)
      return { items: await ports.alarms.history(id, limit) }
    },
  ),
  endpoint(
    {
      id: 'acknowledgeAlarm',
      method: 'post',
      path: '/v1/alarms/{id}/acknowledge',
      tag: 'alarms',
      summary: 'Take note of an alarm',
      role: 'operator',
      params,
      body: z.strictObject({ comment: z.string().max(apiLimits.commentLength).optional() }),
      answers: [{ status: 200, description: 'The alarm as it is now', schema: alarmSchema }],
      problems: ['no_such_alarm'],
    },
    async ({ params: { id }, body: { comment }, principal }) => {
      await visibleAlarm(principal, ports, id)
      const at = ports.clock.now()
      const alarm = await ports.alarms.acknowledge(id, principal.name, comment ?? null, at)
      if (!alarm) throw new ApiProblem('no_such_alarm', `there is no alarm ${id}`)
      ports.audit.record({
        at,
        actor: principal.name,
        action: 'alarm.acknowledge',
        subject: id,
        detail: comment ?? '',
      })
      const { thing, severity } = alarm
      const text = `acknowledged by ${principal.name}`
      hub.publish({ kind: 'alarm', thing, alarm: id, change: 'acknowledged', severity, at, text })
      return alarm
    },
  ),
]

async function visibleAlarm(principal: Principal, ports: ApiPorts, id: string): Promise<Alarm> {
  const alarm = await ports.alarms.get(id)
  if (!alarm || !(await thingFilter(principal, ports)(alarm.thing)))
    throw new ApiProblem('no_such_alarm', `there is no alarm ${id}`)
  return alarm
}

/** Alarm ids hold slashes. Some proxies decode %2F before they pass a path on; this encodes it again. */
export function encodeAlarmId(path: string): string {
  const match = /^\/v1\/alarms\/(.+?)(\/history|\/acknowledge)?$/.exec(path)
  return match?.[1] ? `/v1/alarms/${match[1].replaceAll('/', '%2F')}${match[2] ?? ''}` : path
}
