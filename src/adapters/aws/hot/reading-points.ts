import { settleStored, type StoredReading } from '../../../core/history/settle-stored.ts'
import { Quality, qualityNames, type EpochMs, type ReadingBatch } from '../../../core/telemetry/reading.ts'
import type { DataEffect } from '../../../core/telemetry/stage.ts'
import type { Reading } from '../../../ports/telemetry-reader.ts'
import { inParallel } from '../back-off.ts'

/** A reading as hot stores keep it, so that copies can be settled in any order of their arrival. */
export interface KeptReading extends Reading {
  /** The newest receipt of an equal value, where it came again; null where it did not. */
  confirmedAt: EpochMs | null
}

/** One reading on its way into a store that keeps one value an identity and has no notion of receipts. */
export interface ReadingPoint extends KeptReading {
  thing: string
  /** Whether something may be stored at this identity already, so that it must be asked before it is overwritten. */
  careful: boolean
}

/** The readings of these effects, each identity once, as the identity rule settles them among themselves. */
export function readingPoints(effects: readonly DataEffect[]): ReadingPoint[] {
  const points = new Map<string, ReadingPoint>()
  for (const effect of effects) {
    if (effect.kind !== 'readings') continue
    for (const point of pointsOf(effect.batch)) {
      const identity = `${point.thing}\n${point.measure}\n${point.at}`
      const known = points.get(identity)
      points.set(
        identity,
        known ? { ...settled(known, point), careful: known.careful || point.careful } : point,
      )
    }
  }
  return [...points.values()]
}

type FindStored = (thing: string, measures: string[], from: EpochMs, to: EpochMs) => Promise<KeptReading[]>

const THINGS_AT_ONCE = 8

/** What has to be written, given what is stored at the identities of the careful ones. */
export async function settledPoints(
  points: readonly ReadingPoint[],
  stored: FindStored,
): Promise<ReadingPoint[]> {
  const writes = points.filter((point) => !point.careful)
  const careful = Map.groupBy(
    points.filter((point) => point.careful),
    (point) => point.thing,
  )
  await inParallel([...careful], THINGS_AT_ONCE, async ([thing, list]) => {
    for (const group of closeTogether(list)) {
      const measures = [...new Set(group.map((point) => point.measure))]
      const found = await stored(thing, measures, group[0]!.at, group.at(-1)!.at + 1)
      const known = new Map(found.map((reading) => [`${reading.measure}\n${reading.at}`, reading]))
      for (const point of group) {
        const standing = known.get(`${point.measure}\n${point.at}`)
        const next = standing ? settled({ ...point, ...standing }, point) : point
        if (!standing || !isSame(standing, next)) writes.push(next)
      }
    }
  })
  return writes
}

/** Readings that lie apart are asked for apart: what lies between them need not travel. */
const APART_MS = 600_000

function closeTogether(points: readonly ReadingPoint[]): ReadingPoint[][] {
  const groups: ReadingPoint[][] = []
  for (const point of points.toSorted((a, b) => a.at - b.at)) {
    const last = groups.at(-1)
    if (last && point.at - last.at(-1)!.at < APART_MS) last.push(point)
    else groups.push([point])
  }
  return groups
}

const storedOf = ({ at, value, text, quality, receivedAt, confirmedAt }: KeptReading): StoredReading => ({ at, value: value ?? NaN, text, quality: Quality[quality], receivedAt, confirmedAt }) // prettier-ignore

/** What two copies say together; the later given one wins a tie. */
function settled(copy: ReadingPoint, later: ReadingPoint): ReadingPoint {
  const [kept] = settleStored([storedOf(copy), storedOf(later)])
  const { value, text, quality, receivedAt, confirmedAt } = kept!
  return { ...later, value: Number.isNaN(value) ? null : value, text, quality: qualityNames[quality]!, receivedAt, confirmedAt } // prettier-ignore
}

const isSame = (a: KeptReading, b: KeptReading): boolean =>
  a.value === b.value &&
  a.text === b.text &&
  a.quality === b.quality &&
  a.receivedAt === b.receivedAt &&
  a.confirmedAt === b.confirmedAt

function* pointsOf(batch: ReadingBatch): Generator<ReadingPoint> {
  const { thing, receivedAt } = batch
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
        confirmedAt: null,
        careful: advancing[i] === 0,
      }
}
