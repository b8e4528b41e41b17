import type { RawRecord } from '../src/ports/raw-record.ts'
import { TICK_TOPIC } from '../src/ports/raw-record.ts'
import type { Runner } from '../src/pipeline/runner.ts'
import type { DeviceState } from '../src/core/telemetry/device-state.ts'
import { createLanes } from './lanes.ts'

export interface PipelineLoop {
  push(records: readonly RawRecord[]): void
  /** Every record up to here has been folded. */
  foldedThrough(): number
  waiting(): number
  /** Resolves once everything pushed so far has been folded. */
  settled(): Promise<void>
  /** Stops between two batches until the returned function is called. */
  pause(): Promise<() => void>
  counts: { readings: number; records: number; quarantined: number; lastReceivedAt: number | null }
  trouble(): string | null
}

export interface PipelineLoopOptions {
  runner: Runner
  states(): Iterable<DeviceState>
  start: number
  /** A tick has been folded; everything before it has been handed to the store. */
  onTick(receivedAt: number): void
  retryMs: number
}

/** Small enough that a batch never holds up the event loop for long, large enough that its cost spreads. */
const MOST_RECORDS = 500

/** Folds durable records in order, one batch after the other. */
export function createPipelineLoop({
  runner,
  states,
  start,
  onTick,
  retryMs,
}: PipelineLoopOptions): PipelineLoop {
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
   * On the box only delivery can fail: by then the batch is folded and its entries stand in the outboxes, so it is
   * the delivery alone that is tried again.
   */
  async function run(batch: readonly RawRecord[]): Promise<void> {
    let result
    try {
      result = await runner.run(batch)
      trouble = null
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error)
      setTimeout(() => void redeliver(), retryMs).unref()
    }
    counts.records += batch.length
    counts.readings += result?.readings ?? 0
    counts.quarantined += result?.quarantined ?? 0
    for (const { topic, receivedAt } of batch) {
      if (topic === TICK_TOPIC) onTick(receivedAt)
      else counts.lastReceivedAt = receivedAt
    }
  }

  async function redeliver(): Promise<void> {
    try {
      await runner.flush([...states()])
      trouble = null
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error)
      setTimeout(() => void redeliver(), retryMs).unref()
    }
  }

  return {
    push: (records) => {
      lanes.push(records)
      if (!running) void drain()
    },
    foldedThrough: () => folded,
    waiting: () => lanes.length(),
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
