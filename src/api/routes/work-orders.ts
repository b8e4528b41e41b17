import * as z from 'zod'
import { failureModes } from '../../core/maintenance/failure-modes.ts'
import { labelOfOrder, reportedOrder, type WorkOrder } from '../../core/maintenance/work-order.ts'
import { moveOrder } from '../../pipeline/jobs/trade-desk.ts'
import { thingFilter, visibleDevice } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import type { ApiPorts, Principal, TradePorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { epochMs, label, limitParameter, thingName } from '../schemas.ts'
import { note } from './sites.ts'

const HOUR = 3_600_000

const order = z
  .object({
    id: z.string(),
    thing: z.string(),
    mode: z.string(),
    status: z.enum(['open', 'inProgress', 'done', 'cancelled']),
    openedAt: epochMs,
    dueAt: epochMs,
    action: z.string(),
    failureProbability: z.number().nullable(),
    evidence: z.array(z.string()),
    openedBy: z.string().nullable().meta({ description: 'Who reported it; null where the platform did.' }),
    startedAt: epochMs.nullable(),
    closedAt: epochMs.nullable(),
    by: z.string().nullable(),
    finding: z.enum(['failed', 'confirmed', 'noFaultFound']).nullable(),
    foundMode: z.string().nullable(),
    comment: z.string().nullable(),
    label: z.unknown().meta({ description: 'What training learns from the outcome; null while it is open.' }),
  })
  .meta({ id: 'WorkOrder' })
const shown = (found: WorkOrder) => ({ ...found, label: labelOfOrder(found) })

const step = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('start') }),
    z.strictObject({
      kind: z.literal('complete'),
      finding: z.enum(['failed', 'confirmed', 'noFaultFound']),
      foundMode: label.exactOptional(),
      comment: z.string().max(apiLimits.commentLength).exactOptional(),
    }),
    z.strictObject({ kind: z.literal('cancel'), comment: z.string().min(1).max(apiLimits.commentLength) }),
  ])
  .meta({ id: 'WorkOrderStep' })

export const workOrders = (ports: ApiPorts, trades: TradePorts) => [
  endpoint(
    {
      id: 'listWorkOrders',
      method: 'get',
      path: '/v1/maintenance/orders',
      tag: 'maintenance',
      summary: 'Work orders, ascending by id',
      role: 'viewer',
      query: z.strictObject({
        thing: thingName.optional(),
        status: z.enum(['open', 'inProgress', 'done', 'cancelled']).optional(),
        after: z.string().max(512).optional().meta({ description: 'Order id to go on after.' }),
        limit: limitParameter(100),
      }),
      answers: [{ status: 200, description: 'Orders', schema: z.object({ items: z.array(order) }).meta({ id: 'WorkOrderList' }) }], // prettier-ignore
    },
    async ({ query: { thing, status, after, limit }, principal }) => {
      const sees = thingFilter(principal, ports)
      const found = await trades.orders.list(given({ thing, status, cursor: after, limit }))
      const visible = await Promise.all(found.map(async (o) => ((await sees(o.thing)) ? [shown(o)] : [])))
      return { items: visible.flat() }
    },
  ),
  endpoint(
    {
      id: 'reportFailure',
      method: 'post',
      path: '/v1/maintenance/orders',
      tag: 'maintenance',
      summary: 'Open a work order by hand',
      description:
        'For a failure that nothing foretold, or a doubt. What is found when it is completed becomes a label like any other: ' +
        'a model learns most from what it missed.',
      role: 'operator',
      body: z
        .strictObject({
          thing: thingName,
          mode: label.exactOptional().meta({ description: 'A failure mode of the table, if it is known.' }),
          at: z
            .int()
            .min(0)
            .exactOptional()
            .meta({ description: 'Epoch milliseconds when it failed or was seen; now if absent.' }),
          what: z.string().min(1).max(apiLimits.commentLength).meta({ description: 'What was seen.' }),
          dueAt: z.int().min(0).exactOptional(),
        })
        .meta({ id: 'FailureReport' }),
      answers: [{ status: 201, description: 'The order', schema: order }],
      problems: ['no_such_device', 'no_machine', 'bad_body', 'not_allowed_now'],
    },
    async ({ body: { thing, mode, at, what, dueAt }, principal }) => {
      await visibleDevice(principal, ports, thing)
      const machine = await trades.machine(thing)
      if (!machine) throw new ApiProblem('no_machine', `${thing} is no motor, pump, compressor or vehicle`)
      const now = ports.clock.now()
      const seenAt = at ?? now
      if (seenAt > now) throw new ApiProblem('bad_body', `at: ${seenAt} lies ahead of now, ${now}`)
      const known = mode === undefined ? undefined : failureModes.find((of) => of.id === mode)
      if (mode !== undefined && known?.machine !== machine)
        throw new ApiProblem('bad_body', `mode: ${mode} is none of a ${machine}; see /v1/maintenance/modes`)
      const opened = reportedOrder({
        thing,
        mode: mode ?? `${machine}.unknown`,
        action: known?.action ?? 'inspect',
        at: seenAt,
        dueAt: dueAt ?? now + (known?.actWithinHours ?? 24) * HOUR,
        by: principal.name,
        evidence: [what],
      })
      if (await trades.orders.get(opened.id))
        throw new ApiProblem('not_allowed_now', `work order ${opened.id} is there already`)
      await trades.orders.open(opened)
      note(ports, principal, 'order.open', opened.id, what)
      return shown(opened)
    },
  ),
  endpoint(
    {
      id: 'moveWorkOrder',
      method: 'post',
      path: '/v1/maintenance/orders/{id}',
      tag: 'maintenance',
      summary: 'Start, complete or cancel a work order',
      description: 'What was found when it is completed becomes the label of the prediction that opened it.',
      role: 'operator',
      params: z.strictObject({ id: z.string().min(1).max(512) }),
      body: step,
      answers: [{ status: 200, description: 'The order as it is now', schema: order }],
      problems: ['no_such_order', 'not_allowed_now'],
    },
    async ({ params: { id }, body, principal }) => {
      await visibleOrder(ports, trades, principal, id)
      const moved = await moveOrder(trades.orders, id, body, principal.name, ports.clock.now())
      if (!moved) throw new ApiProblem('no_such_order', `there is no work order ${id}`)
      if (moved.kind === 'refused') throw new ApiProblem('not_allowed_now', moved.reason)
      note(ports, principal, `order.${body.kind}`, id, JSON.stringify(body))
      return shown(moved.order)
    },
  ),
]

async function visibleOrder(
  ports: ApiPorts,
  trades: TradePorts,
  principal: Principal,
  id: string,
): Promise<void> {
  const found = await trades.orders.get(id)
  if (!found || !(await thingFilter(principal, ports)(found.thing)))
    throw new ApiProblem('no_such_order', `there is no work order ${id}`)
}
