import { mercatorX, mercatorY } from './mercator.ts'
import type { Tone, Vehicle } from './vehicles.ts'

/** Something on the map that glides from where it was to where it is now. Places lie on Mercator’s unit square. */
export interface Glider {
  thing: string
  tone: Tone
  course: number | null
  /** Time of its newest position. */
  at: number
  fromX: number
  fromY: number
  toX: number
  toY: number
  /** When it set out, and how long it takes: as long as its last two positions lay apart. */
  begunMs: number
  spanMs: number
  /** Where it is shown at this moment. */
  x: number
  y: number
}

/** Further than this in one step is no drive: it appears where it is. About 2 km at the equator. */
const JUMP = 2000 / 40_075_017
const LEAST_MS = 1000
const MOST_MS = 12_000

/** Takes what has come by `nowMs`: each vehicle that has a newer position sets out from where it is shown. */
export function takeAim(gliders: Map<string, Glider>, vehicles: readonly Vehicle[], nowMs: number): void {
  const there = new Set<string>()
  for (const { device, position, tone } of vehicles) {
    if (!position) continue
    const { thing } = device
    const { at, course } = position
    there.add(thing)
    const known = gliders.get(thing)
    if (known) known.tone = tone
    if (known?.at === at) continue
    const [toX, toY] = [mercatorX(position.longitude), mercatorY(position.latitude)]
    if (!known || Math.hypot(toX - known.x, toY - known.y) > JUMP) {
      gliders.set(thing, { thing, tone, course, at, fromX: toX, fromY: toY, toX, toY, begunMs: nowMs, spanMs: 0, x: toX, y: toY }) // prettier-ignore
      continue
    }
    known.spanMs = Math.min(MOST_MS, Math.max(LEAST_MS, at - known.at))
    known.begunMs = nowMs
    known.course = course ?? known.course
    known.at = at
    known.fromX = known.x
    known.fromY = known.y
    known.toX = toX
    known.toY = toY
  }
  for (const thing of gliders.keys()) if (!there.has(thing)) gliders.delete(thing)
}

/** Moves all of them to where they are at `nowMs`; gives the pace of the fastest under way, a millisecond, 0 if all have arrived. */
export function glide(gliders: Iterable<Glider>, nowMs: number): number {
  let fastest = 0
  for (const one of gliders) {
    const share = one.spanMs === 0 ? 1 : Math.min(1, Math.max(0, (nowMs - one.begunMs) / one.spanMs))
    one.x = one.fromX + (one.toX - one.fromX) * share
    one.y = one.fromY + (one.toY - one.fromY) * share
    if (share < 1)
      fastest = Math.max(fastest, Math.hypot(one.toX - one.fromX, one.toY - one.fromY) / one.spanMs)
  }
  return fastest
}
