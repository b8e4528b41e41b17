import type { HarshKind } from './driver.ts'

/** What a driver or a trip has done so far. */
export interface Exposure {
  km: number
  /** Harsh events, weighted by severity and by night. */
  accelerate: number
  brake: number
  corner: number
  /** ∫ max(0, v/limit − 1.05) dt in seconds, and the seconds driven. */
  speedingS: number
  drivingS: number
}

interface Reason {
  what: HarshKind | 'speeding'
  /** Weighted events per 100 km (posterior), or mean excess over the limit. */
  rate: number
  /** Share of the risk's sum. */
  share: number
}

export interface Risk {
  /** 0 (careful) to 1. */
  value: number
  /** Largest first. */
  reasons: Reason[]
}

/**
 * Gamma priors of the rates per 100 km: shape α over rate β, mean 2 weighted events per 100 km, worth 50 km of
 * driving. Deployment starts with these; a job may fit them to its own fleet.
 */
export const riskModel = {
  alpha: { accelerate: 1, brake: 1, corner: 1 },
  beta: 0.5,
  weights: { accelerate: 1, brake: 1.2, corner: 1 },
  speedingWeight: 200,
  /** A driver like the prior has a risk of 0.2: r0 = −6.4/ln 0.8. */
  scale: 28.68,
  alarmAbove: 0.8,
  clearBelow: 0.7,
  /** A driver's record forgets with distance. */
  memoryKm: 500,
  night: { from: 22, to: 5, weight: 1.3 },
} as const

/**
 * Risk from exposure-normalised rates with empirical-Bayes shrinkage: λ = (α + n)/(β + D), D in 100 km, so that a
 * short trip with one hard stop is not judged like a long record of them; 1 − exp(−Σ w·λ / r0).
 */
export const riskValue = (exposure: Exposure): number =>
  1 -
  Math.exp(
    -(
      riskModel.weights.accelerate * eventRate(exposure, 'accelerate') +
      riskModel.weights.brake * eventRate(exposure, 'brake') +
      riskModel.weights.corner * eventRate(exposure, 'corner') +
      riskModel.speedingWeight * meanExcess(exposure)
    ) / riskModel.scale,
  )

/** The risk with what it is made of. */
export function riskOf(exposure: Exposure): Risk {
  const { weights, speedingWeight } = riskModel
  const excess = meanExcess(exposure)
  const parts: { what: Reason['what']; rate: number; part: number }[] = [
    { what: 'speeding', rate: excess, part: speedingWeight * excess },
  ]
  for (const kind of ['accelerate', 'brake', 'corner'] as const) {
    const rate = eventRate(exposure, kind)
    parts.push({ what: kind, rate, part: weights[kind] * rate })
  }
  const sum = parts.reduce((total, { part }) => total + part, 0)
  return {
    value: riskValue(exposure),
    reasons: parts
      .sort((a, b) => b.part - a.part)
      .map(({ what, rate, part }) => ({ what, rate, share: sum > 0 ? part / sum : 0 })),
  }
}

/** Posterior mean of weighted events per 100 km. */
const eventRate = (exposure: Exposure, kind: HarshKind): number =>
  (riskModel.alpha[kind] + exposure[kind]) / (riskModel.beta + exposure.km / 100)

const meanExcess = ({ speedingS, drivingS }: Exposure): number => (drivingS > 0 ? speedingS / drivingS : 0)

/** Night by local solar time, which is close enough and needs no time zone. */
export function isNight(at: number, lon: number): boolean {
  const hour = (((at / 3_600_000 + lon / 15) % 24) + 24) % 24
  return hour >= riskModel.night.from || hour < riskModel.night.to
}

/** Samsara's first published safety score, both impacts in whole points; for comparison with what fleets know. */
export const legacySafetyScore = (events: number, miles: number, speedingShare: number): number =>
  100 - Math.round((events / miles) * 1000) - Math.round(speedingShare * 100)

/** One sentence that names what weighs most. */
export function explainRisk({ value, reasons }: Risk): string {
  const [first] = reasons
  const words = { accelerate: 'hard acceleration', brake: 'hard braking', corner: 'hard cornering' } as const
  if (!first) return `risk ${value.toFixed(2)}`
  return first.what === 'speeding'
    ? `risk ${value.toFixed(2)}, mostly speeding: ${(first.rate * 100).toFixed(0)} % above tolerance on average`
    : `risk ${value.toFixed(2)}, mostly ${words[first.what]}: ${first.rate.toFixed(1)} weighted events per 100 km`
}
