import * as z from 'zod'
import { callerOf, thingFilter } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { eventStream } from '../event-stream.ts'
import { apiLimits } from '../limits.ts'
import type { LiveHub } from '../live-hub.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { namesParameter, thingName } from '../schemas.ts'

const kinds = z.enum(['readings', 'alarm'])

export const live = (ports: ApiPorts, hub: LiveHub, { heartbeatMs }: { heartbeatMs: number }) => {
  let open = 0
  return [
    endpoint(
      {
        id: 'streamLive',
        method: 'get',
        path: '/v1/live',
        tag: 'live',
        summary: 'Readings and alarms as they happen, as server-sent events',
        description:
          'Events: `hello` (first; `resumed` says whether nothing was missed), `readings` {thing, values}, `alarm` {thing, alarm, change, severity, at, text}, `dropped` {count} where the reader was too slow. To go on where a stream broke off, send the last id as the header Last-Event-ID or as `after`.',
        role: 'viewer',
        query: z.strictObject({
          things: namesParameter(thingName, 'Only these devices.').optional(),
          kinds: namesParameter(kinds, 'Only these events: readings, alarm.').optional(),
          after: z.string().max(64).optional().meta({ description: 'Id of the last event received.' }),
        }),
        answers: [{ status: 200, description: 'The stream', mediaType: 'text/event-stream' }],
        problems: ['no_live_stream', 'too_many_streams'],
      },
      async ({ query: { things, kinds, after }, principal, context }) => {
        if (!ports.live) throw new ApiProblem('no_live_stream', 'poll /v1/latest and /v1/alarms')
        if (open >= apiLimits.streams)
          throw new ApiProblem('too_many_streams', `at most ${apiLimits.streams} at a time`, [], {
            'retry-after': '10',
          })
        open++
        const only = things && new Set(things)
        let sees = thingFilter(principal, ports)
        const stream = eventStream({
          hub,
          after: after ?? context.req.header('last-event-id'),
          wants: async ({ kind, thing }) =>
            (!kinds || kinds.includes(kind)) && (!only || only.has(thing)) && (await sees(thing)),
          stillAllowed: async () => {
            const caller = await callerOf(context, ports, false).catch(() => null)
            if (caller) sees = thingFilter(caller, ports) // devices may have moved, and so may the token's sites
            return caller !== null
          },
          heartbeatMs,
          elapsed: () => ports.clock.elapsed(),
          onEnd: () => open--,
        })
        return new Response(stream, {
          headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
        })
      },
    ),
  ]
}
