/** Spherical Mercator (EPSG:3857) on the unit square: x grows east from 180° W, y grows south from the northern edge. */
export const mercatorX = (lon: number): number => (lon + 180) / 360

export function mercatorY(lat: number): number {
  const sine = Math.sin((Math.max(-LATITUDE, Math.min(LATITUDE, lat)) * Math.PI) / 180)
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)
}

/** Where the square ends. */
const LATITUDE = 85.0511287798066

export const longitudeOf = (x: number): number => x * 360 - 180

export const latitudeOf = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI
