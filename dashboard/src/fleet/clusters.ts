import type { Glider } from './glide.ts'
import type { Tone } from './vehicles.ts'

export interface Cluster {
  members: readonly Glider[]
  /** The most urgent alarm among them. */
  alarm: Tone | null
}

/** From this zoom on every vehicle stands alone. */
export const ALONE_ZOOM = 13
/** Closer than about this many pixels apart vehicles are one mark. */
const CELL_PX = 56
const urgency: readonly Tone[] = ['critical', 'major', 'minor', 'warning']

/**
 * Groups what is too close to be told apart at a zoom, by the cell of a grid that is fixed to the map: moving the map
 * changes nothing, and who belongs together follows from where they go, not from where they are in this frame.
 */
export function clustersOf(gliders: Iterable<Glider>, zoom: number): Cluster[] {
  if (zoom >= ALONE_ZOOM) return [...gliders].map((one) => ({ members: [one], alarm: null }))
  const cells = (512 * 2 ** zoom) / CELL_PX
  const byCell = new Map<number, Glider[]>()
  for (const one of gliders) {
    const cell = Math.floor(one.toX * cells) * 2 ** 26 + Math.floor(one.toY * cells)
    const members = byCell.get(cell)
    if (members) members.push(one)
    else byCell.set(cell, [one])
  }
  return [...byCell.values()].map((members) => ({
    members,
    alarm: urgency.find((tone) => members.some((one) => one.tone === tone)) ?? null,
  }))
}
