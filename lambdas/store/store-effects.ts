import { barrierTime, type PassedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import type { DynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import type { DeviceMinute, HotStore } from '../../src/adapters/aws/hot/hot-store.ts'
import { windowsOf } from '../../src/adapters/aws/hot/window-rule.ts'
import { effectsOf } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { minuteOf, type EpochMs } from '../../src/core/telemetry/reading.ts'
import type { DataEffect } from '../../src/core/telemetry/stage.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Mark, MarkBook, RepairBound } from '../../src/ports/mark-book.ts'
import { orderedBatch } from '../middleware/ordered-batch.ts'

export interface StorePorts {
  store: Pick<HotStore, 'write' | 'writeWindows'>
  facts: Pick<DynamoFacts, 'write'>
  marks: Pick<MarkBook, 'put'>
  bound: Pick<RepairBound, 'get'>
  /** Notes barriers behind which everything is stored. */
  passed: PassedBarriers['note']
  clock: Pick<Clock, 'now'>
  onFailure(error: unknown): void
}

/** Under which name the store notes barriers. */
export const STORE = 'store'
/** Records of the output stream hold up to 100 KB of effects each. */
const SLICE = 50

/**
 * A handler of output stream batches: readings first, then how far repair has come, then the marks of minutes that it
 * may have looked at before.
 */
export function storeHandler({ store, facts, marks, bound, passed, clock, onFailure }: StorePorts) {
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
      const repairedUntil = await bound.get()
      const met = await store.writeWindows(windowsOf(effects), repairedUntil)
      await facts.write(effects.flatMap((effect) => (effect.kind === 'fact' ? [effect.fact] : [])))
      await marks.put(marksOf(effects, met, repairedUntil, now))
      await passed(STORE, barriers)
    },
  })
}

/**
 * Dirty minutes: those that the pipeline says, those that may have been repaired before their reading was stored (the
 * store was behind, or the record was redriven), and those whose streamed window met a repaired one.
 */
export function marksOf(
  effects: readonly DataEffect[],
  met: readonly DeviceMinute[],
  repairedUntil: number,
  now: EpochMs,
): Mark[] {
  const marks = new Map<string, Mark>()
  const mark = (thing: string, minute: number, cause: string): void =>
    void marks.set(`${thing}\n${minute}`, { thing, minute, stamp: `${cause}/${now}` })
  for (const { thing, minute } of met) mark(thing, minute, 'window')
  for (const effect of effects) {
    if (effect.kind !== 'readings') continue
    const { thing, position, columns } = effect.batch
    const minutes = new Set(effect.dirty)
    for (const { at } of columns)
      for (const t of at) if (minuteOf(t) < repairedUntil) minutes.add(minuteOf(t))
    for (const minute of minutes) mark(thing, minute, String(position))
  }
  return [...marks.values()]
}
