import type { EpochMs } from '../telemetry/reading.ts'
import { firstPassage, type DegradationPoint } from './degradation.ts'
import { diagnose, type Deviation, type Diagnosis } from './diagnose.ts'
import type { Machine } from './failure-modes.ts'
import { deviations, healthIndex, healthMeter, type FeatureRow, type HealthyPeriod } from './health-index.ts'
import { seededRandom } from './seeded-random.ts'
import { failureWithin, residualQuantiles, type TimeToFailure, type Weibull } from './weibull.ts'

/** Probability above which a failure is announced and maintenance recommended. */
export const ALARM_PROBABILITY = 0.7
/** Health below which a machine is to be looked at where no model speaks. */
export const UNHEALTHY = 50

/** What a model says of these features: the calibrated probability of failure within the horizon. */
export interface FailureScore {
  horizonHours: number
  probability: number
}

export interface DeviceHistory {
  at: EpochMs
  machine: Machine
  healthy: HealthyPeriod | null
  /** Lifetimes of this type in hours, and how long it is since this device was as good as new. */
  lifetimes: Weibull | null
  ageHours: number | null
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
  /** Hours; above the alarm probability, and where a machine without a model is unwell and its wear or its type's lifetimes tell. */
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

const HORIZON_WITHOUT_MODEL_HOURS = 24

/** Judges one device. Deterministic: the same features, score and history give the same words. */
export function assess({
  features,
  score,
  history,
}: {
  features: FeatureRow
  score: FailureScore | null
  history: DeviceHistory
}): Assessment {
  const { healthy, lifetimes, ageHours } = history
  const deviating = healthy ? deviations(healthy, features) : []
  const index = healthy ? healthIndex(healthy, healthMeter(healthy)(features)) : null
  const horizonHours = score?.horizonHours ?? HORIZON_WITHOUT_MODEL_HOURS
  const probability = score
    ? score.probability
    : lifetimes && ageHours !== null
      ? failureWithin(lifetimes, ageHours, horizonHours)
      : null
  const judged = { failure_probability: probability, health_index: index }
  const failing = probability !== null && probability > ALARM_PROBABILITY
  const unwell = score === null && index !== null && index < UNHEALTHY
  const [diagnosis] = diagnose(history.machine, deviating)
  const evidence = evidenceOf(deviating, diagnosis)
  if (!failing && !unwell) return { ...judged, evidence }

  const left = timeToFailure(history, failing ? probability : null, horizonHours)
  const dueHours = Math.max(1, left?.p10 ?? Infinity)
  return {
    ...judged,
    ...(left && { estimated_time_to_failure: left }),
    recommended_maintenance: recommendation(history.machine, diagnosis, dueHours),
    evidence: [
      failing
        ? `failure within ${horizonHours} h has probability ${probability.toFixed(2)}`
        : `health is ${index!.toFixed(0)} of 100, and no model speaks`,
      ...(diagnosis
        ? [`${diagnosis.mode.mode}: ${Math.round(100 * diagnosis.support)} % of its symptoms show`]
        : []),
      ...evidence,
      ...(left ? [`time to failure from ${methodText[left.method]}`] : []),
    ],
  }
}

/** The symptoms of the likeliest mode, else what deviates most. */
const evidenceOf = (deviating: readonly Deviation[], diagnosis: Diagnosis | undefined): string[] =>
  (diagnosis?.evidence ?? deviating.filter(({ sigmas }) => Math.abs(sigmas) >= 3).slice(0, 5)).map(
    deviationText,
  )

/** Nothing is planned farther ahead than this. */
const LATEST_HOURS = 336

function recommendation(
  machine: Machine,
  diagnosis: Diagnosis | undefined,
  dueHours: number,
): NonNullable<Assessment['recommended_maintenance']> {
  const mode = diagnosis?.mode
  return mode
    ? {
        mode: mode.id,
        component: mode.component,
        action: mode.action,
        withinHours: Math.min(mode.actWithinHours, dueHours),
        severity: mode.severity,
      }
    : {
        mode: `${machine}.unknown`,
        component: 'whole machine',
        action: 'inspect: something is wrong but no known mode explains what deviates',
        withinHours: Math.min(LATEST_HOURS, dueHours),
        severity: 5,
      }
}

const methodText = {
  degradation: 'the growth of a wear signal towards its limit',
  lifetimes: 'the lifetimes of machines of this type',
  hazard: 'the failure probability alone',
}

const DEVIATION = 'standard deviations'
/** Whether a sentence of the evidence tells of a measure, and not of what follows from several. */
export const isDeviation = (sentence: string): boolean => sentence.includes(DEVIATION)

const deviationText = ({ feature, sigmas }: Deviation): string =>
  `${feature} is ${Math.abs(sigmas).toFixed(1)} ${DEVIATION} ${sigmas > 0 ? 'above' : 'below'} its healthy mean`

/** The most particular source there is: this device's own wear, its type's lifetimes, or a constant hazard. */
function timeToFailure(
  { at, degradation, lifetimes, ageHours }: DeviceHistory,
  probability: number | null,
  horizonHours: number,
): Assessment['estimated_time_to_failure'] | null {
  const wear = degradation && passageOf(degradation, at)
  // A machine that runs beyond the limit where its wear was taken to end shows that the limit lies elsewhere.
  if (wear && wear.p50 > 0) return wear
  if (lifetimes && ageHours !== null)
    return { ...residualQuantiles(lifetimes, ageHours), method: 'lifetimes' }
  if (probability === null) return wear
  const hazardPerHour = -Math.log1p(-Math.min(probability, 1 - 1e-9)) / horizonHours
  const quantile = (q: number): number => -Math.log1p(-q) / hazardPerHour
  return { p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9), method: 'hazard' }
}

function passageOf(
  { points, nowHours, ...limit }: NonNullable<DeviceHistory['degradation']>,
  at: EpochMs,
): Assessment['estimated_time_to_failure'] | null {
  const passage = firstPassage(points, limit, nowHours, seededRandom(at))
  return passage && { ...passage, method: 'degradation' }
}
