import type { Completion, Finding, WorkOrder } from '../../core/maintenance/work-order.ts'
import {
  cancelWorkOrder,
  completeWorkOrder,
  startWorkOrder,
  type OrderOutcome,
} from '../../core/maintenance/work-order.ts'
import { promote, rollBack, type LineOutcome } from '../../core/maintenance/model-versions.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { ModelRegistry } from '../../ports/model-registry.ts'
import type { WorkOrders } from '../../ports/work-orders.ts'

/** What a person does to an order. */
export type OrderStep =
  | { kind: 'start' }
  | { kind: 'complete'; finding: Finding; foundMode?: string; comment?: string }
  | { kind: 'cancel'; comment: string }

/** Moves an order on. Null if there is none; refused where its state does not allow the step, or someone was first. */
export async function moveOrder(
  orders: WorkOrders,
  id: string,
  step: OrderStep,
  by: string,
  at: EpochMs,
): Promise<OrderOutcome | null> {
  const order = await orders.get(id)
  if (!order) return null
  const outcome = stepped(order, step, by, at)
  if (outcome.kind === 'refused') return outcome
  return (await orders.move(outcome.order, order.status))
    ? outcome
    : { kind: 'refused', reason: `work order ${id} has just been changed by someone else` }
}

function stepped(order: WorkOrder, step: OrderStep, by: string, at: EpochMs): OrderOutcome {
  if (step.kind === 'start') return startWorkOrder(order, by, at)
  if (step.kind === 'cancel') return cancelWorkOrder(order, by, at, step.comment)
  const { kind: _, ...found } = step
  return completeWorkOrder(order, { ...found, by, at } satisfies Completion)
}

/** Promotes a version of a model, or goes back to the one before. */
export async function changeLine(
  registry: ModelRegistry,
  name: string,
  change: { kind: 'promote'; version: number } | { kind: 'rollBack' },
  at: EpochMs,
): Promise<LineOutcome> {
  const { line, revision } = await registry.line(name)
  const outcome = change.kind === 'promote' ? promote(line, change.version, at) : rollBack(line, at)
  if (outcome.kind === 'refused') return outcome
  return (await registry.saveLine(name, outcome.line, revision))
    ? outcome
    : { kind: 'refused', reason: `model ${name} has just been changed by someone else` }
}
