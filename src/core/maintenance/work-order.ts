import type { EpochMs } from '../telemetry/reading.ts'
import type { Assessment } from './assess.ts'

/** What the mechanic found: the failure was there, was coming, or nothing was wrong. */
export type Finding = 'failed' | 'confirmed' | 'noFaultFound'

/** A job for people. Identity: (thing, mode, openedAt). `done` and `cancelled` are final. */
export interface WorkOrder {
  id: string
  thing: string
  mode: string
  status: 'open' | 'inProgress' | 'done' | 'cancelled'
  openedAt: EpochMs
  /** When it should be done by. */
  dueAt: EpochMs
  action: string
  /** Null where no model spoke: the health index or a person opened it. */
  failureProbability: number | null
  evidence: readonly string[]
  /** The person who reported it; null where the platform did. */
  openedBy: string | null
  startedAt: EpochMs | null
  closedAt: EpochMs | null
  by: string | null
  finding: Finding | null
  /** The mode that was really found, where it differs. */
  foundMode: string | null
  comment: string | null
}

export type OrderOutcome = { kind: 'moved'; order: WorkOrder } | { kind: 'refused'; reason: string }

/** Opens an order for a recommendation, unless one for the same thing and mode still stands. */
export function openWorkOrder(
  standing: readonly WorkOrder[],
  thing: string,
  { recommended_maintenance: recommended, failure_probability, evidence }: Assessment,
  at: EpochMs,
): OrderOutcome {
  if (!recommended) return { kind: 'refused', reason: 'the assessment recommends nothing' }
  const { mode, action, withinHours } = recommended
  const twin = standing.find((order) => order.thing === thing && order.mode === mode && !isFinal(order))
  if (twin) return { kind: 'refused', reason: `work order ${twin.id} already stands` }
  const dueAt = at + withinHours * 3_600_000
  const order = newOrder({ thing, mode, action, at, dueAt, evidence, openedBy: null })
  return { kind: 'moved', order: { ...order, failureProbability: failure_probability } }
}

/** What a person saw: a failure that nothing foretold, or a doubt that is to be looked into. */
export interface Report {
  thing: string
  mode: string
  action: string
  /** When it failed, or was seen. */
  at: EpochMs
  dueAt: EpochMs
  by: string
  evidence: readonly string[]
}

/** An order that a person opens. */
export const reportedOrder = ({ by, ...report }: Report): WorkOrder => newOrder({ ...report, openedBy: by })

const newOrder = ({
  at,
  ...given
}: Pick<WorkOrder, 'thing' | 'mode' | 'action' | 'dueAt' | 'evidence' | 'openedBy'> & {
  at: EpochMs
}): WorkOrder => ({
  id: `${given.thing}/${given.mode}/${at}`,
  ...given,
  status: 'open',
  openedAt: at,
  failureProbability: null,
  startedAt: null,
  closedAt: null,
  by: null,
  finding: null,
  foundMode: null,
  comment: null,
})

export function startWorkOrder(order: WorkOrder, by: string, at: EpochMs): OrderOutcome {
  if (order.status !== 'open') return refused(order, 'start')
  return { kind: 'moved', order: { ...order, status: 'inProgress', by, startedAt: at } }
}

export interface Completion {
  by: string
  at: EpochMs
  finding: Finding
  foundMode?: string
  comment?: string
}

export function completeWorkOrder(order: WorkOrder, done: Completion): OrderOutcome {
  if (isFinal(order)) return refused(order, 'complete')
  const { by, at, finding, foundMode = null, comment = null } = done
  return { kind: 'moved', order: { ...order, status: 'done', by, closedAt: at, finding, foundMode, comment } }
}

export function cancelWorkOrder(order: WorkOrder, by: string, at: EpochMs, comment: string): OrderOutcome {
  if (isFinal(order)) return refused(order, 'cancel')
  return { kind: 'moved', order: { ...order, status: 'cancelled', by, closedAt: at, comment } }
}

/** What training learns: features of the thing at `at` should have given `failed`. */
export interface FailureLabel {
  thing: string
  at: EpochMs
  failed: 0 | 1
  mode: string | null
}

/** The label that an outcome gives, at the time of the prediction it judges; null while it is open or if it was cancelled. */
export function labelOfOrder(order: WorkOrder): FailureLabel | null {
  if (order.status !== 'done' || order.finding === null) return null
  const failed = order.finding === 'noFaultFound' ? 0 : 1
  return {
    thing: order.thing,
    at: order.openedAt,
    failed,
    mode: failed ? (order.foundMode ?? order.mode) : null,
  }
}

const isFinal = ({ status }: WorkOrder): boolean => status === 'done' || status === 'cancelled'

const refused = (order: WorkOrder, verb: string): OrderOutcome => ({
  kind: 'refused',
  reason: `cannot ${verb} work order ${order.id}, it is ${order.status}`,
})
