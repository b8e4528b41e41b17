import type { RawRecord } from '../src/ports/raw-record.ts'
import { TICK_TOPIC } from '../src/ports/raw-record.ts'
import type { Runner } from '../src/pipeline/runner.ts'
import { createLanes } from './lanes.ts'

export interface PipelineLoop {
  push(records: readonly RawRecord[]): void
  /** Every record up to here has been folded. */
  foldedThrough(): number
  waiting(): number
  /** So much waits that whoever sends must wait, too. */
  isBehind(): boolean
  /** Resolves once everything pushed so far has been folded. */
  settled(): Promise<void>
  /** Stops between two batches until the returned function is called. */
  pause(): Promise<() => void>
  counts: { readings: number; records: number; quarantined: number; lastReceivedAt: number | null }
}

export interface PipelineLoopOptions {
  runner: Pick<Runner, 'run'>
  start: number
  /** A tick has been folded; everything before it has been handed to the store. */
  onTick(receivedAt: number): void
  /** Milliseconds on a clock that never jumps. */
  elapsed(): number
  /** A batch could not be run: on the box a fault in the program, since nothing it depends on can fail. */
  onFault(error: unknown): void
}

/** PUBACKs wait while this many records wait to be folded. */
const MOST_UNFOLDED = 20_000
/** Or so much of them is in memory: a record may be as large as 128 KB. */
const MOST_UNFOLDED_BYTES = 64 * 1024 * 1024
/** Large enough that a batch's cost spreads, small enough that sockets and timers get their turn in time. */
const MOST_RECORDS = 300
/** Sockets wait this long at most. */
const LONGEST_TURN_MS = 100

/** Folds durable records in order, one batch after the other. */
export function createPipelineLoop({
  runner,
  start,
  onTick,
  elapsed,
  onFault,
}: PipelineLoopOptions): PipelineLoop {
  const lanes = createLanes(start)
  const counts: PipelineLoop['counts'] = { readings: 0, records: 0, quarantined: 0, lastReceivedAt: null }
  let running = false
  let folded = start
  let idle: (() => void)[] = []
  let hold: Promise<void> | null = null
  let batchDone: Promise<void> = Promise.resolve()

  /**
   * Live records are folded before sockets are read again: a record that waits through a turn of the sockets waits for
   * all that they bring, and under load a box would read ever more than it folds.
   */
  async function drain(): Promise<void> {
    running = true
    let turnEnds = elapsed() + LONGEST_TURN_MS
    while (lanes.length() > 0) {
      while (hold) await hold
      const batch = lanes.take(MOST_RECORDS)
      batchDone = run(batch)
      await batchDone
      folded = lanes.takenThrough()
      if (lanes.length() === 0 || (lanes.live() > 0 && elapsed() < turnEnds)) continue
      await new Promise(setImmediate)
      turnEnds = elapsed() + LONGEST_TURN_MS
    }
    running = false
    for (const resolve of idle.splice(0)) resolve()
  }

  async function run(batch: readonly RawRecord[]): Promise<void> {
    try {
      const { readings, quarantined } = await runner.run(batch)
      counts.readings += readings
      counts.quarantined += quarantined
    } catch (error) {
      onFault(error)
    }
    counts.records += batch.length
    for (const { topic, receivedAt } of batch) {
      if (topic === TICK_TOPIC) onTick(receivedAt)
      else counts.lastReceivedAt = receivedAt
    }
  }

  return {
    push: (records) => {
      lanes.push(records)
      if (!running) void drain()
    },
    foldedThrough: () => folded,
    waiting: () => lanes.length(),
    isBehind: () => lanes.length() > MOST_UNFOLDED || lanes.bytes() > MOST_UNFOLDED_BYTES,
    settled: () => (running ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
    pause: async () => {
      let resume = (): void => {}
      hold = new Promise((resolve) => {
        resume = () => {
          hold = null
          resolve()
        }
      })
      await batchDone
      return resume
    },
    counts,
  }
}
