/** A visit. Times are in the matrix' time unit, counted from any common zero; the window is closed. */
export interface Stop {
  id: string
  /** Row in the matrices. */
  place: number
  demand: number
  readyAt: number
  dueAt: number
  serviceTime: number
  /** Bits that the vehicle must have among its skills (height class, cooling, a crane). */
  needs?: number
}

/** One vehicle; `end` null leaves it where its last stop was. It leaves at `shiftStart` and is back by `shiftEnd`. */
interface Vehicle {
  id: string
  start: number
  end: number | null
  capacity: number
  shiftStart: number
  shiftEnd: number
  skills?: number
  /** Which of the problem's matrices it travels by; default 0. */
  matrix?: number
}

/** Row-major over places. `cost` is what is minimised, `duration` what time windows are held against. */
interface TravelMatrix {
  cost: Float64Array
  duration: Float64Array
}

export interface Problem {
  places: number
  matrices: TravelMatrix[]
  stops: Stop[]
  vehicles: Vehicle[]
}

/** Stops by index into the problem's, in order of visit; a vehicle without stops has no route. */
export interface Solution {
  routes: { vehicle: number; stops: number[] }[]
  /** Stops that no vehicle can take. */
  unassigned: number[]
  cost: number
}

/** `vehicles`: as few as possible first, then least cost; `cost`: least cost only. */
export type Objective = 'vehicles' | 'cost'

/** No solution uses fewer vehicles than this: enough of the largest to carry all demand. */
export function fewestVehicles({ stops, vehicles }: Problem): number {
  let left = stops.reduce((sum, stop) => sum + stop.demand, 0)
  let count = stops.length > 0 ? 1 : 0
  for (const capacity of vehicles.map((v) => v.capacity).sort((a, b) => b - a)) {
    left -= capacity
    if (left <= 1e-9) break
    count += 1
  }
  return Math.min(count, vehicles.length)
}
