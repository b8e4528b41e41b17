import { clipLine } from './clip-line.ts'
import type { LineClass, MapLine } from './road-lines.ts'
import { TILE_EXTENT, vectorTile, type TileLine } from './vector-tile.ts'

export interface RoadMap {
  /** West, south, east, north in Mercator’s square; null for a map without a line. */
  bounds: { west: number; north: number; east: number; south: number } | null
  /** A Mapbox Vector Tile with the layer `roads`. */
  tile(zoom: number, x: number, y: number): Uint8Array
}

/** Beyond it a tile of this zoom is enlarged: 4096 units of a tile at 14 are 0.6 m at the equator. */
export const MAP_ZOOMS = { least: 5, most: 14 } as const

/** From which zoom on a class is worth its ink. */
const firstZoom: Record<LineClass, number> = {
  coast: 8,
  motorway: 5,
  primary: 8,
  ferry: 9,
  secondary: 10,
  street: 12,
  path: 14,
}
/** Lines reach a little beyond their tile, so that no seam shows where two tiles meet. */
const BUFFER = 64
/** The grid by which lines are found: tiles of this zoom. */
const GRID_ZOOM = 12
/** Threat: a ferry across an ocean would be entered in a million cells. Such lines are looked at for every tile. */
const MOST_CELLS = 1024

/** A map of these lines, cut into tiles on demand. Finding a tile’s lines takes time in their number, not in the map’s. */
export function roadMap(lines: readonly MapLine[]): RoadMap {
  const cells = new Map<number, number[]>()
  const size = 2 ** GRID_ZOOM
  const cellOf = (share: number): number => Math.min(size - 1, Math.max(0, Math.floor(share * size)))
  const wide: number[] = []
  for (const [i, { west, north, east, south }] of lines.entries()) {
    const [columns, rows] = [cellOf(east) - cellOf(west) + 1, cellOf(south) - cellOf(north) + 1]
    if (columns * rows > MOST_CELLS) {
      wide.push(i)
      continue
    }
    for (let x = cellOf(west); x <= cellOf(east); x++)
      for (let y = cellOf(north); y <= cellOf(south); y++) {
        const cell = cells.get(x * size + y)
        if (cell) cell.push(i)
        else cells.set(x * size + y, [i])
      }
  }
  const major = lines.flatMap((line, i) => (firstZoom[line.class] < GRID_ZOOM ? [i] : []))

  /** Below the grid’s zoom only the major lines are drawn, and all of them are looked at. */
  function candidates(zoom: number, x: number, y: number): Iterable<number> {
    if (zoom < GRID_ZOOM) return major
    const margin = BUFFER / TILE_EXTENT
    const at = (tile: number): number => cellOf(tile / 2 ** zoom)
    const found = new Set(wide)
    for (let cx = at(x - margin); cx <= at(x + 1 + margin); cx++)
      for (let cy = at(y - margin); cy <= at(y + 1 + margin); cy++)
        for (const i of cells.get(cx * size + cy) ?? []) found.add(i)
    return found
  }

  return {
    bounds: lines.length === 0 ? null : lines.reduce(grown, { west: 1, north: 1, east: 0, south: 0 }),
    tile(zoom, x, y) {
      const drawn: TileLine[] = []
      for (const i of candidates(zoom, x, y)) {
        const line = lines[i]!
        if (firstZoom[line.class] > zoom) continue
        const parts = cut(line, zoom, x, y)
        if (parts.length > 0)
          drawn.push({ tags: { class: line.class, ...(line.name !== '' && { name: line.name }) }, parts })
      }
      return vectorTile('roads', drawn)
    },
  }
}

const grown = (a: NonNullable<RoadMap['bounds']>, b: MapLine) => ({
  west: Math.min(a.west, b.west),
  north: Math.min(a.north, b.north),
  east: Math.max(a.east, b.east),
  south: Math.max(a.south, b.south),
})

/** The line in units of one tile, what lies outside cut off, what is too fine to see left out. */
function cut({ points, west, north, east, south }: MapLine, zoom: number, x: number, y: number): number[][] {
  const tiles = 2 ** zoom
  const margin = BUFFER / TILE_EXTENT
  if (east * tiles < x - margin || west * tiles > x + 1 + margin) return []
  if (south * tiles < y - margin || north * tiles > y + 1 + margin) return []
  const local = new Float64Array(points.length)
  for (let i = 0; i < points.length; i += 2) {
    local[i] = (points[i]! * tiles - x) * TILE_EXTENT
    local[i + 1] = (points[i + 1]! * tiles - y) * TILE_EXTENT
  }
  return clipLine(local, -BUFFER, TILE_EXTENT + BUFFER)
    .map(snapped)
    .filter((part) => part.length >= 4)
}

/** Whole units; a point that falls on the one before it goes. */
function snapped(part: readonly number[]): number[] {
  const out: number[] = []
  for (let i = 0; i < part.length; i += 2) {
    const [x, y] = [Math.round(part[i]!), Math.round(part[i + 1]!)]
    if (x !== out.at(-2) || y !== out.at(-1)) out.push(x, y)
  }
  return out
}
