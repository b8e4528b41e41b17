import { haversineM } from './geodesy.ts'
import type { OsmData, Tags } from './osm-xml.ts'
import { isBarrier, wayAccess, type TravelMode, type WayAccess } from './road-access.ts'
import { headOf, type RoadGraph } from './road-graph.ts'
import { mainland } from './strong-components.ts'

interface Stretch {
  way: number
  from: number
  to: number
  shape: number[]
  access: WayAccess
}

/** Builds the graph of one mode. A barrier ends the roads that meet in it: each gets a dead end of its own. */
export function buildRoadGraph(osm: OsmData, mode: TravelMode): RoadGraph {
  const indexOf = new Map(osm.nodeIds.map((id, index) => [id, index]))
  const uses = new Uint8Array(osm.nodeIds.length)
  const ways: { id: number; points: number[]; access: WayAccess }[] = []
  for (const { id, refs, tags } of osm.ways) {
    const access = wayAccess(tags, mode)
    if (!access || (access.forwardKmh === 0 && access.backwardKmh === 0)) continue
    const points = refs.flatMap((ref) => indexOf.get(ref) ?? []) // an extract cuts ways at its border
    if (points.length < 2) continue
    ways.push({ id, points, access })
    points.forEach((p, i) => (uses[p] = Math.min(2, uses[p]! + (i === 0 || i === points.length - 1 ? 2 : 1))))
  }
  const barred = new Set([...osm.nodeTags].flatMap(([node, tags]) => (isBarrier(tags, mode) ? [node] : [])))

  let nodes = 0
  const junctions = new Map<number, number>()
  const junction = (point: number): number => {
    if (barred.has(point)) return nodes++
    const known = junctions.get(point)
    if (known !== undefined) return known
    junctions.set(point, nodes)
    return nodes++
  }
  const stretches: Stretch[] = []
  for (const { id, points, access } of ways) {
    let start = 0
    for (let i = 1; i < points.length; i += 1) {
      const point = points[i]!
      if (uses[point]! < 2 && !barred.has(point)) continue
      const shape = points.slice(start, i + 1)
      stretches.push({ way: id, from: junction(shape[0]!), to: junction(point), shape, access })
      start = i
    }
  }
  const graph = pack(osm, mode, nodes, stretches)
  return { ...graph, banned: bannedTurns(osm, mode, graph, stretches, indexOf, junctions) }
}

function pack(osm: OsmData, mode: TravelMode, nodes: number, stretches: Stretch[]): RoadGraph {
  const edges = stretches.length
  const points = stretches.reduce((sum, s) => sum + s.shape.length, 0)
  const f32 = (value: (a: WayAccess) => number): Float32Array =>
    Float32Array.from(stretches, (s) => value(s.access))
  const graph = {
    mode,
    nodes,
    edges,
    from: Int32Array.from(stretches, (s) => s.from),
    to: Int32Array.from(stretches, (s) => s.to),
    lengthM: new Float64Array(edges),
    kmh: Float32Array.from(stretches.flatMap((s) => [s.access.forwardKmh, s.access.backwardKmh])),
    maxHeightM: f32((a) => a.maxHeightM),
    maxWeightT: f32((a) => a.maxWeightT),
    maxWidthM: f32((a) => a.maxWidthM),
    maxLengthM: f32((a) => a.maxLengthM),
    noGoods: Uint8Array.from(stretches, (s) => Number(s.access.noGoods)),
    shapeStart: new Int32Array(edges + 1),
    shapeLat: new Float64Array(points),
    shapeLon: new Float64Array(points),
    arcStart: new Int32Array(nodes + 1),
    arcs: new Int32Array(0),
    banned: new Map<number, Set<number>>(),
  }
  let at = 0
  stretches.forEach(({ shape }, edge) => {
    graph.shapeStart[edge] = at
    for (const [i, point] of shape.entries()) {
      graph.shapeLat[at] = osm.lat[point]!
      graph.shapeLon[at] = osm.lon[point]!
      if (i > 0)
        graph.lengthM[edge]! += haversineM(
          graph.shapeLat[at - 1]!,
          graph.shapeLon[at - 1]!,
          graph.shapeLat[at]!,
          graph.shapeLon[at]!,
        )
      at += 1
    }
  })
  graph.shapeStart[edges] = at
  graph.arcs = arcsByTail(graph)
  return { ...graph, ...mainland(graph) }
}

function arcsByTail(graph: Pick<RoadGraph, 'from' | 'to' | 'kmh' | 'nodes'> & { arcStart: Int32Array }) {
  const { from, to, kmh, nodes, arcStart } = graph
  const tail = (arc: number): number => ((arc & 1) === 0 ? from[arc >> 1]! : to[arc >> 1]!)
  let open = 0
  for (let arc = 0; arc < kmh.length; arc += 1) {
    if (kmh[arc] === 0) continue
    arcStart[tail(arc) + 1]! += 1
    open += 1
  }
  for (let n = 0; n < nodes; n += 1) arcStart[n + 1]! += arcStart[n]!
  const next = arcStart.slice()
  const arcs = new Int32Array(open)
  for (let arc = 0; arc < kmh.length; arc += 1) if (kmh[arc] !== 0) arcs[next[tail(arc)]!++] = arc
  return arcs
}

/** OSM wiki, Relation:restriction: no_* forbids one turn, only_* forbids all others from the same way. */
function bannedTurns(
  osm: OsmData,
  mode: TravelMode,
  graph: RoadGraph,
  stretches: Stretch[],
  indexOf: Map<number, number>,
  junctions: Map<number, number>,
): Map<number, Set<number>> {
  const banned = new Map<number, Set<number>>()
  if (mode === 'foot') return banned
  for (const { fromWay, viaNode, toWay, tags } of osm.restrictions) {
    const word = restrictionOf(tags)
    const via = junctions.get(indexOf.get(viaNode) ?? -1)
    if (word === null || via === undefined) continue
    const leaving = graph.arcs.subarray(graph.arcStart[via], graph.arcStart[via + 1])
    const onto = (arc: number): boolean => stretches[arc >> 1]!.way === toWay
    for (let edge = 0; edge < graph.edges; edge += 1) {
      if (stretches[edge]!.way !== fromWay) continue
      for (const arc of [2 * edge, 2 * edge + 1]) {
        if (graph.kmh[arc] === 0 || headOf(graph, arc) !== via) continue
        const set = banned.get(arc) ?? new Set()
        for (const next of leaving) if (word.startsWith('no_') === onto(next)) set.add(next)
        banned.set(arc, set)
      }
    }
  }
  return banned
}

function restrictionOf(tags: Tags): string | null {
  if (/motorcar|motor_vehicle/.test(tags.get('except') ?? '')) return null
  const word = tags.get('restriction:motorcar') ?? tags.get('restriction')
  return word !== undefined && /^(no|only)_/.test(word) ? word : null
}
