export type Ring = readonly (readonly [longitude: number, latitude: number])[]
type Point = readonly [number, number]

/**
 * The map tiles a plane and takes every ring as it stands there, so one that crosses 180° is cut in two (RFC 7946, 3.1.9)
 * and one around a pole is closed along it: uncut, its edge goes back across the whole world and what is filled turns over.
 */
export function landPolygons(polygons: readonly (readonly Ring[])[]): Ring[][] {
  return polygons.flatMap(([outer = [], ...holes]) => {
    const open = unrolled(outer)
    const aside = holes.map((hole) => nextTo(unrolled(hole), open))
    const [west, east] = reach(open)
    const parts: Ring[][] = []
    for (let turn = Math.floor((west + 180) / 360); turn * 360 - 180 < east; turn++) {
      const cut = [open, ...aside].map((ring) => between(ring, turn * 360 - 180, turn * 360 + 180))
      const [shell = [], ...gaps] = cut.map((ring) => ring.map(([x, y]): Point => [x - turn * 360, y]))
      if (shell.length > 3) parts.push([shell, ...gaps.filter((gap) => gap.length > 3)])
    }
    return parts
  })
}

/** The same ring without jumps: from one point to the next it goes the short way, beyond 180° if it must. */
function unrolled(ring: Ring): Point[] {
  const out: Point[] = []
  let turns = 0
  let before = ring[0]?.[0] ?? 0
  for (const [x, y] of ring) {
    if (x - before > 180) turns--
    if (before - x > 180) turns++
    before = x
    out.push([x + turns * 360, y])
  }
  const [first, last] = [out[0], out.at(-1)]
  if (turns === 0 || !first || !last) return out
  const pole = Math.sign(first[1]) * 90
  return [...out, [last[0], pole], [first[0], pole], first]
}

/** A hole is unrolled from where it starts, which may be a turn off. */
function nextTo(hole: Point[], outer: readonly Point[]): Point[] {
  const [west, east] = reach(outer)
  const [from, to] = reach(hole)
  const off = to < west ? 360 : from > east ? -360 : 0
  return hole.map(([x, y]): Point => [x + off, y])
}

const reach = (ring: readonly Point[]): Point =>
  ring.reduce<Point>(([west, east], [x]) => [Math.min(west, x), Math.max(east, x)], [Infinity, -Infinity])

/** What of a closed ring lies between two meridians (Sutherland and Hodgman 1974). */
const between = (ring: readonly Point[], west: number, east: number): Point[] =>
  beyond(beyond(ring, west, 1), east, -1)

function beyond(ring: readonly Point[], meridian: number, side: 1 | -1): Point[] {
  const holds = ([x]: Point): boolean => (x - meridian) * side >= 0
  if (ring.every(holds)) return [...ring]
  const out: Point[] = []
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]]
    if (!a || !b) continue
    if (holds(a) !== holds(b)) {
      const share = (meridian - a[0]) / (b[0] - a[0])
      out.push([meridian, a[1] + share * (b[1] - a[1])])
    }
    if (holds(b)) out.push(b)
  }
  const [first] = out
  return first && out.at(-1) !== first ? [...out, first] : out
}
