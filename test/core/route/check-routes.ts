/**
 * Checks a plan against the instance file itself. Written apart from the solver: own parsing, own distances, so that
 * an error in either shows. Gives the faults found and the plan's distance.
 */
export function checkRoutes(text: string, routes: number[][]): { faults: string[]; distance: number } {
  return /^\s*NAME\s*:/m.test(text) ? checkCapacitated(text, routes) : checkWindows(text, routes)
}

function checkWindows(text: string, routes: number[][]) {
  const table = text
    .split('\n')
    .map((line) => line.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [])
    .filter((row) => row.length === 7)
  const capacity = Number(/CAPACITY\s+\d+\s+(\d+)/.exec(text)![1])
  const customer = new Map(table.map((row) => [row[0]!, row]))
  const depot = table[0]!
  const faults: string[] = []
  let distance = 0
  for (const [index, route] of routes.entries()) {
    let [clock, load, here] = [depot[4]!, 0, depot]
    for (const id of [...route, depot[0]!]) {
      const there = customer.get(id)!
      const leg = Math.hypot(there[1]! - here[1]!, there[2]! - here[2]!)
      distance += leg
      clock = Math.max(clock + leg, there[4]!)
      if (clock > there[5]! + 1e-6) faults.push(`route ${index} is late at ${id}: ${clock} > ${there[5]}`)
      clock += there[6]!
      load += there[3]!
      here = there
    }
    if (load > capacity) faults.push(`route ${index} carries ${load} > ${capacity}`)
  }
  return { faults: [...faults, ...visits(routes, table.length - 1)], distance }
}

function checkCapacitated(text: string, routes: number[][]) {
  const section = (from: string, to: string) =>
    text
      .slice(text.indexOf(from) + from.length, text.indexOf(to))
      .trim()
      .split(/\s*\n\s*/)
      .map((line) => line.trim().split(/\s+/).map(Number))
  const points = section('NODE_COORD_SECTION', 'DEMAND_SECTION')
  const demands = section('DEMAND_SECTION', 'DEPOT_SECTION')
  const capacity = Number(/CAPACITY\s*:\s*(\d+)/.exec(text)![1])
  const faults: string[] = []
  let distance = 0
  for (const [index, route] of routes.entries()) {
    const tour = [0, ...route, 0]
    for (let i = 1; i < tour.length; i += 1) {
      const [a, b] = [points[tour[i - 1]!]!, points[tour[i]!]!]
      distance += Math.round(Math.hypot(a[1]! - b[1]!, a[2]! - b[2]!))
    }
    const load = route.reduce((sum, id) => sum + demands[id]![1]!, 0)
    if (load > capacity) faults.push(`route ${index} carries ${load} > ${capacity}`)
  }
  return { faults: [...faults, ...visits(routes, points.length - 1)], distance }
}

function visits(routes: number[][], customers: number): string[] {
  const seen = routes.flat().sort((a, b) => a - b)
  const wanted = Array.from({ length: customers }, (_, i) => i + 1)
  return seen.join() === wanted.join() ? [] : [`visited ${seen.join()} instead of each customer once`]
}
