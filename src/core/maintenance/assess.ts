import type { EpochMs } from '../telemetry/reading.ts'
import { firstPassage, type DegradationPoint } from './degradation.ts'
import { diagnose, type Deviation, type Machine } from './failure-modes.ts'
import {
  deviations,
  distanceFromHealthy,
  healthIndex,
  type FeatureRow,
  type HealthyPeriod,
} from './health-index.ts'
import { seededRandom } from './seeded-random.ts'
import { failureWithin, residualQuantiles, type TimeToFailure, type Weibull } from './weibull.ts'

/** Probability above which a failure is announced and maintenance recommended. */
export const ALARM_PROBABILITY = 0.7

/** Gives the calibrated probability of failure within the horizon; a model in memory, or a score that a host has given. */
export interface FailureModel {
  horizonHours: number
  probability: (features: FeatureRow) => number
}

export interface DeviceHistory {
  at: EpochMs
  machine: Machine
  healthy: HealthyPeriod | null
  /** Lifetimes of this type in run hours, and how long this device has run since it was last as good as new. */
  lifetimes: Weibull | null
  runHours: number | null
  /** A signal that grows with wear, in hours, with the value it starts from and the one at which the device fails. */
  degradation: {
    points: readonly DegradationPoint[]
    floor: number
    failure: number
    nowHours: number
  } | null
}

/** In the words of the interface that people and machines read. */
export interface Assessment {
  /** Null where there is neither a model nor a record of lifetimes: then only `health_index` speaks. */
  failure_probability: number | null
  health_index: number | null
  /** Hours, above the alarm probability only. */
  estimated_time_to_failure?: TimeToFailure & { method: 'degradation' | 'lifetimes' | 'hazard' }
  recommended_maintenance?: {
    mode: string
    component: string
    action: string
    withinHours: number
    severity: number
  }
  evidence: string[]
}

/** Judges one device. Deterministic: the same features, model and history give the same words. */
export function assess({
  features,
  model,
  history,
}: {
  features: FeatureRow
  model: FailureModel | null
  history: DeviceHistory
}): Assessment {
  const { healthy, lifetimes, runHours } = history
  const deviating = healthy ? deviations(healthy, features) : []
  const index = healthy ? healthIndex(healthy, distanceFromHealthy(healthy, features)) : null
  const horizonHours = model?.horizonHours ?? 24
  const probability = model
    ? model.probability(features)
    : lifetimes && runHours !== null
      ? failureWithin(lifetimes, runHours, horizonHours)
      : null
  const evidence = deviating
    .filter(({ sigmas }) => Math.abs(sigmas) >= 3)
    .slice(0, 5)
    .map(deviationText)
  const judged = { failure_probability: probability, health_index: index }
  if (probability === null || probability <= ALARM_PROBABILITY) return { ...judged, evidence }

  const left = timeToFailure(history, probability, horizonHours)
  const [diagnosis] = diagnose(history.machine, deviating)
  const mode = diagnosis?.mode
  return {
    ...judged,
    estimated_time_to_failure: left,
    recommended_maintenance: mode
      ? {
          mode: mode.id,
          component: mode.component,
          action: mode.action,
          withinHours: Math.min(mode.actWithinHours, Math.max(1, left.p10)),
          severity: mode.severity,
        }
      : {
          mode: `${history.machine}.unknown`,
          component: 'whole machine',
          action: 'inspect: the failure is likely but no known mode explains what deviates',
          withinHours: Math.max(1, left.p10),
          severity: 5,
        },
    evidence: [
      `failure within ${horizonHours} h has probability ${probability.toFixed(2)}`,
      ...(diagnosis
        ? [`${diagnosis.mode.mode}: ${Math.round(100 * diagnosis.support)} % of its symptoms show`]
        : []),
      ...(diagnosis?.evidence.map(deviationText) ?? evidence),
      `time to failure from ${methodText[left.method]}`,
    ],
  }
}

const methodText = {
  degradation: 'the growth of a wear signal towards its limit',
  lifetimes: 'the lifetimes of machines of this type',
  hazard: 'the failure probability alone',
}

const deviationText = ({ feature, sigmas }: Deviation): string =>
  `${feature} is ${Math.abs(sigmas).toFixed(1)} standard deviations ${sigmas > 0 ? 'above' : 'below'} its healthy mean`

/** The most particular source there is: this device's own wear, its type's lifetimes, or a constant hazard. */
function timeToFailure(
  { at, degradation, lifetimes, runHours }: DeviceHistory,
  probability: number,
  horizonHours: number,
) {
  if (degradation) {
    const { points, nowHours, ...limit } = degradation
    const passage = firstPassage(points, limit, nowHours, seededRandom(at))
    if (passage) return { ...passage, method: 'degradation' as const }
  }
  if (lifetimes && runHours !== null)
    return { ...residualQuantiles(lifetimes, runHours), method: 'lifetimes' as const }
  const hazardPerHour = -Math.log1p(-Math.min(probability, 1 - 1e-9)) / horizonHours
  const quantile = (q: number): number => -Math.log1p(-q) / hazardPerHour
  return { p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9), method: 'hazard' as const }
}
