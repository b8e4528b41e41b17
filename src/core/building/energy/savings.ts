/** How well a baseline model explains what it was fitted on. ASHRAE Guideline 14-2014 4.2. */
export interface FitMetrics {
  n: number
  mean: number
  /** Coefficient of variation of the RMSE, a share of the mean. */
  cvRmse: number
  /** Normalised mean bias, a share of the mean. */
  nmbe: number
  /** Lag-1 autocorrelation of the residuals, at least 0. */
  autocorrelation: number
}

/** Metrics of expected against actual values in time order; `parameters` is how many were fitted. */
export function fitMetrics(
  actual: readonly number[],
  expected: readonly number[],
  parameters: number,
): FitMetrics {
  const n = actual.length
  const residuals = actual.map((y, i) => y - expected[i]!)
  const mean = actual.reduce((a, b) => a + b, 0) / n
  const squares = residuals.reduce((sum, r) => sum + r * r, 0)
  const bias = residuals.reduce((a, b) => a + b, 0)
  const freedom = Math.max(1, n - parameters)
  let lagged = 0
  for (let i = 1; i < n; i++) lagged += residuals[i]! * residuals[i - 1]!
  return {
    n,
    mean,
    cvRmse: Math.sqrt(squares / freedom) / mean,
    nmbe: bias / (freedom * mean),
    autocorrelation: squares > 0 ? Math.max(0, lagged / squares) : 0,
  }
}

export interface SavingsUncertainty {
  /** Student's t, 1.645 for 90 % confidence. */
  t: number
  /** Inflation for correlated data: 1.26 hourly, `sunBaltazar` else. */
  k: number
  cvRmse: number
  /** Points of the baseline, and how many independent ones they are worth. */
  n: number
  effective: number
  /** Points of the reporting period. */
  reported: number
  /** Savings as a share of the adjusted baseline. */
  share: number
}

/** Fractional savings uncertainty: half width of the interval as a share of the savings. ASHRAE Guideline 14-2014 eq. 4-10. */
export const fractionalSavingsUncertainty = (u: SavingsUncertainty): number =>
  (u.t * u.k * u.cvRmse * Math.sqrt(((u.n / u.effective) * (1 + 2 / u.effective)) / u.reported)) /
  Math.abs(u.share)

/** Points that correlated ones are worth: n(1 − ρ)/(1 + ρ). */
export const effectivePoints = (n: number, autocorrelation: number): number =>
  (n * (1 - autocorrelation)) / (1 + autocorrelation)

/** Inflation factor over a reporting period of so many months. Sun and Baltazar 2013, as OpenDSM uses it. */
export const sunBaltazar = (kind: 'daily' | 'billing', months: number): number =>
  kind === 'daily'
    ? -0.00024 * months ** 2 + 0.03535 * months + 1.00286
    : -0.00022 * months ** 2 + 0.03306 * months + 0.94054

export interface Savings {
  /** What the baseline model expects in the reporting period, and what was used. */
  expected: number
  actual: number
  saved: number
  share: number
  /** The share's interval at 90 % confidence. */
  low: number
  high: number
}

/** Avoided consumption (IPMVP option C): adjusted baseline less measured, with its interval at 90 %. */
export function savings(
  actual: readonly number[],
  expected: readonly number[],
  baseline: FitMetrics,
  k: number,
): Savings {
  const total = expected.reduce((a, b) => a + b, 0)
  const used = actual.reduce((a, b) => a + b, 0)
  const share = total === 0 ? 0 : (total - used) / total
  // With F = 1 the fractional uncertainty is that of the adjusted baseline itself, which a saving of zero has too.
  const half = fractionalSavingsUncertainty({
    t: 1.645,
    k,
    cvRmse: baseline.cvRmse,
    n: baseline.n,
    effective: Math.max(1, effectivePoints(baseline.n, baseline.autocorrelation)),
    reported: Math.max(1, actual.length),
    share: 1,
  })
  return { expected: total, actual: used, saved: total - used, share, low: share - half, high: share + half }
}
