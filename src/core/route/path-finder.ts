import { binaryHeap } from './binary-heap.ts'
import { haversineM } from './geodesy.ts'
import { headOf, type RoadGraph } from './road-graph.ts'
import { snapper, type Snap } from './snap.ts'

/** A vehicle's size where the road may limit it; what is absent is not checked. */
interface VehicleSize {
  heightM?: number
  weightT?: number
  widthM?: number
  lengthM?: number
  /** A goods vehicle obeys hgv=no. */
  goods?: boolean
}

export interface PathOptions {
  objective: 'fastest' | 'shortest'
  vehicle?: VehicleSize
}

interface Path {
  distanceM: number
  durationS: number
  /** [longitude, latitude] from the first to the last place on the road. */
  geometry: [number, number][]
}

/** A place as a person gives it. */
interface Place {
  lat: number
  lon: number
}

/** Finds ways on one graph. Keeps its work space between queries, so that a query allocates only its answer. */
export interface PathFinder {
  /** Null if a place is off the map or no way leads there. */
  path(from: Place, to: Place, options: PathOptions): Path | null
  /** Distance and duration from one place to each other, NaN where no way leads. */
  reach(from: Place, to: readonly Place[], options: PathOptions): { distanceM: number; durationS: number }[]
}

/**
 * A* over arcs rather than junctions (so that a turn can be forbidden), straight-line lower bound for one target,
 * none for many. U-turns happen only at dead ends, except at the places where a trip begins.
 */
export function pathFinder(graph: RoadGraph): PathFinder {
  const { lengthM, kmh, arcs, arcStart, banned, shapeStart, shapeLat, shapeLon } = graph
  const arcCount = graph.edges * 2
  const cost = new Float64Array(arcCount)
  const previous = new Int32Array(arcCount)
  const reached = new Uint32Array(arcCount)
  const settled = new Uint32Array(arcCount)
  const heap = binaryHeap()
  const snap = snapper(graph)
  const topMetresPerSecond = kmh.reduce((top, v) => Math.max(top, v), 0) / 3.6
  let round = 0

  const fits = ({ heightM = 0, weightT = 0, widthM = 0, lengthM = 0, goods = false }: VehicleSize = {}) => {
    return (edge: number): boolean =>
      heightM <= graph.maxHeightM[edge]! &&
      weightT <= graph.maxWeightT[edge]! &&
      widthM <= graph.maxWidthM[edge]! &&
      lengthM <= graph.maxLengthM[edge]! &&
      !(goods && graph.noGoods[edge] === 1)
  }
  const seconds = (arc: number, metres: number): number => (metres * 3.6) / kmh[arc]!

  /** The arc by which each target is entered (or its last arc, if it is a junction), and the least cost. */
  function search(source: Snap, targets: readonly (Snap | null)[], options: PathOptions) {
    const usable = fits(options.vehicle)
    const price = (arc: number, metres: number): number =>
      options.objective === 'shortest' ? metres : seconds(arc, metres)
    const found = targets.map(() => ({ cost: Infinity, via: NONE, arc: NONE }))
    const byEdge = new Map<number, number[]>()
    const byNode = new Map<number, number[]>()
    targets.forEach((target, k) => {
      if (!target) return
      const [map, key] = target.node >= 0 ? [byNode, target.node] : [byEdge, target.edge]
      map.set(key, [...(map.get(key) ?? []), k])
    })
    const single = targets.length === 1 ? targets[0] : null
    const bound = single ? lowerBound(single, options.objective) : () => 0
    const offer = (k: number, total: number, via: number, arc: number): void => {
      if (total < found[k]!.cost) found[k] = { cost: total, via, arc }
    }
    const arrive = (arc: number, total: number): void => {
      for (const k of byNode.get(headOf(graph, arc)) ?? []) offer(k, total, arc, NONE)
    }
    /** Everything that may follow once one stands at the tail of `arc` having spent `spent`. */
    const enter = (arc: number, spent: number, via: number): void => {
      const edge = arc >> 1
      if (!usable(edge)) return
      for (const k of byEdge.get(edge) ?? []) {
        const { alongM } = targets[k]!
        offer(k, spent + price(arc, (arc & 1) === 0 ? alongM : lengthM[edge]! - alongM), via, arc)
      }
      relax(arc, spent + price(arc, lengthM[edge]!), via)
    }
    const relax = (arc: number, total: number, via: number): void => {
      if (reached[arc] === round && cost[arc]! <= total) return
      reached[arc] = round
      cost[arc] = total
      previous[arc] = via
      heap.push(total + bound(headOf(graph, arc)), arc)
    }

    round += 1
    heap.clear()
    const { edge, alongM, node } = source
    if (node >= 0) {
      for (const k of byNode.get(node) ?? []) offer(k, 0, NONE, NONE)
      for (let i = arcStart[node]!; i < arcStart[node + 1]!; i += 1) enter(arcs[i]!, 0, NONE)
    } else {
      for (const arc of [2 * edge, 2 * edge + 1]) {
        if (kmh[arc] === 0) continue
        const left = (arc & 1) === 0 ? lengthM[edge]! - alongM : alongM
        for (const k of byEdge.get(edge) ?? []) {
          const ahead = (arc & 1) === 0 ? targets[k]!.alongM - alongM : alongM - targets[k]!.alongM
          if (ahead >= 0) offer(k, price(arc, ahead), NONE, arc)
        }
        relax(arc, price(arc, left), NONE)
      }
    }
    let waiting = 0
    const allFound = (key: number): boolean => {
      while (waiting < targets.length && (targets[waiting] === null || found[waiting]!.cost <= key))
        waiting += 1
      return waiting === targets.length
    }
    while (heap.size > 0 && !allFound(heap.peekKey())) {
      const arc = heap.pop()
      if (settled[arc] === round) continue
      settled[arc] = round
      arrive(arc, cost[arc]!)
      const head = headOf(graph, arc)
      const forbidden = banned.get(arc)
      let deadEnd = true
      let back = NONE
      for (let i = arcStart[head]!; i < arcStart[head + 1]!; i += 1) {
        const next = arcs[i]!
        if (next === (arc ^ 1)) back = next
        else if (usable(next >> 1) && !forbidden?.has(next)) {
          deadEnd = false
          if (settled[next] !== round) enter(next, cost[arc]!, arc)
        }
      }
      if (deadEnd && back !== NONE) enter(back, cost[arc]!, arc)
    }
    return found
  }

  const lowerBound = (target: Snap, objective: PathOptions['objective']) => {
    const perMetre = objective === 'shortest' ? 1 : 1 / topMetresPerSecond
    // 0.9999: the bound must never exceed the sum of rounded segment lengths.
    return (node: number): number => {
      const point = nodePoint[node]!
      return 0.9999 * perMetre * haversineM(shapeLat[point]!, shapeLon[point]!, target.lat, target.lon)
    }
  }
  const nodePoint = new Int32Array(graph.nodes)
  for (let edge = 0; edge < graph.edges; edge += 1) {
    nodePoint[graph.from[edge]!] = shapeStart[edge]!
    nodePoint[graph.to[edge]!] = shapeStart[edge + 1]! - 1
  }

  /** Arcs of a found way in order, with the part of each that is travelled. */
  function legs(source: Snap, target: Snap, end: { via: number; arc: number }): Leg[] {
    const list: Leg[] = []
    if (end.arc !== NONE) list.push(leg(end.arc))
    for (let arc = end.via; arc !== NONE; arc = previous[arc]!) list.push(leg(arc))
    list.reverse()
    const last = list.at(-1)
    if (last && end.arc !== NONE) cut(last, target, 'to')
    if (list[0] && source.node < 0) cut(list[0], source, 'from')
    return list
  }
  const leg = (arc: number): Leg => {
    const edge = arc >> 1
    const [first, last] = [shapeStart[edge]!, shapeStart[edge + 1]! - 1]
    const points = Array.from({ length: last - first + 1 }, (_, i) => first + i)
    if ((arc & 1) === 1) points.reverse()
    return { arc, points, metres: lengthM[edge]! }
  }
  const cut = (one: Leg, { alongM, segment, edge }: Snap, side: 'from' | 'to'): void => {
    const forward = (one.arc & 1) === 0
    const ahead = forward ? alongM : lengthM[edge]! - alongM
    const before = (point: number): boolean => (forward ? point <= segment : point > segment)
    one.points = one.points.filter((p) => before(p) === (side === 'to'))
    one.metres += side === 'to' ? ahead - lengthM[edge]! : -ahead
  }

  const total = (list: Leg[]): { distanceM: number; durationS: number } => ({
    distanceM: list.reduce((sum, l) => sum + l.metres, 0),
    durationS: list.reduce((sum, l) => sum + seconds(l.arc, l.metres), 0),
  })

  const snapFor = (place: Place, { vehicle }: PathOptions, side: 'departing' | 'arriving'): Snap | null => {
    const usable = fits(vehicle)
    return snap(place.lat, place.lon, (edge) => graph[side][edge] === 1 && usable(edge))
  }

  return {
    path(from, to, options) {
      const [source, target] = [snapFor(from, options, 'departing'), snapFor(to, options, 'arriving')]
      if (!source || !target) return null
      const [end] = search(source, [target], options)
      if (!end || end.cost === Infinity) return null
      const list = legs(source, target, end)
      const geometry: [number, number][] = [[source.lon, source.lat]]
      const add = (lon: number, lat: number): void => {
        const before = geometry.at(-1)!
        if (before[0] !== lon || before[1] !== lat) geometry.push([lon, lat])
      }
      for (const { points } of list) for (const p of points) add(shapeLon[p]!, shapeLat[p]!)
      add(target.lon, target.lat)
      return { ...total(list), geometry }
    },
    reach(from, to, options) {
      const source = snapFor(from, options, 'departing')
      const nowhere = { distanceM: NaN, durationS: NaN }
      if (!source) return to.map(() => nowhere)
      const targets = to.map((place) => snapFor(place, options, 'arriving'))
      return search(source, targets, options).map((end, k) =>
        end.cost === Infinity ? nowhere : total(legs(source, targets[k]!, end)),
      )
    },
  }
}

const NONE = -1

interface Leg {
  arc: number
  points: number[]
  metres: number
}
