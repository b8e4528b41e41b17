import type { RawRecord } from '../src/ports/raw-record.ts'
import { TICK_TOPIC } from '../src/ports/raw-record.ts'
import type { Runner, RunResult } from '../src/pipeline/runner.ts'
import { createLanes } from './lanes.ts'

export interface PipelineLoop {
  push(records: readonly RawRecord[]): void
  /** Every record up to here has been folded. */
  foldedThrough(): number
  /** Payload bytes of the records that wait. */
  waitingBytes(): number
  /** Resolves once everything pushed so far has been folded. */
  settled(): Promise<void>
  /** Stops between two batches until the returned function is called. */
  pause(): Promise<() => void>
  counts: { readings: number; records: number; quarantined: number; lastReceivedAt: number | null }
  trouble(): string | null
}

export interface PipelineLoopOptions {
  runner: Runner
  start: number
  /** A tick has been folded; everything before it has been handed to the store. */
  onTick(receivedAt: number): void
  retryMs: number
}

/** Small enough that a batch never holds up the event loop for long, large enough that its cost spreads. */
const MOST_RECORDS = 500

/** Folds durable records in order, one batch after the other. */
export function createPipelineLoop({ runner, start, onTick, retryMs }: PipelineLoopOptions): PipelineLoop {
  const lanes = createLanes(start)
  const counts: PipelineLoop['counts'] = { readings: 0, records: 0, quarantined: 0, lastReceivedAt: null }
  let running = false
  let folded = start
  let trouble: string | null = null
  let idle: (() => void)[] = []
  let hold: Promise<void> | null = null
  let batchDone: Promise<void> = Promise.resolve()

  async function drain(): Promise<void> {
    running = true
    while (lanes.length() > 0) {
      while (hold) await hold
      const batch = lanes.take(MOST_RECORDS)
      batchDone = run(batch)
      await batchDone
      folded = lanes.takenThrough()
      if (lanes.length() > 0) await new Promise(setImmediate) // sockets and timers in between
    }
    running = false
    for (const resolve of idle.splice(0)) resolve()
  }

  /**
   * On the box only delivery can fail: what the outboxes hold, a batch's own or left by the one before. Until it succeeds
   * nothing goes on, for a batch that was passed over would be lost; what was folded already is not folded again.
   */
  async function run(batch: readonly RawRecord[]): Promise<void> {
    const result = await untilTaken(batch)
    counts.records += batch.length
    counts.readings += result.readings
    counts.quarantined += result.quarantined
    for (const { topic, receivedAt } of batch) {
      if (topic === TICK_TOPIC) onTick(receivedAt)
      else counts.lastReceivedAt = receivedAt
    }
  }

  async function untilTaken(batch: readonly RawRecord[]): Promise<RunResult> {
    for (;;)
      try {
        const result = await runner.run(batch)
        trouble = null
        return result
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error)
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref())
      }
  }

  return {
    push: (records) => {
      lanes.push(records)
      if (!running) void drain()
    },
    foldedThrough: () => folded,
    waitingBytes: lanes.bytes,
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
    trouble: () => trouble,
  }
}
