import { solvePositive } from '../least-squares.ts'

/** A billing period or a day: consumption a day, and its outdoor temperatures, hour by hour. */
export interface Period {
  perDay: number
  temperatures: readonly number[]
}

/** Consumption a day by outdoor temperature: base + heating·(Th − T)⁺ + cooling·(T − Tc)⁺, Th ≤ Tc. */
export interface ChangePoint {
  base: number
  heating: number
  heatingBalance: number
  cooling: number
  coolingBalance: number
  /** Coefficients beside the mean that were fitted, balance points counted. */
  parameters: number
}

/** Fewer periods than this cannot tell a balance point from noise; a model needs one period more than parameters. */
const FEWEST_PERIODS = 9

/**
 * Fits the mean, 3-parameter heating, 3-parameter cooling and 5-parameter models over a grid of balance points one
 * degree apart and keeps the one with the least BIC. Slopes are not negative. Periods weigh as their days.
 * ASHRAE Guideline 14-2014 Annex D; loads follow the hour, so a longer period
 * averages hinges, not temperatures.
 */
export function fitChangePoint(periods: readonly Period[]): ChangePoint | null {
  if (periods.length < FEWEST_PERIODS) return null
  const sorted = periods.flatMap((p) => [...p.temperatures]).sort((a, b) => a - b)
  const low = Math.ceil(sorted[Math.floor(0.05 * sorted.length)]!)
  const high = Math.floor(sorted[Math.floor(0.95 * (sorted.length - 1))]!)
  const span = Math.max(0, high - low + 1)
  const gram = gramMatrix(periods, low, span)
  const n = periods.length
  let best = { bic: Infinity, model: null as ChangePoint | null }
  const consider = (heat: number | null, cool: number | null): void => {
    const columns = [
      0,
      ...(heat === null ? [] : [1 + heat - low]),
      ...(cool === null ? [] : [1 + span + cool - low]),
    ]
    const parameters = 1 + 2 * (columns.length - 1)
    if (n <= parameters) return
    const fit = gram.solve(columns)
    if (fit === null || fit.coefficients.subarray(1).some((slope) => slope < 0)) return
    const bic = n * Math.log(fit.squares / gram.weight + 1e-12) + parameters * Math.log(n)
    if (bic >= best.bic) return
    const slopes = [...fit.coefficients.subarray(1)]
    const model: ChangePoint = {
      base: fit.coefficients[0]!,
      heating: heat === null ? 0 : slopes.shift()!,
      heatingBalance: heat ?? low,
      cooling: cool === null ? 0 : slopes.shift()!,
      coolingBalance: cool ?? high,
      parameters,
    }
    best = { bic, model }
  }
  consider(null, null)
  for (let heat = low; heat <= high; heat++) {
    consider(heat, null)
    consider(null, heat)
    for (let cool = heat; cool <= high; cool++) consider(heat, cool)
  }
  return best.model
}

/** Expected consumption a day over these hours. */
export const changePointPerDay = (model: ChangePoint, temperatures: readonly number[]): number =>
  model.base +
  model.heating * hingeMean(temperatures, -1, model.heatingBalance) +
  model.cooling * hingeMean(temperatures, 1, model.coolingBalance)

function hingeMean(temperatures: readonly number[], side: 1 | -1, balance: number): number {
  let sum = 0
  for (const t of temperatures) sum += Math.max(0, side * (t - balance))
  return temperatures.length === 0 ? 0 : sum / temperatures.length
}

interface Gram {
  weight: number
  /** Weighted least squares on these columns and the sum of squares that it leaves. */
  solve(columns: readonly number[]): { coefficients: Float64Array; squares: number } | null
}

/** Inner products of the constant and every heating and cooling hinge, once for all the models that choose among them. */
function gramMatrix(periods: readonly Period[], low: number, span: number): Gram {
  const size = 1 + 2 * span
  const products = new Float64Array(size * size)
  const withY = new Float64Array(size)
  let [yy, weight] = [0, 0]
  const row = new Float64Array(size)
  row[0] = 1
  for (const { perDay, temperatures } of periods) {
    for (let k = 0; k < span; k++) {
      row[1 + k] = hingeMean(temperatures, -1, low + k)
      row[1 + span + k] = hingeMean(temperatures, 1, low + k)
    }
    const w = temperatures.length
    weight += w
    yy += w * perDay * perDay
    for (let i = 0; i < size; i++) {
      const scaled = w * row[i]!
      if (scaled === 0) continue
      withY[i]! += scaled * perDay
      for (let j = 0; j <= i; j++) products[i * size + j]! += scaled * row[j]!
    }
  }
  return {
    weight,
    solve(columns) {
      const n = columns.length
      const a = new Float64Array(n * n)
      const b = Float64Array.from(columns, (c) => withY[c]!)
      for (const [i, ci] of columns.entries())
        for (const [j, cj] of columns.entries())
          a[i * n + j] = products[Math.max(ci, cj) * size + Math.min(ci, cj)]!
      const coefficients = solvePositive(a, b)
      if (coefficients === null) return null
      const explained = b.reduce((sum, x, i) => sum + x * coefficients[i]!, 0)
      return { coefficients, squares: Math.max(0, yy - explained) }
    },
  }
}
