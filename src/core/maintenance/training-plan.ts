import type { EpochMs } from '../telemetry/reading.ts'
import type { WorkOrder } from './work-order.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A moment of a machine's past that is looked at again, and what came of it: 1 a failure within the horizon, 0 none. */
export interface TrainingMoment {
  thing: string
  at: EpochMs
  failed: 0 | 1
}

export interface TrainingPlan {
  /** A failure counts for moments this long before it. */
  horizonMs: number
  /** Moments of the half-open range. */
  from: EpochMs
  until: EpochMs
  /** Of the moments without failure, those beyond are thinned out evenly. */
  most: number
}

/** Moments before a failure, evenly over the horizon. */
const BEFORE_FAILURE = 4
/** For so long before a failure a machine may have been ill already, and nobody knows: such moments teach nothing. */
const UNCLEAR_MS = 7 * DAY
/** After work on a machine it is itself again. */
const SETTLED_MS = DAY

/**
 * What to learn from, by what mechanics found. A failure or a confirmed fault makes positives of the moments before it was
 * reported, a fault that was not found makes a negative of its own moment, and machines that nothing was found of make
 * one negative a day. A moment whose horizon has not passed is left out (censored), so is one before an order that nobody
 * has closed yet. Ascending by thing, then by time.
 */
export function trainingMoments(
  things: readonly string[],
  orders: readonly WorkOrder[],
  plan: TrainingPlan,
): TrainingMoment[] {
  const byThing = Map.groupBy(orders, ({ thing }) => thing)
  const positives: TrainingMoment[] = []
  const negatives: TrainingMoment[] = []
  for (const [i, thing] of [...things].sort().entries()) {
    const own = byThing.get(thing) ?? []
    const judged = momentsOfOrders(thing, own, plan)
    positives.push(...judged.values())
    // Machines take turns by the hour of the day, so that no hour is all that is learned from.
    const first = Math.ceil(plan.from / DAY) * DAY + (i % 24) * HOUR
    for (let at = first; at + plan.horizonMs <= plan.until; at += DAY)
      if (!judged.has(at) && !own.some((order) => unclear(order, at)))
        negatives.push({ thing, at, failed: 0 })
  }
  const every = Math.max(1, Math.ceil(negatives.length / Math.max(1, plan.most - positives.length)))
  return [...positives, ...negatives.filter((_, i) => i % every === 0)].sort(
    (a, b) => compare(a.thing, b.thing) || a.at - b.at,
  )
}

function momentsOfOrders(
  thing: string,
  orders: readonly WorkOrder[],
  { horizonMs, from, until }: TrainingPlan,
): Map<EpochMs, TrainingMoment> {
  const moments = new Map<EpochMs, TrainingMoment>()
  for (const { status, finding, openedAt } of orders) {
    if (status !== 'done' || finding === null) continue
    const failed = finding === 'noFaultFound' ? 0 : 1
    for (let k = 0; k < (failed ? BEFORE_FAILURE : 1); k++) {
      const at = openedAt - (k * horizonMs) / BEFORE_FAILURE
      const repaired = orders.some(
        (o) => o.status === 'done' && o.openedAt < openedAt && o.closedAt! + SETTLED_MS > at,
      )
      // A fault that was overlooked is none that was not there.
      const doubtful = failed === 0 && orders.some((o) => o.finding !== 'noFaultFound' && unclear(o, at))
      if (at >= from && at < until && !repaired && !doubtful) moments.set(at, { thing, at, failed })
    }
  }
  return moments
}

/** Whether an order keeps a moment from being called sound. */
function unclear({ status, finding, openedAt, closedAt }: WorkOrder, at: EpochMs): boolean {
  if (status === 'open' || status === 'inProgress') return at > openedAt - UNCLEAR_MS
  const end = closedAt! + SETTLED_MS
  const sound = status === 'cancelled' || finding === 'noFaultFound'
  return at > openedAt - (sound ? 0 : UNCLEAR_MS) && at < end
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
