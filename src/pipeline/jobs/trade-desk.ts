import type { Completion, Finding, WorkOrder } from '../../core/maintenance/work-order.ts'
import {
  cancelWorkOrder,
  completeWorkOrder,
  startWorkOrder,
  type OrderOutcome,
} from '../../core/maintenance/work-order.ts'
import {
  addVersion,
  nextVersion,
  promote,
  rollBack,
  type LineOutcome,
} from '../../core/maintenance/model-versions.ts'
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

/** Files that others left behind before they were entered: more than this mean something else. */
const MOST_TAKEN = 100

/**
 * Adds a model file as the next version. The file comes before its entry, so that every version that is entered has one; a
 * file that was left behind without an entry is passed over.
 */
export async function addModel(
  registry: ModelRegistry,
  name: string,
  text: string,
  metrics: Readonly<Record<string, number>>,
  at: EpochMs,
): Promise<LineOutcome> {
  const { line, revision } = await registry.line(name)
  const first = nextVersion(line)
  for (let version = first; version < first + MOST_TAKEN; version++) {
    if (!(await registry.putModel(name, version, text))) continue
    const next = addVersion(line, at, metrics, version)
    return (await registry.saveLine(name, next, revision))
      ? { kind: 'changed', line: next }
      : { kind: 'refused', reason: `model ${name} has just been changed by someone else` }
  }
  throw new Error(`model ${name} has files of versions ${first} to ${first + MOST_TAKEN - 1} without entries`)
}
