/** Mean earth radius in metres (IUGG R1). */
export const EARTH_RADIUS_M = 6_371_008.8
const RADIANS = Math.PI / 180

/** Great-circle distance in metres by the haversine formula; degrees in. */
export function haversineM(latA: number, lonA: number, latB: number, lonB: number): number {
  const sinLat = Math.sin(((latB - latA) * RADIANS) / 2)
  const sinLon = Math.sin(((lonB - lonA) * RADIANS) / 2)
  const a = sinLat * sinLat + Math.cos(latA * RADIANS) * Math.cos(latB * RADIANS) * sinLon * sinLon
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(a)))
}

/**
 * Metres east and north of the first place at which the second lies: the azimuthal equidistant plane that touches the
 * first, good over the date line and near the poles.
 */
export function eastNorthM(latA: number, lonA: number, latB: number, lonB: number): [number, number] {
  const turn = (lonB - lonA) * RADIANS
  const [sinA, cosB] = [Math.sin(latA * RADIANS), Math.cos(latB * RADIANS)]
  const sinHalf = Math.sin(turn / 2)
  const east = cosB * Math.sin(turn)
  const north = Math.sin((latB - latA) * RADIANS) + 2 * sinA * cosB * sinHalf * sinHalf
  const length = Math.hypot(east, north) || 1
  const metres = haversineM(latA, lonA, latB, lonB) / length
  return [east * metres, north * metres]
}

/** Degrees of longitude eastward from the one to the other, −180 to 180. */
export const longitudeStep = (from: number, to: number): number => ((((to - from) % 360) + 540) % 360) - 180
