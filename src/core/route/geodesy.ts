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

/** Initial bearing from A to B in degrees, 0 = north, clockwise, in [0, 360). */
export function bearingDeg(latA: number, lonA: number, latB: number, lonB: number): number {
  const [a, b, dLon] = [latA * RADIANS, latB * RADIANS, (lonB - lonA) * RADIANS]
  const y = Math.sin(dLon) * Math.cos(b)
  const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(dLon)
  return (Math.atan2(y, x) / RADIANS + 360) % 360
}
