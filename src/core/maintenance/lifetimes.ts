import type { EpochMs } from '../telemetry/reading.ts'
import type { Lifetime } from './weibull.ts'
import type { WorkOrder } from './work-order.ts'

const HOUR = 3_600_000

/** A machine's life: when it was new, and what was found of it since. */
export interface ServiceLife {
  installedAt: EpochMs | null
  orders: readonly WorkOrder[]
}

/** Whether what was found made the machine as good as new: it had failed, or was about to. */
const renewed = ({ status, finding }: WorkOrder): boolean =>
  status === 'done' && (finding === 'failed' || finding === 'confirmed')

/** Renewals known by this time, ascending. */
const renewals = ({ orders }: ServiceLife, at: EpochMs): WorkOrder[] =>
  orders
    .filter((order) => renewed(order) && order.closedAt! < at)
    .sort((a, b) => a.openedAt - b.openedAt || a.closedAt! - b.closedAt!)

/** Hours since the machine was last as good as new; null where nobody knows. */
export function ageHours(life: ServiceLife, at: EpochMs): number | null {
  const since = renewals(life, at).at(-1)?.closedAt ?? life.installedAt
  return since === null || since === undefined || !(since < at) ? null : (at - since) / HOUR
}

/** The lives that ended in failure, in hours, and the one that goes on. A life whose beginning nobody knows does not count. */
export function lifetimesOf(life: ServiceLife, at: EpochMs): Lifetime[] {
  const lives: Lifetime[] = []
  let since = life.installedAt
  for (const { openedAt, closedAt } of renewals(life, at)) {
    if (since !== null && openedAt > since) lives.push({ age: (openedAt - since) / HOUR, failed: true })
    since = closedAt
  }
  if (since !== null && at > since) lives.push({ age: (at - since) / HOUR, failed: false })
  return lives
}
