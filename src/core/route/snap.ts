import { haversineM } from './geodesy.ts'
import type { RoadGraph } from './road-graph.ts'

/** A place on the road network: `alongM` metres from the beginning of an edge; `node` is its junction or −1. */
export interface Snap {
  edge: number
  alongM: number
  node: number
  lat: number
  lon: number
  /** The shape point before the place. */
  segment: number
  /** Metres from the point that was asked for. */
  offM: number
}

/** The nearest place on an edge that `usable` accepts, null if there is none within the reach. */
export type Snapper = (lat: number, lon: number, usable: (edge: number) => boolean) => Snap | null

const METRES_PER_DEGREE = 111_195
/** A quarter of a kilometre a cell, coarser where an extract is so large that the grid itself would be the burden. */
const CELL_DEG = 0.00225
const MAX_CELLS = 4_000_000
/** A point further from any road than this is a mistake (swapped coordinates), not a trip. */
const REACH_M = 20_000

/** Indexes every segment of the network in a plain grid and finds nearest ones ring by ring. */
export function snapper(graph: RoadGraph): Snapper {
  const { shapeStart, shapeLat, shapeLon, edges } = graph
  const box = bounds(shapeLat, shapeLon)
  const cos = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180)
  const area = ((box.north - box.south) * (box.east - box.west)) / (CELL_DEG * CELL_DEG)
  const cellLat = CELL_DEG * Math.max(1, Math.sqrt(area / MAX_CELLS))
  const cellLon = cellLat / cos
  const rows = Math.floor((box.north - box.south) / cellLat) + 1
  const columns = Math.floor((box.east - box.west) / cellLon) + 1
  const rowOf = (lat: number): number => Math.floor((lat - box.south) / cellLat)
  const columnOf = (lon: number): number => Math.floor((lon - box.west) / cellLon)

  const edgeOf = new Int32Array(shapeLat.length).fill(-1)
  for (let edge = 0; edge < edges; edge += 1) edgeOf.fill(edge, shapeStart[edge], shapeStart[edge + 1]! - 1)
  const eachCell = (visit: (cell: number, segment: number) => void): void => {
    for (let s = 0; s < edgeOf.length; s += 1) {
      if (edgeOf[s] === -1) continue
      const [r0, r1] = ordered(rowOf(shapeLat[s]!), rowOf(shapeLat[s + 1]!))
      const [c0, c1] = ordered(columnOf(shapeLon[s]!), columnOf(shapeLon[s + 1]!))
      for (let r = r0; r <= r1; r += 1) for (let c = c0; c <= c1; c += 1) visit(r * columns + c, s)
    }
  }
  const start = new Int32Array(rows * columns + 1)
  eachCell((cell) => (start[cell + 1]! += 1))
  for (let i = 0; i < rows * columns; i += 1) start[i + 1]! += start[i]!
  const next = start.slice()
  const segments = new Int32Array(start.at(-1)!)
  eachCell((cell, segment) => (segments[next[cell]!++] = segment))

  return (lat, lon, usable) => {
    const scale = Math.cos((lat * Math.PI) / 180)
    const [row, column] = [rowOf(lat), columnOf(lon)]
    const cellM = Math.min(cellLat, cellLon * scale) * METRES_PER_DEGREE
    let best = Infinity
    let segment = -1
    let share = 0
    const look = (r: number, c: number): void => {
      if (r < 0 || c < 0 || r >= rows || c >= columns) return
      const cell = r * columns + c
      for (let i = start[cell]!; i < start[cell + 1]!; i += 1) {
        const s = segments[i]!
        const ax = (shapeLon[s]! - lon) * scale
        const ay = shapeLat[s]! - lat
        const dx = (shapeLon[s + 1]! - shapeLon[s]!) * scale
        const dy = shapeLat[s + 1]! - shapeLat[s]!
        const square = dx * dx + dy * dy
        const t = square === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square))
        const [x, y] = [ax + t * dx, ay + t * dy]
        const distance = x * x + y * y
        if (distance < best && usable(edgeOf[s]!)) [best, segment, share] = [distance, s, t]
      }
    }
    const rings = Math.ceil(REACH_M / cellM) + 1
    for (let ring = 0; ring <= rings; ring += 1) {
      if (Math.sqrt(best) * METRES_PER_DEGREE <= (ring - 1) * cellM) break
      for (let r = row - ring; r <= row + ring; r += 1) {
        const whole = r === row - ring || r === row + ring
        for (let c = column - ring; c <= column + ring; c += whole ? 1 : Math.max(1, 2 * ring)) look(r, c)
      }
    }
    return segment < 0 ? null : place(graph, edgeOf[segment]!, segment, share, lat, lon)
  }
}

function place(
  graph: RoadGraph,
  edge: number,
  segment: number,
  share: number,
  lat: number,
  lon: number,
): Snap {
  const { shapeStart, shapeLat, shapeLon, from, to, lengthM } = graph
  const snapLat = shapeLat[segment]! + share * (shapeLat[segment + 1]! - shapeLat[segment]!)
  const snapLon = shapeLon[segment]! + share * (shapeLon[segment + 1]! - shapeLon[segment]!)
  let alongM = haversineM(shapeLat[segment]!, shapeLon[segment]!, snapLat, snapLon)
  for (let s = shapeStart[edge]!; s < segment; s += 1)
    alongM += haversineM(shapeLat[s]!, shapeLon[s]!, shapeLat[s + 1]!, shapeLon[s + 1]!)
  const atStart = segment === shapeStart[edge] && share === 0
  const atEnd = segment === shapeStart[edge + 1]! - 2 && share === 1
  return {
    edge,
    alongM: atEnd ? lengthM[edge]! : alongM,
    node: atStart ? from[edge]! : atEnd ? to[edge]! : -1,
    lat: snapLat,
    lon: snapLon,
    segment,
    offM: haversineM(lat, lon, snapLat, snapLon),
  }
}

const ordered = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a])

function bounds(lat: Float64Array, lon: Float64Array) {
  const box = { south: 90, north: -90, west: 180, east: -180 }
  for (let i = 0; i < lat.length; i += 1) {
    box.south = Math.min(box.south, lat[i]!)
    box.north = Math.max(box.north, lat[i]!)
    box.west = Math.min(box.west, lon[i]!)
    box.east = Math.max(box.east, lon[i]!)
  }
  return lat.length === 0 ? { south: 0, north: 0, west: 0, east: 0 } : box
}
