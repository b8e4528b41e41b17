import type { EpochMs } from '../core/telemetry/reading.ts'

/** How far the erasure of a device has come where no one call can do it all. */
export interface ErasureProgress {
  /**
   * erasing: what is stored is being removed. settling: it is, and what may still have been on its way is awaited, to be
   * removed by a second pass. erased: nothing is left, and the name may be registered again.
   */
  state: 'erasing' | 'settling' | 'erased'
  requestedAt: EpochMs
  /** The second pass begins then: later than anything of before can still arrive. */
  settlesAt: EpochMs
  finishedAt: EpochMs | null
  /** Items of tables that were removed. */
  items: number
  /** Archived files and documents that were rewritten or removed. */
  files: number
  /** Buckets of the lake's days that are still to be looked through. */
  waiting: number
  /** When the hot store forgets what it cannot remove; null where it has removed it. */
  hotStoreForgetsAt: EpochMs | null
}

/** Erases devices in the background. */
export interface Erasures {
  /** Resolves once it is certain to happen; one that is under way already goes on. */
  begin(thing: string): Promise<ErasureProgress>
  /** Null where none was asked for. */
  of(thing: string): Promise<ErasureProgress | null>
}
