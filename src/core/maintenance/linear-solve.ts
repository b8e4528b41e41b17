/** Solves A·x = b for a symmetric positive definite A by Cholesky's method; null where A is not. A is left untouched. */
export function solvePositiveDefinite(a: readonly Float64Array[], b: ArrayLike<number>): Float64Array | null {
  const lower = cholesky(a)
  return lower && substituteBack(lower, substitute(lower, b))
}

/** The lower triangle L with L·Lᵀ = A, null where A is not positive definite. */
export function cholesky(a: readonly Float64Array[]): Float64Array[] | null {
  const n = a.length
  const lower = a.map(() => new Float64Array(n))
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i]![j]!
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!
      if (i !== j) lower[i]![j] = sum / lower[j]![j]!
      else if (sum > 0) lower[i]![i] = Math.sqrt(sum)
      else return null
    }
  }
  return lower
}

/** Solves L·y = b. */
export function substitute(lower: readonly Float64Array[], b: ArrayLike<number>): Float64Array {
  const y = new Float64Array(lower.length)
  for (let i = 0; i < y.length; i++) {
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= lower[i]![k]! * y[k]!
    y[i] = sum / lower[i]![i]!
  }
  return y
}

function substituteBack(lower: readonly Float64Array[], y: Float64Array): Float64Array {
  const x = new Float64Array(y.length)
  for (let i = y.length - 1; i >= 0; i--) {
    let sum = y[i]!
    for (let k = i + 1; k < y.length; k++) sum -= lower[k]![i]! * x[k]!
    x[i] = sum / lower[i]![i]!
  }
  return x
}
