import type { EpochMs } from '../telemetry/reading.ts'

/** What may be asked of one actuator, each with its threat. */
export interface ActuatorLimits {
  /** Beyond these the machine or people come to harm. */
  low: number
  high: number
  /** Largest change within any minute, however it is cut up: a leap breaks valves, drives and processes. */
  ratePerMinute?: number
  /** Shortest time between two orders: short cycling wears out compressors and contactors. */
  restMs?: number
  /** An order that nobody renews ends by itself, so that a dead controller leaves the device's own programme. */
  leaseMs?: number
}

/** The order in force: its value, when it was given, and when its lease ends. */
export interface ActuatorOrder {
  value: number
  at: EpochMs
  until: EpochMs | null
  by: string
  /** An operator's order by hand holds against machines until its lease ends. */
  manual: boolean
  /** What else was in force within the minute before it, oldest first. */
  trail: readonly { value: number; at: EpochMs }[]
}

export interface AskedOrder {
  value: number
  by: string
  manual: boolean
  leaseMs?: number
}

export type InterlockCode = 'range' | 'rate' | 'rest' | 'manual'
export type Interlocked =
  { allowed: true; order: ActuatorOrder } | { allowed: false; code: InterlockCode; text: string }

const MINUTE_MS = 60_000
/** A minute of orders without rest between them: who gives more is no controller but a fault. */
const MOST_IN_A_MINUTE = 60

/** Whether an order may be sent now. It is refused, never changed: who gave it must know what the machine was told. */
export function interlockOrder(
  limits: ActuatorLimits,
  last: ActuatorOrder | null,
  { value, by, manual, leaseMs = Infinity }: AskedOrder,
  now: EpochMs,
): Interlocked {
  const refuse = (code: InterlockCode, text: string): Interlocked => ({ allowed: false, code, text })
  if (!Number.isFinite(value) || value < limits.low || value > limits.high)
    return refuse('range', `${value} is outside ${limits.low} to ${limits.high}`)
  const held = heldByHand(last, now)
  if (held && !manual)
    return refuse('manual', `${held.by} has set ${held.value} by hand${held.until === null ? '' : ` until ${new Date(held.until).toISOString()}`}`) // prettier-ignore
  const { ratePerMinute = Infinity, restMs = 0 } = limits
  const trail = last === null ? [] : trailOf(last, now)
  if (last !== null && value !== last.value && now - last.at < restMs)
    return refuse('rest', `the last order is ${Math.max(0, now - last.at)} ms old; the actuator rests for ${restMs} ms`) // prettier-ignore
  if (trail.length >= MOST_IN_A_MINUTE)
    return refuse('rate', `${trail.length} orders were given within a minute`)
  const leap = trail.find((order) => Math.abs(value - order.value) > ratePerMinute * (1 + 1e-9))
  if (leap)
    return refuse('rate', `it was ${leap.value} within the last minute, and ${value} is more than ${ratePerMinute} from it`) // prettier-ignore
  const lease = Math.min(leaseMs, limits.leaseMs ?? Infinity)
  const until = lease === Infinity ? null : now + lease
  return { allowed: true, order: { value, at: now, until, by, manual, trail } }
}

/** The order as it is once nobody holds it: the device follows its own programme, and the next leap is still measured from here. */
export const letGo = (order: ActuatorOrder, now: EpochMs): ActuatorOrder => ({
  ...order,
  until: Math.min(order.until ?? now, now),
  manual: false,
})

/** The order by hand that stands now, null if there is none. */
export const heldByHand = (last: ActuatorOrder | null, now: EpochMs): ActuatorOrder | null =>
  last?.manual && (last.until === null || now < last.until) ? last : null

/** The orders that were in force at some moment of the last minute: each until the next one was given. */
function trailOf({ value, at, trail }: ActuatorOrder, now: EpochMs): { value: number; at: EpochMs }[] {
  const all = [...trail, { value, at }]
  return all.filter((_, i) => (all[i + 1]?.at ?? Infinity) > now - MINUTE_MS)
}
