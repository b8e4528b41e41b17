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

/**
 * Minimises ½·x·A·x − b·x with x ≥ 0 where `bounded` says so (Lawson and Hanson 1974, NNLS), for A symmetric and
 * semidefinite, row-major; a hair of ridge stands in for what the data never showed. Null where A is no such matrix.
 */
export function solveBounded(
  a: Float64Array,
  b: Float64Array,
  bounded: readonly boolean[],
): Float64Array | null {
  const n = b.length
  const free = bounded.map((is) => !is)
  let x: Float64Array = new Float64Array(n)
  const over = (): Float64Array | null => {
    const active = free.flatMap((is, i) => (is ? [i] : []))
    const m = active.length
    const part = new Float64Array(m * m)
    for (const [i, ci] of active.entries())
      for (const [j, cj] of active.entries())
        part[i * m + j] = a[ci * n + cj]! * (i === j ? 1 + 1e-6 : 1) + (i === j ? 1e-9 : 0)
    const solution = solvePositive(
      part,
      Float64Array.from(active, (c) => b[c]!),
    )
    if (solution === null) return null
    const full = new Float64Array(n)
    for (const [i, c] of active.entries()) full[c] = solution[i]!
    return full
  }
  // Each round frees or binds one unknown; 3n is the customary limit.
  for (let round = 0; round < 3 * n; round++) {
    let next = over()
    if (next === null) return null
    for (;;) {
      let [step, worst] = [1, -1]
      for (let i = 0; i < n; i++) {
        if (!free[i] || !bounded[i] || next[i]! > 0) continue
        const share = x[i]! / (x[i]! - next[i]!)
        if (worst < 0 || share < step) [step, worst] = [share, i]
      }
      if (worst < 0) break
      const from = x
      const to = next
      x = from.map((value, i) => value + step * (to[i]! - value))
      x[worst] = 0
      free[worst] = false
      next = over()
      if (next === null) return null
    }
    x = next
    let [steepest, candidate] = [1e-9, -1]
    for (let i = 0; i < n; i++) {
      if (free[i]) continue
      let gradient = b[i]!
      for (let j = 0; j < n; j++) gradient -= a[i * n + j]! * x[j]!
      const scaled = gradient / Math.sqrt(a[i * n + i]! + 1e-12)
      if (scaled > steepest) [steepest, candidate] = [scaled, i]
    }
    if (candidate < 0) return x
    free[candidate] = true
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
