import * as z from 'zod'
import { limits } from '../../core/telemetry/limits.ts'
import { parseTopic } from '../../core/telemetry/topic.ts'
import type { QuarantineEntry } from '../../ports/quarantine.ts'
import { thingFilter } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import {
  cursorParameter,
  limitParameter,
  pageSchema,
  quarantineEntrySchema,
  quarantineStatus,
  quarantineSummarySchema,
  reason,
  thingName,
} from '../schemas.ts'

const params = z.strictObject({
  id: z
    .string()
    .regex(/^\d{1,60}$/, { error: 'must be the position of a record' })
    .meta({ description: 'Position of the quarantined record.' }),
})

const fixed = z
  .strictObject({
    payload: z.string().optional().meta({ description: 'The fixed payload as text.' }),
    payloadBase64: z.base64().optional().meta({ description: 'The fixed payload where it is not text.' }),
    topic: z
      .string()
      .max(limits.topicLength)
      .refine((topic) => parseTopic(topic) !== null, { error: 'is no topic that telemetry may arrive on' })
      .optional()
      .meta({ description: 'The fixed topic; still one of its sender’s own.' }),
  })
  .refine((body) => body.payload === undefined || body.payloadBase64 === undefined, {
    error: 'give payload or payloadBase64, not both',
  })

const summaryOf = ({ payload, id, topic, client, receivedAt, reason, detail, status }: QuarantineEntry) => ({
  id,
  topic,
  client,
  receivedAt,
  reason,
  detail,
  status,
  sizeBytes: payload.byteLength,
})

export const quarantine = (ports: ApiPorts) => [
  endpoint(
    {
      id: 'listQuarantine',
      method: 'get',
      path: '/v1/quarantine',
      tag: 'quarantine',
      summary: 'Records that were refused, those still open unless told otherwise',
      role: 'viewer',
      query: z.strictObject({
        status: z
          .enum([...quarantineStatus.options, 'all'])
          .default('open')
          .meta({ default: 'open' }),
        reason: reason.optional(),
        client: thingName.optional().meta({ description: 'Who sent it.' }),
        limit: limitParameter(100),
        cursor: cursorParameter,
      }),
      answers: [
        { status: 200, description: 'A page of entries', schema: pageSchema(quarantineSummarySchema) },
      ],
      problems: ['bad_cursor'],
    },
    async ({ query: { cursor, limit, status, ...filter }, principal, context }) => {
      const sees = thingFilter(principal, ports)
      const wanted = { ...filter, status: status === 'all' ? undefined : status }
      const { items, after } = await fillPage({
        fetch: async (cursor, limit) => ports.quarantine.list(given({ ...wanted, cursor, limit })),
        idOf: (entry) => entry.id,
        keep: async (entry) => sees(entry.client),
        cursor: decodeCursor(cursor, idCursor),
        limit,
      })
      return pageOf(context.req.url, items.map(summaryOf), after === null ? null : { cursor: after })
    },
  ),
  endpoint(
    {
      id: 'getQuarantineEntry',
      method: 'get',
      path: '/v1/quarantine/{id}',
      tag: 'quarantine',
      summary: 'One refused record with its payload',
      role: 'viewer',
      params,
      answers: [{ status: 200, description: 'The entry', schema: quarantineEntrySchema }],
      problems: ['no_such_entry'],
    },
    async ({ params: { id }, principal }) => {
      const entry = await visibleEntry(principal, ports, id)
      return {
        ...summaryOf(entry),
        payload: textOf(entry.payload),
        payloadBase64: Buffer.from(entry.payload).toString('base64'),
      }
    },
  ),
  endpoint(
    {
      id: 'replayQuarantineEntry',
      method: 'post',
      path: '/v1/quarantine/{id}/replay',
      tag: 'quarantine',
      summary: 'Send a refused record again, as it was or fixed',
      description:
        'It enters as a new record of the same topic and sender, received now and marked with `replayOf`. If it is refused again, it becomes a new entry.',
      role: 'operator',
      params,
      body: fixed,
      answers: [
        {
          status: 202,
          description: 'The new record is durable and on its way',
          schema: z.object({ position: z.string(), replayOf: z.string() }),
        },
      ],
      problems: ['no_such_entry', 'already_handled'],
    },
    async ({ params: { id }, body, principal }) => {
      const entry = await openEntry(principal, ports, id)
      const payload = payloadOf(body) ?? entry.payload
      if (payload.byteLength > limits.payloadBytes)
        throw new ApiProblem('bad_body', `a payload has at most ${limits.payloadBytes} bytes`)
      const { client } = entry
      const topic = body.topic ?? entry.topic
      if (body.topic !== undefined && parseTopic(topic)?.thing !== client)
        throw new ApiProblem('bad_body', `topic: ${client} may not speak on it`)
      const receivedAt = ports.clock.now()
      const replayOf = `${id}@${entry.receivedAt}`
      const position = await ports.submit({ topic, client, receivedAt, payload, replayOf })
      await ports.quarantine.mark(id, 'replayed')
      ports.audit.record({
        at: receivedAt,
        actor: principal.name,
        action: 'quarantine.replay',
        subject: id,
        detail: `${payload === entry.payload && topic === entry.topic ? 'as it was' : 'fixed'}, as ${position}`,
      })
      return { position: String(position), replayOf: id }
    },
  ),
  endpoint(
    {
      id: 'discardQuarantineEntry',
      method: 'post',
      path: '/v1/quarantine/{id}/discard',
      tag: 'quarantine',
      summary: 'Close an entry without sending it again',
      role: 'operator',
      params,
      body: z.strictObject({}),
      answers: [{ status: 204, description: 'Closed' }],
      problems: ['no_such_entry', 'already_handled'],
    },
    async ({ params: { id }, principal }) => {
      const { reason } = await openEntry(principal, ports, id)
      await ports.quarantine.mark(id, 'discarded')
      ports.audit.record({
        at: ports.clock.now(),
        actor: principal.name,
        action: 'quarantine.discard',
        subject: id,
        detail: reason,
      })
    },
  ),
]

async function visibleEntry(principal: Principal, ports: ApiPorts, id: string): Promise<QuarantineEntry> {
  const entry = await ports.quarantine.get(id)
  if (!entry || !(await thingFilter(principal, ports)(entry.client)))
    throw new ApiProblem('no_such_entry', `there is no entry ${id}`)
  return entry
}

async function openEntry(principal: Principal, ports: ApiPorts, id: string): Promise<QuarantineEntry> {
  const entry = await visibleEntry(principal, ports, id)
  if (entry.status !== 'open') throw new ApiProblem('already_handled', `entry ${id} was ${entry.status}`)
  return entry
}

function payloadOf({ payload, payloadBase64 }: z.output<typeof fixed>): Uint8Array | null {
  if (payload !== undefined) return new TextEncoder().encode(payload)
  return payloadBase64 === undefined ? null : new Uint8Array(Buffer.from(payloadBase64, 'base64'))
}

function textOf(payload: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload)
  } catch {
    return null
  }
}
