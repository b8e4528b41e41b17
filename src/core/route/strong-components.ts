import { headOf, type RoadGraph } from './road-graph.ts'

/** Parts smaller than this share of the largest are car parks, private yards and errors of the map. */
const ISLAND_SHARE = 0.05

export interface Mainland {
  /** 1 where a trip may begin: from the edge one gets to the mainland. */
  departing: Uint8Array
  /** 1 where a trip may end: from the mainland one gets to the edge. */
  arriving: Uint8Array
}

/**
 * Tells, by edge, what hangs together with the large strongly connected parts of a network (those with at least
 * ISLAND_SHARE of the largest one's junctions). A one-way road at the border of an extract may be only one of both.
 */
export function mainland(graph: Network): Mainland {
  const { edges, from, to, arcs, arcStart, kmh } = graph
  const { part, sizes } = components(graph)
  const least = ISLAND_SHARE * sizes.reduce((most, size) => Math.max(most, size), 0)
  const leaves = Uint8Array.from(sizes, (size) => Number(size >= least))
  const enters = leaves.slice()
  // Tarjan numbers the parts so that every arc between two of them leads to the lower number.
  const byPart = Int32Array.from({ length: graph.nodes }, (_, n) => n).sort((a, b) => part[a]! - part[b]!)
  const each = (node: number, visit: (home: number, next: number) => void): void => {
    for (let i = arcStart[node]!; i < arcStart[node + 1]!; i += 1)
      visit(part[node]!, part[headOf(graph, arcs[i]!)]!)
  }
  for (const node of byPart) each(node, (home, next) => (leaves[home]! |= leaves[next]!))
  for (const node of byPart.reverse()) each(node, (home, next) => (enters[next]! |= enters[home]!))
  const mark = (rule: (tail: number, head: number) => number): Uint8Array =>
    Uint8Array.from({ length: edges }, (_, edge) => {
      const [a, b] = [part[from[edge]!]!, part[to[edge]!]!]
      return (kmh[2 * edge]! > 0 ? rule(a, b) : 0) | (kmh[2 * edge + 1]! > 0 ? rule(b, a) : 0)
    })
  return { departing: mark((_, head) => leaves[head]!), arriving: mark((tail) => enters[tail]!) }
}

type Network = Pick<RoadGraph, 'nodes' | 'edges' | 'from' | 'to' | 'kmh' | 'arcStart' | 'arcs'>

/** Strongly connected parts: Tarjan 1972, without recursion. */
function components(graph: Network) {
  const { nodes, arcStart, arcs } = graph
  const index = new Int32Array(nodes).fill(-1)
  const low = new Int32Array(nodes)
  const part = new Int32Array(nodes).fill(-1)
  const next = arcStart.slice(0, nodes)
  const sizes: number[] = []
  const path: number[] = []
  const waiting: number[] = []
  let count = 0
  const enter = (node: number): void => {
    index[node] = low[node] = count++
    path.push(node)
    waiting.push(node)
  }
  const leave = (node: number): void => {
    path.pop()
    const parent = path.at(-1)
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!)
    if (low[node] !== index[node]) return
    let size = 0
    for (let member = -1; member !== node; size += 1) {
      member = waiting.pop()!
      part[member] = sizes.length
    }
    sizes.push(size)
  }
  for (let root = 0; root < nodes; root += 1) {
    if (index[root] !== -1) continue
    enter(root)
    while (path.length > 0) {
      const node = path.at(-1)!
      if (next[node] === arcStart[node + 1]) {
        leave(node)
        continue
      }
      const head = headOf(graph, arcs[next[node]!++]!)
      if (index[head] === -1) enter(head)
      else if (part[head] === -1) low[node] = Math.min(low[node]!, index[head]!)
    }
  }
  return { part, sizes }
}
