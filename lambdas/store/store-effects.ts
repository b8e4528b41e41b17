import { barrierTime, type PassedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import type { DynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import type { HotStore } from '../../src/adapters/aws/hot/hot-store.ts'
import { effectsOf } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { minuteOf, type EpochMs } from '../../src/core/telemetry/reading.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Mark, MarkBook } from '../../src/ports/mark-book.ts'
import { CLOSED_AFTER_MS } from '../../src/pipeline/jobs/repair.ts'
import { orderedBatch } from '../middleware/ordered-batch.ts'

export interface StorePorts {
  store: Pick<HotStore, 'write'>
  facts: Pick<DynamoFacts, 'write'>
  marks: Pick<MarkBook, 'put'>
  /** Notes barriers behind which everything is stored. */
  passed: PassedBarriers['note']
  clock: Pick<Clock, 'now'>
  onFailure(error: unknown): void
}

/** Under which name the store notes barriers. */
export const STORE = 'store'
/** Records of the output stream hold up to 100 KB of effects each. */
const SLICE = 50

/** A handler of output stream batches: readings first, then the marks that are about them. */
export function storeHandler({ store, facts, marks, passed, clock, onFailure }: StorePorts) {
  return orderedBatch({
    sliceSize: SLICE,
    onFailure,
    run: async (records) => {
      const now = clock.now()
      const barriers = records.filter((record) => barrierTime(record) !== null)
      const effects = records
        .filter((record) => !barriers.includes(record))
        .flatMap(({ kinesis }) => effectsOf(Buffer.from(kinesis.data, 'base64')))
      await store.write(effects, now)
      await facts.write(effects.flatMap((effect) => (effect.kind === 'fact' ? [effect.fact] : [])))
      await marks.put(marksOf(effects, now))
      await passed(STORE, barriers)
    },
  })
}

/**
 * Dirty minutes: those that the pipeline says, and those whose window may have been repaired before this reading was
 * stored, because the store was behind or the record was redriven.
 */
export function marksOf(effects: readonly DataEffect[], now: EpochMs): Mark[] {
  const closed = minuteOf(now - CLOSED_AFTER_MS)
  const marks = new Map<string, Mark>()
  for (const effect of effects) {
    if (effect.kind !== 'readings') continue
    const { thing, position, columns } = effect.batch
    const minutes = new Set(effect.dirty)
    for (const { at } of columns) for (const t of at) if (minuteOf(t) < closed) minutes.add(minuteOf(t))
    for (const minute of minutes)
      marks.set(`${thing}\n${minute}`, { thing, minute, stamp: `${position}/${now}` })
  }
  return [...marks.values()]
}
