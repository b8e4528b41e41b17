import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { TailBatch, TailWriter } from './tail-writer.ts'

/** Committing takes this share of the time at most: what a busy device sends meanwhile goes into one row. */
const COMMIT_SHARE = 1 / 5
const LONGEST_PAUSE_MS = 1000

/**
 * Applies batches as they come and commits a few times a second. If the disk refuses, everything since the last
 * commit is kept and tried again: the store falls behind, it never skips.
 */
export interface StoreLoop {
  /** Resolves once the batch can be queried; one with a checkpoint, once it and all before it are durable. */
  write(batch: TailBatch): Promise<void>
  /** Repairs in slices between batches. */
  repair(now: EpochMs): void
  mark(id: string, status: 'replayed' | 'discarded'): Promise<void>
  /** Does this between batches, in their transaction; resolves with its result once that is durable. */
  run<T>(work: () => T): Promise<T>
  trouble(): string | null
  close(): void
}

export interface StoreLoopOptions {
  writer: TailWriter
  commitEveryMs: number
  retryMs: number
  repairSlice: number
  /** Milliseconds on a clock that never jumps. */
  elapsed(): number
}

type Work = { apply: () => void; done: () => void; durable: boolean }

export function createStoreLoop({
  writer,
  commitEveryMs,
  retryMs,
  repairSlice,
  elapsed,
}: StoreLoopOptions): StoreLoop {
  /** Applied, not yet committed. */
  let open: Work[] = []
  /** Not yet applied, because the disk refused. */
  let held: Work[] = []
  let timer: NodeJS.Timeout | null = null
  let pauseMs = commitEveryMs
  let trouble: string | null = null
  let repairUntil: EpochMs | null = null

  function take(work: Work): void {
    if (trouble !== null) {
      held.push(work)
      return
    }
    try {
      work.apply()
      open.push(work)
      if (work.durable) commit(true)
      else timer ??= setTimeout(commit, pauseMs, false)
    } catch (error) {
      refuse(error, [...open, work])
    }
  }

  function commit(durable: boolean): void {
    if (timer) clearTimeout(timer)
    timer = null
    const began = elapsed()
    try {
      writer.commit(durable)
      const pause = (elapsed() - began) / COMMIT_SHARE
      pauseMs = Math.max(commitEveryMs, Math.min(pause, LONGEST_PAUSE_MS))
    } catch (error) {
      refuse(error, open)
      return
    }
    for (const { done } of open.splice(0)) done()
    if (repairUntil !== null && trouble === null) setImmediate(repairSome)
  }

  function refuse(error: unknown, again: Work[]): void {
    trouble = error instanceof Error ? error.message : String(error)
    try {
      writer.rollback()
    } catch {
      // a refused commit may already have ended the transaction
    }
    held = [...again, ...held]
    open = []
    if (timer) clearTimeout(timer)
    timer = setTimeout(retry, retryMs)
  }

  function retry(): void {
    timer = null
    trouble = null
    const again = held
    held = []
    for (const work of again) take(work)
    if (open.length > 0 && trouble === null) commit(true)
  }

  function repairSome(): void {
    if (repairUntil === null || trouble !== null) return
    const until = repairUntil
    let left = 0
    take({ apply: () => void (left = writer.repair(until, repairSlice)), done: () => {}, durable: false })
    if (left === 0) repairUntil = null
  }

  return {
    write: (batch) =>
      new Promise((resolve) => {
        take({ apply: () => writer.apply(batch), done: resolve, durable: batch.checkpoint !== null })
      }),
    repair: (now) => {
      repairUntil = now
      setImmediate(repairSome)
    },
    mark: (id, status) =>
      new Promise((resolve) => {
        take({ apply: () => writer.mark(id, status), done: resolve, durable: true })
      }),
    run: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        let result: T
        let refused: Error | null = null
        take({
          apply: () => {
            try {
              result = writer.inSavepoint(work)
            } catch (error) {
              // SQLite's own complaints are the disk's, and tried again; anything else is the work's.
              if (error instanceof Error && 'errcode' in error) throw error
              refused = error instanceof Error ? error : new Error(String(error))
            }
          },
          done: () => (refused ? reject(refused) : resolve(result)),
          durable: true,
        })
      }),
    trouble: () => trouble,
    close: () => {
      if (timer) clearTimeout(timer)
      writer.commit(true)
    },
  }
}
