import type { EpochMs } from '../core/telemetry/reading.ts'

/** A minute of a device whose windows have to be computed again from stored readings. */
export interface Mark {
  thing: string
  minute: number
  /** Changes whenever the minute is marked anew. */
  stamp: string
}

/** Which minutes are dirty. A mark is written after the reading that it is about is stored. */
export interface MarkBook {
  put(marks: readonly Mark[]): Promise<void>
  /** Marks of minutes that ended before this moment, in no order. */
  before(at: EpochMs, limit: number): Promise<Mark[]>
  /** Forgets the mark unless it was marked anew since. */
  remove(mark: Mark): Promise<void>
}

/**
 * How far repair may have come. Whoever stores a reading asks afterwards: a minute from here on cannot have been
 * repaired without it, so it needs no mark.
 */
export interface RepairBound {
  /** The first minute that no repair has ever looked at. */
  get(): Promise<number>
  /** Says so before minutes up to this one are repaired. It never falls. */
  raise(minute: number): Promise<void>
}
