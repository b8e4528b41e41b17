import * as z from 'zod'
import { labelOfOrder, type WorkOrder } from '../../core/maintenance/work-order.ts'
import { machineFacts } from '../../pipeline/jobs/machine-history.ts'
import { moveOrder } from '../../pipeline/jobs/trade-desk.ts'
import { thingFilter } from '../auth.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { apiLimits } from '../limits.ts'
import type { ApiPorts, Principal, TradePorts } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { epochMs, label, limitParameter, thingName } from '../schemas.ts'
import { note } from './sites.ts'

const HOUR = 3_600_000
/** Judgements are hourly; an older one says that the machine is silent. */
const RECENT_MS = 2 * HOUR
const MOST = 50_000

const order = z
  .object({
    id: z.string(),
    thing: z.string(),
    mode: z.string(),
    status: z.enum(['open', 'inProgress', 'done', 'cancelled']),
    openedAt: epochMs,
    dueAt: epochMs,
    action: z.string(),
    failureProbability: z.number(),
    evidence: z.array(z.string()),
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

const risk = z
  .object({
    thing: z.string(),
    at: epochMs,
    failure_probability: z.number().nullable(),
    health_index: z.number().nullable(),
    evidence: z.array(z.string()),
  })
  .catchall(z.unknown())
  .meta({ id: 'MachineRisk' })

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

export const maintenance = (ports: ApiPorts, trades: TradePorts) => [
  endpoint(
    {
      id: 'listRisks',
      method: 'get',
      path: '/v1/maintenance/risks',
      tag: 'maintenance',
      summary:
        'Machines by how likely they are to fail, then by how unhealthy they are, each with its evidence',
      role: 'viewer',
      query: z.strictObject({ thing: thingName.optional(), limit: limitParameter(100) }),
      answers: [{ status: 200, description: 'The riskiest first', schema: z.object({ items: z.array(risk) }).meta({ id: 'RiskList' }) }], // prettier-ignore
    },
    async ({ query: { thing, limit }, principal }) => {
      const now = ports.clock.now()
      const found = await ports.telemetry.facts(
        given({ type: machineFacts.health, thing, from: now - RECENT_MS, to: now + 1, limit: MOST }),
      )
      const newest = new Map<string, (typeof found)[number]>()
      const sees = thingFilter(principal, ports)
      for (const fact of found) if (await sees(fact.thing)) newest.set(fact.thing, fact)
      const number = (value: unknown, otherwise: number): number =>
        typeof value === 'number' ? value : otherwise
      const items = [...newest.values()]
        .sort(
          (a, b) =>
            number(b.value['failure_probability'], -1) - number(a.value['failure_probability'], -1) ||
            number(a.value['health_index'], 101) - number(b.value['health_index'], 101) ||
            (a.thing < b.thing ? -1 : 1),
        )
        .slice(0, limit)
      return { items: items.map(({ thing: name, at, value }) => ({ thing: name, at, ...value })) }
    },
  ),
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
