import { qualityNames, type EpochMs, type ReadingBatch } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { Reading } from '../../../ports/telemetry-reader.ts'

/** One reading on its way into a store that keeps one value an identity and has no notion of receipts. */
export interface ReadingPoint extends Reading {
  thing: string
  /** Whether something may be stored at this identity already, so that it must be asked before it is overwritten. */
  careful: boolean
}

/** What is older than this was redriven or replayed: newer copies may have been stored since. */
const FRESH_MS = 10 * 60_000

/** The readings of these effects, each identity once, as the identity rule settles them among themselves. */
export function readingPoints(effects: readonly DataEffect[], now: EpochMs): ReadingPoint[] {
  const points = new Map<string, ReadingPoint>()
  for (const effect of effects) {
    if (effect.kind !== 'readings') continue
    for (const point of pointsOf(effect.batch, now)) {
      const identity = `${point.thing}\n${point.measure}\n${point.at}`
      const known = points.get(identity)
      if (!known) points.set(identity, point)
      else if (overwrites(known, point))
        points.set(identity, { ...point, careful: known.careful || point.careful })
    }
  }
  return [...points.values()]
}

/** Whether a copy replaces the stored one: the newer receipt wins, an equal value keeps its first receipt and quality. */
export function overwrites(stored: Reading, copy: Reading): boolean {
  const same = stored.value === copy.value && stored.text === copy.text
  return copy.receivedAt < stored.receivedAt ? same : !same
}

/** The points that may be written, given what is stored at the identities of the careful ones. */
export async function settledPoints(
  points: readonly ReadingPoint[],
  stored: (thing: string, measures: string[], from: EpochMs, to: EpochMs) => Promise<Reading[]>,
): Promise<ReadingPoint[]> {
  const keep = new Set(points)
  const byThing = Map.groupBy(
    points.filter((p) => p.careful),
    (p) => p.thing,
  )
  for (const [thing, careful] of byThing) {
    const at = careful.map((p) => p.at)
    const found = await stored(
      thing,
      [...new Set(careful.map((p) => p.measure))],
      at.reduce((a, b) => Math.min(a, b)),
      at.reduce((a, b) => Math.max(a, b)) + 1,
    )
    const known = new Map(found.map((r) => [`${r.measure}\n${r.at}`, r]))
    for (const point of careful) {
      const other = known.get(`${point.measure}\n${point.at}`)
      if (other && !overwrites(other, point)) keep.delete(point)
    }
  }
  return [...keep]
}

function* pointsOf(batch: ReadingBatch, now: EpochMs): Generator<ReadingPoint> {
  const { thing, receivedAt } = batch
  const old = receivedAt < now - FRESH_MS
  for (const { measure, at, value, text, quality, advancing } of batch.columns)
    for (let i = 0; i < at.length; i++)
      yield {
        thing,
        measure,
        at: at[i]!,
        value: Number.isNaN(value[i]!) ? null : value[i]!,
        text: text?.[i] ?? null,
        quality: qualityNames[quality[i]!]!,
        receivedAt,
        careful: old || advancing[i] === 0,
      }
}

/** Whether a window replaces the stored one: at equal versions repaired beats streamed, and repaired ones stand. */
export const replacesWindow = (
  stored: { version: EpochMs; repaired: boolean },
  window: { version: EpochMs; repaired: boolean },
): boolean => window.repaired || (!stored.repaired && window.version >= stored.version)
