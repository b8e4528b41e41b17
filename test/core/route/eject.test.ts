import { describe, expect, it } from 'vitest'
import { ejector } from '../../../src/core/route/solver/eject.ts'
import { neighboursOf } from '../../../src/core/route/solver/neighbours.ts'
import { emptyPlan, solutionOf, type Plan } from '../../../src/core/route/solver/plan.ts'
import type { Problem } from '../../../src/core/route/solver/problem.ts'
import { seededRandom, type Random } from '../../../src/core/route/solver/random.ts'
import { greedyInsertion } from '../../../src/core/route/solver/recreate.ts'
import { termsOf, type Terms } from '../../../src/core/route/solver/terms.ts'

/** A problem too tight for its vehicles, with an asymmetric matrix; without windows now and then. */
function tight(random: Random): Problem {
  const count = 4 + Math.floor(random() * 6)
  const points = Array.from({ length: count + 1 }, () => [random() * 50, random() * 50] as const)
  const side = count + 1
  const matrix = new Float64Array(side * side)
  for (let i = 0; i < side; i += 1)
    for (let j = 0; j < side; j += 1)
      matrix[i * side + j] =
        Math.hypot(points[i]![0] - points[j]![0], points[i]![1] - points[j]![1]) *
        (1 + ((i * 7 + j * 3) % 5) / 10)
  const timed = random() < 0.8
  return {
    places: side,
    matrices: [{ cost: matrix, duration: matrix }],
    stops: Array.from({ length: count }, (_, i) => {
      const readyAt = timed ? random() * 100 : 0
      const dueAt = timed ? readyAt + 10 + random() * 80 : Infinity
      return {
        id: `${i}`,
        place: i + 1,
        demand: 1 + Math.floor(random() * 5),
        readyAt,
        dueAt,
        serviceTime: random() * 5,
      }
    }),
    vehicles: Array.from({ length: 1 + Math.floor(random() * 2) }, (_, i) => ({
      id: `${i}`,
      start: 0,
      end: random() < 0.8 ? 0 : null,
      capacity: 8 + Math.floor(random() * 8),
      shiftStart: 0,
      shiftEnd: timed ? 200 : Infinity,
    })),
  }
}

/** Whether a vehicle can make these stops in this order: counted from the problem, not from a plan. */
function feasible(
  { places, matrices, stops, vehicles }: Problem,
  vehicle: number,
  order: readonly number[],
): boolean {
  const { capacity, end, shiftEnd } = vehicles[vehicle]!
  const hop = (from: number, to: number) => matrices[0]!.duration[from * places + to]!
  let [clock, load, here] = [0, 0, 0]
  for (const index of order) {
    const stop = stops[index]!
    clock = Math.max(clock + hop(here, stop.place), stop.readyAt)
    if (clock > stop.dueAt) return false
    clock += stop.serviceTime
    load += stop.demand
    here = stop.place
  }
  return clock + (end === null ? 0 : hop(here, end)) <= shiftEnd && load <= capacity
}

const routesOf = (terms: Terms, plan: Plan): number[][] => {
  const routes: number[][] = Array.from({ length: terms.vehicles }, () => [])
  for (const { vehicle, stops } of solutionOf(terms, plan).routes) routes[vehicle] = stops
  return routes
}

const subsets = (list: readonly number[], most: number): number[][] =>
  list.reduce<number[][]>(
    (all, one) => [...all, ...all.filter((set) => set.length < most).map((set) => [...set, one])],
    [[]],
  )

/** The least sum of penalties that must go, at most three stops of one used route, for the stop to come in. */
function leastSum(problem: Problem, routes: number[][], stop: number, penalties: Float64Array): number {
  let least = Infinity
  for (const [vehicle, route] of routes.entries()) {
    if (route.length === 0) continue
    for (const out of subsets(route, 3)) {
      const sum = out.reduce((total, s) => total + penalties[s]!, 0)
      if (sum >= least) continue
      const kept = route.filter((s) => !out.includes(s))
      if (kept.some((_, i) => feasible(problem, vehicle, kept.toSpliced(i, 0, stop)))) least = sum
      if (feasible(problem, vehicle, [...kept, stop])) least = sum
    }
  }
  return least
}

describe('ejector', () => {
  it('puts an absent stop where the least must go, and nowhere if that is harder to place', () => {
    const random = seededRandom(5)
    const seen = { placed: 0, squeezed: 0, left: 0 }
    for (let k = 0; k < 600; k += 1) {
      const problem = tight(random)
      const terms = termsOf(problem)
      const plan = emptyPlan(terms)
      greedyInsertion(terms, random)(plan, terms.vehicles)
      if (plan.sizes[0] === 0) continue
      const penalties = Float64Array.from(problem.stops, () => 1 + Math.floor(random() * 4))
      const before = routesOf(terms, plan)
      const absent = new Set(plan.absent.subarray(0, plan.sizes[0]))
      ejector(terms, neighboursOf(terms), random)(plan, penalties)
      const after = routesOf(terms, plan)
      for (const [vehicle, route] of after.entries()) expect(feasible(problem, vehicle, route)).toBe(true)
      const came = after.flat().filter((s) => absent.has(s))
      const gone = before.flat().filter((s) => !after.flat().includes(s))
      if (came.length === 0) {
        expect(gone).toEqual([])
        expect([...absent].some((s) => leastSum(problem, before, s, penalties) > penalties[s]!)).toBe(true)
        seen.left += 1
        continue
      }
      expect(came).toHaveLength(1)
      expect(gone.reduce((sum, s) => sum + penalties[s]!, 0)).toBe(
        leastSum(problem, before, came[0]!, penalties),
      )
      seen[gone.length === 0 ? 'placed' : 'squeezed'] += 1
    }
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0)
  })
})
