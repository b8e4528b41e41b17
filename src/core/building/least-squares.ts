/** Solves A·x = b for a symmetric positive definite A (row-major n×n), by Cholesky; null where A is not. */
export function solvePositive(a: Float64Array, b: Float64Array): Float64Array | null {
  const n = b.length
  const l = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!
      if (i === j) {
        if (!(sum > 1e-12 * Math.abs(a[i * n + i]!))) return null
        l[i * n + i] = Math.sqrt(sum)
      } else l[i * n + j] = sum / l[j * n + j]!
    }
  }
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * n + k]! * x[k]!
    x[i]! /= l[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l[k * n + i]! * x[k]!
    x[i]! /= l[i * n + i]!
  }
  return x
}

/** Weighted normal equations of a linear model, filled row by row so that no design matrix is kept. */
export interface NormalEquations {
  add(row: ArrayLike<number>, y: number, weight?: number): void
  /** Coefficients with a ridge relative to each column's own size; null where the rows do not determine them. */
  solve(ridge?: number): Float64Array | null
}

export function normalEquations(n: number): NormalEquations {
  const a = new Float64Array(n * n)
  const b = new Float64Array(n)
  return {
    add(row, y, weight = 1) {
      for (let i = 0; i < n; i++) {
        const w = weight * row[i]!
        if (w === 0) continue
        b[i]! += w * y
        for (let j = 0; j <= i; j++) a[i * n + j]! += w * row[j]!
      }
    },
    solve(ridge = 0) {
      const full = Float64Array.from(a)
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) full[j * n + i] = full[i * n + j]!
        full[i * n + i]! += ridge * (full[i * n + i]! + 1e-9)
      }
      return solvePositive(full, b)
    },
  }
}
