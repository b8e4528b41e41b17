import { headOf, type RoadGraph } from '../../src/core/route/road-graph.ts'
import type { Random } from '../random.ts'

/** One stretch of road in the direction of travel. */
export interface Street {
  lat: readonly number[]
  lon: readonly number[]
  kmh: number
  /** Where it leads. */
  node: number
  /** The same stretch the other way, if that is another street. */
  id: number
}

/** Roads as a driver sees them: where one may go on. */
export interface Streets {
  start(random: Random): Street
  /** Anything but back the same way, unless there is nothing else. */
  next(street: Street, random: Random): Street
}

export function graphStreets(graph: RoadGraph): Streets {
  const { arcs, arcStart, kmh, shapeStart, shapeLat, shapeLon } = graph
  const street = (arc: number): Street => {
    const edge = arc >> 1
    const lat = [...shapeLat.subarray(shapeStart[edge], shapeStart[edge + 1])]
    const lon = [...shapeLon.subarray(shapeStart[edge], shapeStart[edge + 1])]
    if ((arc & 1) === 1) [lat, lon].forEach((list) => list.reverse())
    return { lat, lon, kmh: kmh[arc]!, node: headOf(graph, arc), id: arc }
  }
  return {
    start: (random) => {
      for (;;) {
        const edge = Math.floor(random.uniform() * graph.edges)
        if (graph.departing[edge] === 0 || graph.arriving[edge] === 0) continue
        return street(kmh[2 * edge] === 0 ? 2 * edge + 1 : 2 * edge)
      }
    },
    next: ({ node, id }, random) => {
      const out = [...arcs.subarray(arcStart[node], arcStart[node + 1])].filter(
        (arc) => graph.arriving[arc >> 1] === 1 && graph.departing[arc >> 1] === 1,
      )
      const ahead = out.filter((arc) => arc !== (id ^ 1) && !(graph.banned.get(id)?.has(arc) ?? false))
      const choice = ahead.length > 0 ? ahead : out.length > 0 ? out : [id ^ 1]
      return street(choice[Math.floor(random.uniform() * choice.length)]!)
    },
  }
}

const BLOCK_DEGREES = 0.003
const SIDE = 40

/** A town of square blocks, some 330 m long, for where there is no map. */
export function gridStreets(lat: number, lon: number): Streets {
  const directions = [[0, 1], [1, 0], [0, -1], [-1, 0]] as const // prettier-ignore
  const street = (x: number, y: number, way: number): Street => {
    const [dx, dy] = directions[way]!
    const [toX, toY] = [x + dx, y + dy]
    return {
      lat: [lat + y * BLOCK_DEGREES, lat + toY * BLOCK_DEGREES],
      lon: [lon + x * BLOCK_DEGREES, lon + toX * BLOCK_DEGREES],
      kmh: (dx === 0 ? x : y) % 5 === 0 ? 60 : 40,
      node: toY * SIDE + toX,
      id: way,
    }
  }
  const open = (x: number, y: number, way: number): boolean => {
    const [dx, dy] = directions[way]!
    return x + dx >= 0 && x + dx < SIDE && y + dy >= 0 && y + dy < SIDE
  }
  return {
    start: (random) =>
      street(1 + Math.floor(random.uniform() * (SIDE - 2)), 1 + Math.floor(random.uniform() * (SIDE - 2)), 0),
    next: ({ node, id }, random) => {
      const [x, y] = [node % SIDE, Math.floor(node / SIDE)]
      const ahead = [0, 1, 2, 3].filter((way) => way !== (id + 2) % 4 && open(x, y, way))
      return street(x, y, ahead[Math.floor(random.uniform() * ahead.length)]!)
    },
  }
}
