import type { Problem } from './problem.ts'

/**
 * The problem in flat arrays. Nodes 0..stops − 1 are the stops; vehicle v starts at node stops + 2v and ends at
 * stops + 2v + 1. Rows of the matrices are the stops in their order, then the places where vehicles start or end, then
 * "nowhere", which costs nothing; `at` is a node's row, for a stop its own number.
 */
export interface Terms {
  stops: number
  vehicles: number
  nodes: number
  side: number
  /** From the row's place to the column's; `costTo` and `durationTo` the other way round: what leads to the row's place. */
  cost: Float64Array
  costTo: Float64Array
  duration: Float64Array
  durationTo: Float64Array
  at: Int32Array
  demand: Float64Array
  ready: Float64Array
  due: Float64Array
  service: Float64Array
  needs: Int32Array
  capacity: Float64Array
  skills: Int32Array
  /** Where each vehicle's matrix begins. */
  base: Int32Array
  /** Vehicles of one kind are interchangeable: only the first free one of a kind need be tried. */
  kind: Int32Array
  /** [0] counts changes of routes, over all plans: see the stamps of a plan. */
  changes: Float64Array
  /** False when no stop has a window that any plan could miss: then time is not looked at. */
  timed: boolean
}

export function termsOf(problem: Problem): Terms {
  const { matrices, stops, vehicles, places } = problem
  const depots = [...new Set(vehicles.flatMap(({ start, end }) => (end === null ? [start] : [start, end])))]
  const rows = [...stops.map((s) => s.place), ...depots]
  const side = rows.length + 1
  const rowOf = (place: number): number => stops.length + depots.indexOf(place)

  const flatten = (pick: (m: Problem['matrices'][number]) => Float64Array, turned: boolean): Float64Array => {
    const flat = new Float64Array(matrices.length * side * side)
    matrices.forEach((matrix, m) => {
      const from = pick(matrix)
      rows.forEach((a, i) =>
        rows.forEach((b, j) => {
          flat[(m * side + i) * side + j] = turned ? from[b * places + a]! : from[a * places + b]!
        }),
      )
    })
    return flat
  }
  /** One array where two would be equal: the half of the memory to look at. */
  const shared = (array: Float64Array, otherwise: Float64Array): Float64Array =>
    array.every((value, i) => value === otherwise[i]) ? otherwise : array
  const cost = flatten((m) => m.cost, false)
  const costTo = shared(
    flatten((m) => m.cost, true),
    cost,
  )
  const duration = shared(
    flatten((m) => m.duration, false),
    cost,
  )
  const durationTo = shared(
    flatten((m) => m.duration, true),
    costTo,
  )

  const kinds = new Map<string, number>()
  const kindOf = (vehicle: Problem['vehicles'][number]): number => {
    const key = JSON.stringify({ ...vehicle, id: null })
    if (!kinds.has(key)) kinds.set(key, kinds.size)
    return kinds.get(key)!
  }
  const withEnds = (
    ofStop: (s: Problem['stops'][number]) => number,
    ofEnd: (v: Problem['vehicles'][number], end: boolean) => number,
  ): number[] => [...stops.map(ofStop), ...vehicles.flatMap((v) => [ofEnd(v, false), ofEnd(v, true)])]
  return {
    stops: stops.length,
    vehicles: vehicles.length,
    nodes: stops.length + 2 * vehicles.length,
    side,
    cost,
    costTo,
    duration,
    durationTo,
    at: Int32Array.from([
      ...stops.keys(),
      ...vehicles.flatMap((v) => [rowOf(v.start), v.end === null ? side - 1 : rowOf(v.end)]),
    ]),
    demand: Float64Array.from(stops, (s) => s.demand),
    ready: Float64Array.from(withEnds((s) => s.readyAt, (v) => v.shiftStart)), // prettier-ignore
    due: Float64Array.from(withEnds((s) => s.dueAt, (v) => v.shiftEnd)), // prettier-ignore
    service: Float64Array.from(withEnds((s) => s.serviceTime, () => 0)), // prettier-ignore
    needs: Int32Array.from(stops, (s) => s.needs ?? 0),
    capacity: Float64Array.from(vehicles, (v) => v.capacity),
    skills: Int32Array.from(vehicles, (v) => v.skills ?? 0),
    base: Int32Array.from(vehicles, (v) => (v.matrix ?? 0) * side * side),
    kind: Int32Array.from(vehicles, kindOf),
    changes: new Float64Array(1),
    timed: stops.some((s) => Number.isFinite(s.dueAt)) || vehicles.some((v) => Number.isFinite(v.shiftEnd)),
  }
}
