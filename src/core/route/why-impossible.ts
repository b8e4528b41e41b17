import type { Problem } from './solver/problem.ts'

/** Why no vehicle of the fleet can make a stop even if it makes no other; null if one can. */
export function whyImpossible({ places, matrices, stops, vehicles }: Problem, stop: number): string | null {
  const { place, demand, readyAt, dueAt, serviceTime, needs = 0 } = stops[stop]!
  const carry = vehicles.filter((v) => demand <= v.capacity)
  if (carry.length === 0) return `its demand of ${demand} is more than any vehicle carries`
  const able = carry.filter(({ skills = 0 }) => (needs & ~skills) === 0)
  if (able.length === 0) return 'no vehicle that can carry it has what it needs'
  const start = (v: Problem['vehicles'][number]): number =>
    Math.max(v.shiftStart + matrices[v.matrix ?? 0]!.duration[v.start * places + place]!, readyAt)
  const inTime = able.filter((v) => start(v) <= dueAt)
  if (inTime.length === 0) return 'it closes before a vehicle can be there'
  const back = inTime.some((v) => {
    const home = v.end === null ? 0 : matrices[v.matrix ?? 0]!.duration[place * places + v.end]!
    return start(v) + serviceTime + home <= v.shiftEnd
  })
  return back ? null : 'whoever serves it is not back in time'
}
