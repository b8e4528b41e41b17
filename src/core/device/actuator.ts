import type { EpochMs } from '../telemetry/reading.ts'

/** What may be asked of one actuator, each with its threat. */
export interface ActuatorLimits {
  /** Beyond these the machine or people come to harm. */
  low: number
  high: number
  /** Largest change a minute: a leap breaks valves, drives and processes. */
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
}

export type Interlocked =
  | { allowed: true; order: ActuatorOrder }
  | { allowed: false; code: 'range' | 'rate' | 'rest' | 'manual'; text: string }

/** Whether an order may be sent now. It is refused, never changed: who gave it must know what the machine was told. */
export function interlockOrder(
  limits: ActuatorLimits,
  last: ActuatorOrder | null,
  asked: { value: number; by: string; manual: boolean; leaseMs?: number },
  now: EpochMs,
): Interlocked {
  const { value, by, manual } = asked
  const refuse = (code: 'range' | 'rate' | 'rest' | 'manual', text: string): Interlocked => ({
    allowed: false,
    code,
    text,
  })
  if (!Number.isFinite(value) || value < limits.low || value > limits.high)
    return refuse('range', `${value} is outside ${limits.low} to ${limits.high}`)
  const standing = last !== null && (last.until === null || now < last.until) ? last : null
  if (standing?.manual && !manual)
    return refuse('manual', `${standing.by} has set ${standing.value} by hand${standing.until === null ? '' : ` until ${new Date(standing.until).toISOString()}`}`) // prettier-ignore
  const { ratePerMinute, restMs, leaseMs } = limits
  if (last !== null) {
    const elapsed = Math.max(0, now - last.at)
    if (restMs !== undefined && value !== last.value && elapsed < restMs)
      return refuse('rest', `the last order is ${elapsed} ms old; the actuator rests for ${restMs} ms`)
    const most = ratePerMinute === undefined ? Infinity : ratePerMinute * Math.max(1, elapsed / 60_000)
    if (Math.abs(value - last.value) > most * (1 + 1e-9))
      return refuse('rate', `${last.value} to ${value} is more than ${ratePerMinute} a minute`)
  }
  const lease = Math.min(asked.leaseMs ?? Infinity, leaseMs ?? Infinity)
  return {
    allowed: true,
    order: { value, at: now, until: lease === Infinity ? null : now + lease, by, manual },
  }
}
