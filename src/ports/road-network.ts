/** A place in degrees (WGS 84). */
export interface RoadPlace {
  lat: number
  lon: number
}

/** Who travels and what counts. Size limits apply to `car` only; absent ones are not checked. */
export interface RoadProfile {
  mode: 'car' | 'foot'
  objective: 'fastest' | 'shortest'
  heightM?: number
  weightT?: number
  widthM?: number
  lengthM?: number
  /** A goods vehicle may not use roads that are closed to it. */
  goods?: boolean
}

export interface RoadRoute {
  distanceM: number
  durationS: number
  /** [longitude, latitude] in travel order, both ends on the road. */
  geometry: [number, number][]
}

/** Row-major, places × places; NaN where no way leads, 0 on the diagonal. */
export interface RoadMatrix {
  distanceM: Float64Array
  durationS: Float64Array
}

/** Ways on real roads. Places snap to the nearest road the profile may use. */
export interface RoadNetwork {
  /** Null where no way leads. */
  route(from: RoadPlace, to: RoadPlace, profile: RoadProfile): Promise<RoadRoute | null>
  matrix(places: readonly RoadPlace[], profile: RoadProfile): Promise<RoadMatrix>
}
