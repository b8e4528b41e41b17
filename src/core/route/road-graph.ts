import type { TravelMode } from './road-access.ts'

/**
 * The roads that one mode may use. An edge is a stretch of road between two junctions; it has two arcs, 2·edge with
 * its direction and 2·edge + 1 against it, of which at least one is open. arcs[arcStart[n]..arcStart[n + 1]) leave
 * junction n. The shape of edge e is shapeStart[e]..shapeStart[e + 1], both junctions included.
 */
export interface RoadGraph {
  readonly mode: TravelMode
  readonly nodes: number
  readonly edges: number
  readonly from: Int32Array
  readonly to: Int32Array
  readonly lengthM: Float64Array
  /** By arc; 0 is closed. */
  readonly kmh: Float32Array
  readonly maxHeightM: Float32Array
  readonly maxWeightT: Float32Array
  readonly maxWidthM: Float32Array
  readonly maxLengthM: Float32Array
  readonly noGoods: Uint8Array
  readonly shapeStart: Int32Array
  readonly shapeLat: Float64Array
  readonly shapeLon: Float64Array
  readonly arcStart: Int32Array
  readonly arcs: Int32Array
  /** Arcs that may not follow an arc. */
  readonly banned: ReadonlyMap<number, ReadonlySet<number>>
  /** 1 on edges where a trip may begin (departing) or end (arriving): not on islands of the map. */
  readonly departing: Uint8Array
  readonly arriving: Uint8Array
}

/** The junction that an arc leads to. */
export const headOf = (graph: Pick<RoadGraph, 'from' | 'to'>, arc: number): number =>
  (arc & 1) === 0 ? graph.to[arc >> 1]! : graph.from[arc >> 1]!
