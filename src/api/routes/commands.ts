import * as z from 'zod'
import { MOST_OPEN_COMMANDS, nextStatus } from '../../core/device/command-state.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { CommandRecord } from '../../ports/command-book.ts'
import type { DeviceDesk } from '../../ports/device-desk.ts'
import { visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { cursorParameter, epochMs, limitParameter, pageSchema, thingParams } from '../schemas.ts'

const DAY_S = 86_400

const command = z
  .object({
    id: z.string(),
    thing: z.string(),
    name: z.string(),
    payload: z.unknown(),
    status: z.enum(['queued', 'sent', 'acknowledged', 'succeeded', 'failed', 'expired']),
    atMostOnce: z.boolean(),
    by: z.string(),
    createdAt: epochMs,
    expiresAt: epochMs,
    sentAt: epochMs.nullable(),
    finishedAt: epochMs.nullable(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'Command' })

const order = z.strictObject({
  name: z.string().regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ or -' }),
  payload: z
    .json()
    .refine((payload) => Buffer.byteLength(JSON.stringify(payload)) <= apiLimits.commandPayloadBytes, {
      error: 'must be at most 64 KB',
    })
    .default(null),
  id: z
    .string()
    .regex(/^[\w.:-]{1,128}$/, { error: 'must be 1 to 128 letters, digits, _ . : or -' })
    .optional()
    .meta({ description: 'The caller’s own, so that asking twice orders once; made up unless told.' }),
  expiresInS: z
    .int()
    .min(1)
    .max(30 * DAY_S)
    .default(3600),
  atMostOnce: z.boolean().default(false),
  manual: z.boolean().default(true).meta({ description: 'An order by hand holds against machines until its lease ends.' }), // prettier-ignore
  leaseS: z
    .int()
    .min(1)
    .max(30 * DAY_S)
    .optional(),
})

/** One whose time is over is over, though the book writes that down with the next minute only. */
const asOf = (command: CommandRecord, now: EpochMs): CommandRecord => {
  const status = nextStatus(command.status, { kind: 'time' }, now, command.expiresAt)
  return status === command.status ? command : { ...command, status, finishedAt: command.expiresAt }
}

export const commands = (ports: ApiPorts, desk: Pick<DeviceDesk, 'commands'>) => [
  endpoint(
    {
      id: 'giveCommand',
      method: 'post',
      path: '/v1/devices/{thing}/commands',
      tag: 'devices',
      summary: 'Order a device to do something',
      description:
        'Sent at once if the device listens, else when it comes back before the expiry. A command that moves an actuator says its number as `value` and is held against the type’s limits; `{"relinquish": true}` lets go of it.',
      role: 'operator',
      params: thingParams,
      body: order,
      answers: [{ status: 201, description: 'The command', schema: command }],
      problems: ['no_such_device', 'interlocked', 'too_many_commands'],
    },
    async ({ params: { thing }, body, principal }) => {
      await visibleDevice(principal, ports, thing)
      const { name, payload, id, expiresInS, atMostOnce, manual, leaseS } = body
      const now = ports.clock.now()
      const result = await desk.commands.give(
        {
          // A caller's id holds for its device alone.
          id: id === undefined ? crypto.randomUUID() : `${thing}/${id}`,
          thing,
          name,
          payload,
          expiresAt: now + expiresInS * 1000,
          atMostOnce,
        },
        principal.name,
        { manual, ...(leaseS !== undefined && { leaseMs: leaseS * 1000 }) },
      )
      if (result.kind === 'refused') throw new ApiProblem('interlocked', `${result.code}: ${result.text}`)
      if (result.kind === 'full')
        throw new ApiProblem('too_many_commands', `${thing} has ${result.open} open commands, at most ${MOST_OPEN_COMMANDS} are kept: wait until some are finished or expire, or give shorter expiries`) // prettier-ignore
      return result.command
    },
  ),
  endpoint(
    {
      id: 'listCommands',
      method: 'get',
      path: '/v1/devices/{thing}/commands',
      tag: 'devices',
      summary: 'Commands of a device, newest first',
      role: 'viewer',
      params: thingParams,
      query: z.strictObject({ limit: limitParameter(100), cursor: cursorParameter }),
      answers: [{ status: 200, description: 'A page of commands', schema: pageSchema(command) }],
      problems: ['no_such_device', 'bad_cursor'],
    },
    async ({ params: { thing }, query: { cursor, limit }, principal, context }) => {
      await visibleDevice(principal, ports, thing)
      const { items, after } = await fillPage({
        fetch: async (cursor, limit) => desk.commands.list(given({ thing, cursor, limit })),
        idOf: ({ id }) => id,
        keep: () => true,
        cursor: decodeCursor(cursor, idCursor),
        limit,
      })
      const now = ports.clock.now()
      const seen = items.map((command) => asOf(command, now))
      return pageOf(context.req.url, seen, after === null ? null : { cursor: after })
    },
  ),
  endpoint(
    {
      id: 'getCommand',
      method: 'get',
      path: '/v1/devices/{thing}/command',
      tag: 'devices',
      summary: 'One command, and what became of it',
      role: 'viewer',
      params: thingParams,
      query: z.strictObject({ id: z.string().min(1).max(512) }),
      answers: [{ status: 200, description: 'The command', schema: command }],
      problems: ['no_such_device', 'no_such_command'],
    },
    async ({ params: { thing }, query: { id }, principal }) => {
      await visibleDevice(principal, ports, thing)
      const found = await desk.commands.get(thing, id)
      if (!found) throw new ApiProblem('no_such_command', `${thing} has no command ${id}`)
      return asOf(found, ports.clock.now())
    },
  ),
]
