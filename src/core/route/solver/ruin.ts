import { refresh, remove, type Plan } from './plan.ts'
import type { Random } from './random.ts'
import type { Terms } from './terms.ts'

/** Christiaens and Vanden Berghe 2020, section 5: mean number of removed stops, longest string, split strings. */
const MEAN_REMOVED = 10
const LONGEST_STRING = 10
const SPLIT_SHARE = 0.5
const SPLIT_STOP = 0.01
/** Not in the paper: share of ruins that begin at an absent stop, if there is one. */
const ABOUT_ABSENT = 0.5

/** Takes strings of neighbouring stops out of neighbouring routes. */
export type Ruin = (plan: Plan) => void

/** Adjacent string removal (Christiaens and Vanden Berghe 2020, algorithm 2). */
export function stringRemoval(terms: Terms, neighbours: Int32Array[], random: Random): Ruin {
  const { stops } = terms
  const touched = new Uint32Array(terms.vehicles)
  let round = 0
  const string = new Int32Array(stops)

  const removeString = (plan: Plan, through: number, vehicle: number, length: number): void => {
    const size = plan.count[vehicle]!
    let kept = 0
    if (length < size && length > 1 && random() < SPLIT_SHARE) {
      kept = 1
      while (length + kept < size && random() > SPLIT_STOP) kept += 1
    }
    const span = length + kept
    const start = firstOf(plan, through, span, size)
    let node = start
    for (let i = 0; i < span; i += 1) {
      string[i] = node
      node = plan.next[node]!
    }
    const gap = kept > 0 ? 1 + Math.floor(random() * (length - 1)) : span
    for (let i = 0; i < span; i += 1) if (i < gap || i >= gap + kept) remove(terms, plan, string[i]!)
    refresh(terms, plan, vehicle)
  }

  /** Begin of a random run of `span` stops that includes `through`. */
  const firstOf = (plan: Plan, through: number, span: number, size: number): number => {
    let before = 0
    for (let node = plan.previous[through]!; node < stops && before < span - 1; before += 1)
      node = plan.previous[node]!
    let after = 0
    for (let node = plan.next[through]!; node < stops && after < span - 1; after += 1) node = plan.next[node]!
    const least = Math.max(0, span - 1 - after)
    let back = least + Math.floor(random() * (Math.min(before, span - 1, size - 1) - least + 1))
    let node = through
    for (; back > 0; back -= 1) node = plan.previous[node]!
    return node
  }

  /** Where to begin: anywhere, but while stops are absent mostly about one of them, to make room where it is needed. */
  const seedOf = (plan: Plan): number =>
    plan.sizes[0]! > 0 && random() < ABOUT_ABSENT
      ? plan.absent[Math.floor(random() * plan.sizes[0]!)]!
      : Math.floor(random() * stops)

  return (plan) => {
    const used = plan.sizes[1]!
    if (used === 0) return
    round += 1
    const meanSize = (stops - plan.sizes[0]!) / used
    const longest = Math.min(LONGEST_STRING, meanSize)
    const mostStrings = (4 * MEAN_REMOVED) / (1 + longest) - 1
    const strings = Math.floor(random() * mostStrings + 1)
    let done = 0
    const near = neighbours[seedOf(plan)]!
    for (let i = 0; i < near.length && done < strings; i += 1) {
      const stop = near[i]!
      const vehicle = plan.routeOf[stop]!
      if (vehicle < 0 || touched[vehicle] === round) continue
      const most = Math.min(plan.count[vehicle]!, longest)
      removeString(plan, stop, vehicle, Math.min(plan.count[vehicle]!, Math.floor(random() * most + 1)))
      touched[vehicle] = round
      done += 1
    }
  }
}
