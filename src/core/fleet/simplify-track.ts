import { EARTH_RADIUS_M, longitudeStep } from '../route/geodesy.ts'

/** A track's places in order of time, degrees. */
export interface TrackPlaces {
  lat: ArrayLike<number>
  lon: ArrayLike<number>
}

const METRES_PER_DEGREE = (EARTH_RADIUS_M * Math.PI) / 180

/**
 * Which points show a track best if at most `most` (at least two) may stay: ascending indices, both ends among them.
 * Douglas and Peucker 1973, not to a tolerance but to a number: a point weighs as far as it lies from the chord that
 * it splits, though never more than the split before it.
 */
export function simplifyTrack({ lat, lon }: TrackPlaces, most: number): number[] {
  const n = lat.length
  const all = Array.from({ length: n }, (_, i) => i)
  if (n <= most) return all
  const weight = new Float64Array(n)
  weight[0] = weight[n - 1] = Infinity
  const scale = Math.cos((lat[0]! * Math.PI) / 180)
  const stack: [first: number, last: number, above: number][] = [[0, n - 1, Infinity]]
  for (let span = stack.pop(); span; span = stack.pop()) {
    const [first, last, above] = span
    if (last - first < 2) continue
    let [worst, distance] = [first, 0]
    for (let i = first + 1; i < last; i++) {
      const d = fromChord(lat, lon, scale, i, first, last)
      if (d > distance) [worst, distance] = [i, d]
    }
    if (worst === first) continue // all on the chord: a vehicle that stands, say
    weight[worst] = Math.min(distance, above)
    stack.push([first, worst, weight[worst]!], [worst, last, weight[worst]!])
  }
  const least = weight.toSorted().at(n - most)!
  const kept = all.filter((i) => weight[i]! > least)
  // Of points that weigh the same, the earliest fill up what is left.
  for (let i = 0; i < n && kept.length < most; i++) if (weight[i] === least) kept.push(i)
  return kept.sort((a, b) => a - b)
}

/** Metres from a point to the segment between two others, on the plane. */
function fromChord(
  lat: ArrayLike<number>,
  lon: ArrayLike<number>,
  scale: number,
  point: number,
  first: number,
  last: number,
): number {
  const [x, y] = [longitudeStep(lon[first]!, lon[point]!) * scale, lat[point]! - lat[first]!]
  const [dx, dy] = [longitudeStep(lon[first]!, lon[last]!) * scale, lat[last]! - lat[first]!]
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, (x * dx + y * dy) / length))
  return Math.hypot(x - share * dx, y - share * dy) * METRES_PER_DEGREE
}
