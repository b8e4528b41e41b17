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
  marks: Pick<MarkBook, 'put'>
  clock: Pick<Clock, 'now'>
  onFailure(error: unknown): void
}

/** Records of the output stream hold up to 100 KB of effects each. */
const SLICE = 50

/** A handler of output stream batches: readings first, then the marks that are about them. */
export function storeHandler({ store, marks, clock, onFailure }: StorePorts) {
  return orderedBatch({
    sliceSize: SLICE,
    onFailure,
    run: async (records) => {
      const now = clock.now()
      const effects = records.flatMap(({ kinesis }) => effectsOf(Buffer.from(kinesis.data, 'base64')))
      await store.write(effects, now)
      await marks.put(marksOf(effects, now))
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
