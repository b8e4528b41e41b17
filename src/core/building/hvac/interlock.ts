import type { EpochMs } from '../../telemetry/reading.ts'
import type { SetPoints } from './plan-zone.ts'

/** What a zone's plant may be asked at all. */
export interface InterlockLimits {
  /** Allowed range of each set-point, each with its threat: frost and mould below, overheated people and plant above. */
  heatC: { low: number; high: number }
  coolC: { low: number; high: number }
  /** Least distance between heating and cooling: nearer, both would run against each other. */
  deadBandK: number
  /** Largest change in an hour: a leap drives heat pumps into their back-up heater. */
  kelvinPerHour: number
  /** A request that nobody renews ends by itself, so that a dead controller leaves the building's own schedule. */
  leaseMs: number
}

export const usualLimits: InterlockLimits = {
  heatC: { low: 12, high: 24 },
  coolC: { low: 22, high: 32 },
  deadBandK: 1,
  kelvinPerHour: 12,
  leaseMs: 45 * 60_000,
}

export interface InterlockState {
  /** The set-points in force and since when; null before the first request. */
  current: SetPoints | null
  since: EpochMs
  /** Whether the last decision was applied rather than advised. */
  applied?: boolean
  /** An operator's own set-points win until they end. */
  override: { setPoints: SetPoints; until: EpochMs; by: string } | null
}

export interface Interlocked {
  setPoints: SetPoints
  /** When the zone goes back to its own schedule unless renewed. */
  until: EpochMs
  /** Why the request was changed, empty if it was not. */
  changed: string[]
}

/** What is wrong with set-points that a person asks for, in a sentence; null if nothing is. A person may change them at once. */
export function limitFault({ heatC, coolC }: SetPoints, limits: InterlockLimits): string | null {
  const outside = (x: number, { low, high }: { low: number; high: number }): boolean =>
    !(x >= low && x <= high)
  if (outside(heatC, limits.heatC))
    return `heatC must lie between ${limits.heatC.low} and ${limits.heatC.high} °C here`
  if (outside(coolC, limits.coolC))
    return `coolC must lie between ${limits.coolC.low} and ${limits.coolC.high} °C here`
  return coolC - heatC < limits.deadBandK
    ? `coolC must lie at least ${limits.deadBandK} K above heatC here`
    : null
}

/** What may be sent of a request now. Pure: the caller keeps the state and sends nothing else. */
export function interlock(
  request: SetPoints,
  state: InterlockState,
  now: EpochMs,
  limits: InterlockLimits = usualLimits,
): Interlocked {
  if (state.override !== null && now < state.override.until) {
    const { setPoints, until, by } = state.override
    return { setPoints, until, changed: [`${by} has set this zone by hand`] }
  }
  const changed: string[] = []
  const note = (before: number, after: number, why: string): number => {
    if (Math.abs(after - before) > 1e-9 && !changed.includes(why)) changed.push(why)
    return after
  }
  const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x))
  const finite = (x: number, fallback: number): number => (Number.isFinite(x) ? x : fallback)
  let heatC = finite(request.heatC, limits.heatC.low)
  let coolC = finite(request.coolC, limits.coolC.high)
  heatC = note(heatC, clamp(heatC, limits.heatC.low, limits.heatC.high), 'outside the allowed range')
  coolC = note(coolC, clamp(coolC, limits.coolC.low, limits.coolC.high), 'outside the allowed range')
  if (state.current !== null) {
    const most = (limits.kelvinPerHour * Math.max(0, now - state.since)) / 3_600_000
    const { current } = state
    heatC = note(heatC, clamp(heatC, current.heatC - most, current.heatC + most), 'changing too fast')
    coolC = note(coolC, clamp(coolC, current.coolC - most, current.coolC + most), 'changing too fast')
  }
  // Comfort asks for heat more often than for cold: cooling gives way. Cooling may always go up.
  coolC = note(coolC, Math.max(coolC, heatC + limits.deadBandK), 'heating and cooling too close')
  return { setPoints: { heatC, coolC }, until: now + limits.leaseMs, changed }
}
