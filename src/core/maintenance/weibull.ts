/** Lifetimes by Weibull's law: shape k (above 1 wears out), scale η in the unit of the lifetimes. */
export interface Weibull {
  shape: number
  scale: number
}

/** Time until failure: a tenth fail before `p10`, half before `p50`, nine tenths before `p90`. */
export interface TimeToFailure {
  p10: number
  p50: number
  p90: number
}

export interface Lifetime {
  /** Age at failure, or at the last look if it has not failed. Positive. */
  age: number
  failed: boolean
}

/** Maximum likelihood with right-censoring; null below two failures, or if all failed at one age. */
export function fitWeibull(lifetimes: readonly Lifetime[]): Weibull | null {
  const usable = lifetimes.filter(({ age }) => age > 0)
  const failures = usable.filter(({ failed }) => failed)
  const longest = usable.reduce((most, { age }) => Math.max(most, age), 0)
  if (failures.length < 2 || failures.every(({ age }) => age === failures[0]!.age)) return null
  const logs = failures.reduce((sum, { age }) => sum + Math.log(age / longest), 0) / failures.length
  // d lnL / dk = 0 (Cohen 1965, eq. 2.5); ages are scaled by the longest, so no power overflows. Rises with k.
  const slope = (shape: number): number => {
    let weight = 0
    let weighted = 0
    for (const { age } of usable) {
      const x = age / longest
      weight += x ** shape
      weighted += x ** shape * Math.log(x)
    }
    return weighted / weight - 1 / shape - logs
  }
  let [low, high] = [1e-2, 1e3]
  for (let i = 0; i < 100; i++) {
    const middle = Math.sqrt(low * high)
    if (slope(middle) < 0) low = middle
    else high = middle
  }
  const shape = Math.sqrt(low * high)
  const sum = usable.reduce((total, { age }) => total + (age / longest) ** shape, 0)
  return { shape, scale: longest * (sum / failures.length) ** (1 / shape) }
}

const hazard = ({ shape, scale }: Weibull, age: number): number => (age / scale) ** shape

/** Probability that one which has reached `age` fails within `span`. */
export const failureWithin = (law: Weibull, age: number, span: number): number =>
  -Math.expm1(hazard(law, age) - hazard(law, age + span))

/** Life left to one that has reached `age`, at which a share `q` has failed. */
export const residualLife = (law: Weibull, age: number, q: number): number =>
  law.scale * (hazard(law, age) - Math.log1p(-q)) ** (1 / law.shape) - age

export const residualQuantiles = (law: Weibull, age: number): TimeToFailure => ({
  p10: residualLife(law, age, 0.1),
  p50: residualLife(law, age, 0.5),
  p90: residualLife(law, age, 0.9),
})
