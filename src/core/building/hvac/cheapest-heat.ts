import type { StepLaw, ZoneState } from '../thermal/zone-model.ts'
import type { Band } from './comfort-band.ts'

export interface HeatStep {
  law: StepLaw
  /** Per kW held over the step, not negative: else both would run against each other. */
  heatCost: number
  coolCost: number
  /** Air outside of a band at the step's end costs its price a kelvin. */
  bands: readonly (Band & { price: number })[]
}

export interface HeatProblem {
  state: ZoneState
  /** Limits of the plant. */
  heatingKw: number
  coolingKw: number
  steps: readonly HeatStep[]
  /** Mass outside of the band after the last step costs this a kelvin. */
  end: { band: Band; belowPrice: number; abovePrice: number }
}

/** Share of the dearest kW that a squared kW costs on top: of plans that cost the same the gentlest is taken. */
const GENTLE = 1e-3
/** Where energy is free the plan is made to this share of what comfort is worth. */
const FREE_SHARE = 0.01
/** The barrier begins at the dearest kW and ends where all constraints together are worth a thousandth of it. */
const BARRIER_SHRINKS = 0.15
const LAST_BARRIER = 1e-6
const ROUNDS_A_BARRIER = 8
const TO_THE_WALL = 0.95

/**
 * Plant heat of each step at least cost, kW; negative cools. A linear programme, as the zone's law is linear and power
 * and kelvins cost by the unit. A barrier method solves it (Nocedal and Wright 2006, 19.6); its Newton step is one sweep
 * backward and one forward over the horizon (Rao, Wright and Rawlings 1998), so the work grows with the steps alone.
 */
export function cheapestHeat(problem: HeatProblem): number[] {
  const { steps, heatingKw, coolingKw } = problem
  const dearest = steps.reduce(
    (most, s) => Math.max(most, s.heatCost, s.coolCost, ...s.bands.map((b) => FREE_SHARE * b.price)),
    1e-9,
  )
  let point = pointOf(steps.length)
  let next = pointOf(steps.length)
  point.heat.fill(heatingKw / 2)
  point.cool.fill(coolingKw / 2)
  const change = { heat: new Float64Array(steps.length), cool: new Float64Array(steps.length) }
  for (let barrier = dearest; barrier > LAST_BARRIER * dearest; barrier *= BARRIER_SHRINKS) {
    weigh(problem, point, barrier, GENTLE * dearest)
    for (let round = 0; round < ROUNDS_A_BARRIER; round++) {
      const decrement = newtonStep(problem, point, change)
      // Within this the barrier's own error is larger than what another round would win.
      if (decrement < 0.1 * barrier) break
      let length = Math.min(1, TO_THE_WALL * roomFor(problem, point, change))
      for (; length > 1e-6; length /= 2) {
        advance(point, change, length, next)
        weigh(problem, next, barrier, GENTLE * dearest)
        if (next.cost <= point.cost - 0.01 * length * decrement) break
      }
      ;[point, next] = [next, point]
    }
  }
  return Array.from(point.heat, (heat, k) => heat - point.cool[k]!)
}

interface Powers {
  heat: Float64Array
  cool: Float64Array
}

/** A plan with its cost, and the cost's slopes and curvatures along each step's heat, cold and air, and the mass in the end. */
interface Point extends Powers {
  cost: number
  /** What the logarithms of one step are taken of, so that one is taken a step. */
  inside: number
  heatSlope: Float64Array
  heatCurve: Float64Array
  coolSlope: Float64Array
  coolCurve: Float64Array
  /** One more than there are steps: the last is the mass in the end. */
  slope: Float64Array
  curve: Float64Array
}

const pointOf = (n: number): Point => ({
  cost: Infinity,
  inside: 1,
  heat: new Float64Array(n),
  cool: new Float64Array(n),
  heatSlope: new Float64Array(n),
  heatCurve: new Float64Array(n).fill(1),
  coolSlope: new Float64Array(n),
  coolCurve: new Float64Array(n).fill(1),
  slope: new Float64Array(n + 1),
  curve: new Float64Array(n + 1),
})

/** Cost with its barrier, and how it bends. */
function weigh(problem: HeatProblem, point: Point, barrier: number, gentle: number): void {
  const { steps, heatingKw, coolingKw, end } = problem
  const { heat, cool, heatSlope, heatCurve, coolSlope, coolCurve } = point
  let { massC, filmK } = problem.state
  let cost = 0
  point.slope.fill(0)
  point.curve.fill(0)
  for (let k = 0; k < steps.length; k++) {
    const { law, heatCost, coolCost, bands } = steps[k]!
    const h = heat[k]!
    const c = cool[k]!
    point.inside = 1
    if (heatingKw > 0) {
      const rest = heatingKw - h
      cost += heatCost * h + 0.5 * gentle * h * h
      point.inside *= h * rest
      heatSlope[k] = heatCost + gentle * h - barrier / h + barrier / rest
      heatCurve[k] = gentle + barrier / (h * h) + barrier / (rest * rest)
    }
    if (coolingKw > 0) {
      const rest = coolingKw - c
      cost += coolCost * c + 0.5 * gentle * c * c
      point.inside *= c * rest
      coolSlope[k] = coolCost + gentle * c - barrier / c + barrier / rest
      coolCurve[k] = gentle + barrier / (c * c) + barrier / (rest * rest)
    }
    massC = law.massDecay * massC + law.massAdded + law.massPerKw * (h - c)
    filmK = law.filmDecay * filmK + law.filmAdded + law.filmPerKw * (h - c)
    for (let b = 0; b < bands.length; b++) {
      const { low, high, price } = bands[b]!
      cost += hinge(massC + filmK - low, 1, price, barrier, point, k)
      cost += hinge(high - massC - filmK, -1, price, barrier, point, k)
    }
    cost -= barrier * Math.log(point.inside)
  }
  point.inside = 1
  cost += hinge(massC - end.band.low, 1, end.belowPrice, barrier, point, steps.length)
  cost += hinge(end.band.high - massC, -1, end.abovePrice, barrier, point, steps.length)
  point.cost = cost - barrier * Math.log(point.inside)
}

/**
 * price·max(0, −room), smoothed by the barrier: the least of price·s − barrier·(ln s + ln(room + s)) over the slack s, in
 * closed form. `side` is the sign with which the temperature enters `room`.
 */
function hinge(room: number, side: 1 | -1, price: number, barrier: number, point: Point, k: number): number {
  if (price <= 0) return 0
  const reach = Math.abs(room) * price
  // Multipliers of the nearer and the farther wall; they sum to the price.
  const small =
    (2 * barrier * price) / (reach + 2 * barrier + Math.sqrt(reach * reach + 4 * barrier * barrier))
  const large = price - small
  point.slope[k]! -= side * (room >= 0 ? small : large)
  point.curve[k]! += 1 / (barrier * (1 / (small * small) + 1 / (large * large)))
  point.inside *= (barrier * barrier) / (small * large)
  return (price * barrier) / (room >= 0 ? large : small)
}

/** Newton's step of heat and cold into `change`; returns by how much it promises to lower the cost, twice. */
function newtonStep(problem: HeatProblem, point: Point, change: Powers): number {
  const { steps, heatingKw, coolingKw } = problem
  const { heatSlope, heatCurve, coolSlope, coolCurve, slope, curve } = point
  const n = steps.length
  const byMass = new Float64Array(n)
  const byFilm = new Float64Array(n)
  const fixed = new Float64Array(n)
  // Value of a change of state after step k: ½(mm·m² + 2mf·m·f + ff·f²) + m·mass + f·film.
  let [mm, mf, ff, mass, film] = [curve[n]!, 0, 0, slope[n]!, 0]
  for (let k = n - 1; k >= 0; k--) {
    const { massDecay: a, filmDecay: d, massPerKw: bm, filmPerKw: bf } = steps[k]!.law
    mm += curve[k]!
    mf += curve[k]!
    ff += curve[k]!
    mass += slope[k]!
    film += slope[k]!
    const forceMass = mm * bm + mf * bf
    const forceFilm = mf * bm + ff * bf
    const ease = easeOf(heatingKw, heatCurve[k]!) + easeOf(coolingKw, coolCurve[k]!)
    // Heat and cold act as one number, their difference; between them it is shared at least cost.
    const own =
      (heatSlope[k]! * easeOf(heatingKw, heatCurve[k]!) - coolSlope[k]! * easeOf(coolingKw, coolCurve[k]!)) /
      ease
    const along = 1 / ease + bm * forceMass + bf * forceFilm
    byMass[k] = (-a * forceMass) / along
    byFilm[k] = (-d * forceFilm) / along
    fixed[k] = -(own + bm * mass + bf * film) / along
    mass = a * (mass + forceMass * fixed[k]!)
    film = d * (film + forceFilm * fixed[k]!)
    mm = a * (a * mm + forceMass * byMass[k]!)
    mf = a * (d * mf + forceMass * byFilm[k]!)
    ff = d * (d * ff + forceFilm * byFilm[k]!)
  }
  let [dMass, dFilm, decrement] = [0, 0, 0]
  for (let k = 0; k < n; k++) {
    const { law } = steps[k]!
    const both = byMass[k]! * dMass + byFilm[k]! * dFilm + fixed[k]!
    const easeHeat = easeOf(heatingKw, heatCurve[k]!)
    const easeCool = easeOf(coolingKw, coolCurve[k]!)
    const pressure = (both + heatSlope[k]! * easeHeat - coolSlope[k]! * easeCool) / (easeHeat + easeCool)
    const heat = (pressure - heatSlope[k]!) * easeHeat
    const cool = (-pressure - coolSlope[k]!) * easeCool
    change.heat[k] = heat
    change.cool[k] = cool
    dMass = law.massDecay * dMass + law.massPerKw * both
    dFilm = law.filmDecay * dFilm + law.filmPerKw * both
    decrement -= heatSlope[k]! * heat + coolSlope[k]! * cool + slope[k]! * (dMass + dFilm)
  }
  return decrement - slope[n]! * dMass
}

/** How readily a power gives way; one that does not exist stands as if against a wall. */
const easeOf = (most: number, curve: number): number => (most > 0 ? 1 / curve : 1e-12)

/** Largest share of the change that keeps every power between its limits. */
function roomFor({ heatingKw, coolingKw }: HeatProblem, from: Powers, change: Powers): number {
  let share = Infinity
  for (let k = 0; k < from.heat.length; k++) {
    if (heatingKw > 0) share = Math.min(share, wallShare(from.heat[k]!, change.heat[k]!, heatingKw))
    if (coolingKw > 0) share = Math.min(share, wallShare(from.cool[k]!, change.cool[k]!, coolingKw))
  }
  return share
}

const wallShare = (kw: number, change: number, most: number): number =>
  change < 0 ? -kw / change : change > 0 ? (most - kw) / change : Infinity

function advance(from: Powers, change: Powers, share: number, to: Powers): void {
  for (let k = 0; k < from.heat.length; k++) {
    to.heat[k] = from.heat[k]! + share * change.heat[k]!
    to.cool[k] = from.cool[k]! + share * change.cool[k]!
  }
}
