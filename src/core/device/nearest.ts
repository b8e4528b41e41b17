import { haversineM } from '../route/geodesy.ts'

export interface Placed {
  thing: string
  latitude: number
  longitude: number
}

/**
 * The nearest places, nearest first. One pass that keeps the best found so far: a hundred thousand places take some
 * milliseconds, and an index over vehicles that move every second would cost more than it saves.
 */
export function nearest(
  places: Iterable<Placed>,
  from: { latitude: number; longitude: number },
  limit: number,
  withinM: number = Infinity,
): (Placed & { distanceM: number })[] {
  const found: (Placed & { distanceM: number })[] = []
  for (const place of places) {
    const bound = found.length < limit ? withinM : found.at(-1)!.distanceM
    // A degree of latitude is 111.2 km everywhere: most places are out by that alone.
    if (Math.abs(place.latitude - from.latitude) * 111_000 > bound) continue
    const distanceM = haversineM(from.latitude, from.longitude, place.latitude, place.longitude)
    if (distanceM > bound || (found.length === limit && distanceM >= bound)) continue
    let at = found.length
    while (at > 0 && found[at - 1]!.distanceM > distanceM) at--
    found.splice(at, 0, { ...place, distanceM })
    if (found.length > limit) found.pop()
  }
  return found
}
