/** A rectangle on the map, in degrees. West beyond east crosses the date line. */
export interface MapBox {
  west: number
  south: number
  east: number
  north: number
}

/** Null if the text is not west,south,east,north (RFC 7946 section 5). */
export function parseBox(text: string): MapBox | null {
  const parts = text.split(',')
  const [west, south, east, north] = parts.map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (parts.length !== 4 || west === undefined || south === undefined) return null
  if (east === undefined || north === undefined) return null
  const fits = Math.abs(west) <= 180 && Math.abs(east) <= 180 && south >= -90 && north <= 90 && south <= north
  return fits ? { west, south, east, north } : null
}

/** Edges included. */
export function inBox({ west, south, east, north }: MapBox, lat: number, lon: number): boolean {
  if (lat < south || lat > north) return false
  return west <= east ? lon >= west && lon <= east : lon >= west || lon <= east
}
