import { solvePositive } from '../least-squares.ts'

/** 1 / (1 + e^−x), safe at both ends. */
export const logistic = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)))

/**
 * Coefficients of P(y = 1) = logistic(w·x) by Newton's method with an L2 penalty on all but the first (the
 * intercept). Deterministic; stops when no coefficient moves by more than 1e-8. Hastie, Tibshirani, Friedman 4.4.1.
 */
export function trainLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  penalty: number,
): number[] {
  const n = rows[0]?.length ?? 0
  const w = new Float64Array(n)
  for (let round = 0; round < 50; round++) {
    const hessian = new Float64Array(n * n)
    const gradient = new Float64Array(n)
    for (let i = 1; i < n; i++) {
      hessian[i * n + i] = penalty
      gradient[i] = -penalty * w[i]!
    }
    hessian[0] = 1e-9
    for (const [r, x] of rows.entries()) {
      let z = 0
      for (let i = 0; i < n; i++) z += w[i]! * x[i]!
      const p = logistic(z)
      const curvature = Math.max(1e-6, p * (1 - p))
      const error = labels[r]! - p
      for (let i = 0; i < n; i++) {
        gradient[i]! += error * x[i]!
        for (let j = 0; j < n; j++) hessian[i * n + j]! += curvature * x[i]! * x[j]!
      }
    }
    const step = solvePositive(hessian, gradient)
    if (step === null) break
    let largest = 0
    for (let i = 0; i < n; i++) {
      w[i]! += step[i]!
      largest = Math.max(largest, Math.abs(step[i]!))
    }
    if (largest < 1e-8) break
  }
  return [...w]
}
