import type { EpochMs } from '../telemetry/reading.ts'

/** How a job spreads: cohorts one after the other, each only if the one before stayed healthy. */
export interface RolloutPlan {
  /** Shares of all targets, rising, the last 1. */
  cohorts: readonly number[]
  /** How long a finished cohort is watched before the next begins. */
  soakMs: number
  /** Largest share of a cohort that may fail, time out, reject, or be unhealthy afterwards. */
  maxFailureShare: number
  /** Fewer finished executions than this prove nothing. */
  minExecuted: number
  /** Share of a cohort that must have finished before the next begins; devices that are away do not hold it for ever. */
  finishedShare: number
}

export const usualPlan: RolloutPlan = {
  cohorts: [0.01, 0.1, 0.5, 1],
  soakMs: 10 * 60_000,
  maxFailureShare: 0.1,
  minExecuted: 1,
  finishedShare: 0.9,
}

export type RolloutStatus = 'running' | 'paused' | 'completed' | 'cancelled' | 'rolled back'

export interface RolloutState {
  status: RolloutStatus
  /** Cohorts that have been released. */
  released: number
  /** When the newest released cohort was found finished; null before. */
  finishedAt: EpochMs | null
  /** Failures that somebody has seen and gone on in spite of. */
  excused: number
}

/** What is seen of the targets that were released. */
export interface RolloutCounts {
  targets: number
  released: number
  succeeded: number
  /** Failed, timed out or rejected. */
  failed: number
  /** Never to finish: the device has left the registry. */
  removed: number
  /** Succeeded, and then silent, offline or in alarm. */
  unhealthy: number
}

export type RolloutStep =
  | { kind: 'hold' }
  | { kind: 'soak'; finishedAt: EpochMs }
  | { kind: 'release'; cohort: number; upTo: number }
  | { kind: 'pause'; reason: string }
  | { kind: 'complete' }

/** Targets of the first `cohort` cohorts; at least one device goes first. */
export const targetsUpTo = (plan: RolloutPlan, cohort: number, targets: number): number =>
  cohort <= 0 ? 0 : Math.min(targets, Math.max(1, Math.ceil((plan.cohorts[cohort - 1] ?? 1) * targets)))

/** What failed, or fell ill after it had succeeded. */
export const misses = ({ failed, unhealthy }: RolloutCounts): number => failed + unhealthy

/** What to do next with a rollout. Asked every minute and after every change. */
export function rolloutStep(
  plan: RolloutPlan,
  state: RolloutState,
  counts: RolloutCounts,
  now: EpochMs,
): RolloutStep {
  if (state.status !== 'running') return { kind: 'hold' }
  if (state.released === 0) return release(plan, 1, counts)
  const executed = counts.succeeded + counts.failed
  const missed = misses(counts) - state.excused
  if (executed >= plan.minExecuted && missed > 0 && missed > plan.maxFailureShare * executed)
    return {
      kind: 'pause',
      reason: `of ${executed} devices ${counts.failed} failed and ${counts.unhealthy} are unhealthy${state.excused > 0 ? `, ${state.excused} of them known` : ''}; ${Math.round(plan.maxFailureShare * 100)} % may be`,
    }
  const finished = executed + counts.removed
  // A small fleet is reached before its cohorts are through.
  const last = counts.released >= counts.targets
  if (last) return finished >= counts.targets ? { kind: 'complete' } : { kind: 'hold' }
  if (finished < Math.max(1, Math.floor(plan.finishedShare * counts.released))) return { kind: 'hold' }
  if (state.finishedAt === null) return { kind: 'soak', finishedAt: now }
  return now - state.finishedAt < plan.soakMs ? { kind: 'hold' } : release(plan, state.released + 1, counts)
}

const release = (plan: RolloutPlan, cohort: number, { targets }: RolloutCounts): RolloutStep => ({
  kind: 'release',
  cohort,
  upTo: targetsUpTo(plan, cohort, targets),
})

/** What is wrong with a plan, null if nothing. */
export function planFault(plan: RolloutPlan): string | null {
  const { cohorts } = plan
  if (cohorts.length === 0 || cohorts.length > 20) return 'there must be 1 to 20 cohorts'
  if (cohorts.some((share, i) => !(share > (cohorts[i - 1] ?? 0)))) return 'cohorts must rise'
  return cohorts.at(-1) === 1 ? null : 'the last cohort must be 1'
}
