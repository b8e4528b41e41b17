import type { OutboxEntry } from '../src/core/alarm/transition.ts'
import type { Deliver } from '../src/pipeline/delivery.ts'

export interface DeliveryQueue {
  /** Takes entries in order; resolves at once, or when there is room again. */
  deliver: Deliver
  /** Resolves once everything taken so far has been delivered. */
  settled(): Promise<void>
  trouble(): string | null
  waiting(): number
}

export interface DeliveryQueueOptions {
  deliver: Deliver
  retryMs: number
}

/** Beyond this the pipeline waits: alarms may be late, memory may not be full of them. */
const MOST_WAITING = 10_000

/**
 * Delivers in order beside the pipeline, which folds on meanwhile. On the box the journal repeats whatever was not
 * delivered (docs/adr/0002), provided that no checkpoint is taken before `settled`. A delivery that fails is tried again.
 */
export function createDeliveryQueue({ deliver, retryMs }: DeliveryQueueOptions): DeliveryQueue {
  let queue: OutboxEntry[] = []
  let busy = false
  let trouble: string | null = null
  let idle: (() => void)[] = []
  let room: (() => void)[] = []

  async function work(): Promise<void> {
    busy = true
    while (queue.length > 0) {
      const entries = queue
      queue = []
      await persist(entries)
      for (const resolve of room.splice(0)) resolve()
    }
    busy = false
    for (const resolve of idle.splice(0)) resolve()
  }

  async function persist(entries: readonly OutboxEntry[]): Promise<void> {
    for (;;)
      try {
        await deliver(entries)
        trouble = null
        return
      } catch (error) {
        trouble = error instanceof Error ? error.message : String(error)
        await new Promise<void>((resolve) => setTimeout(resolve, retryMs).unref())
      }
  }

  return {
    deliver: async (entries) => {
      queue.push(...entries)
      if (!busy) void work()
      if (queue.length > MOST_WAITING) await new Promise<void>((resolve) => room.push(resolve))
    },
    settled: () => (busy ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()),
    trouble: () => trouble,
    waiting: () => queue.length,
  }
}
