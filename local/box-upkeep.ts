import type { Journal } from '../src/adapters/local/journal/journal.ts'
import type { TailOutput } from '../src/adapters/local/tail/tail-output.ts'
import type { Clock } from '../src/ports/clock.ts'
import { tickMessage, type RawMessage } from '../src/ports/raw-record.ts'
import type { BoxStates } from './box-states.ts'
import type { BoxThreads } from './box-threads.ts'
import type { DeliveryQueue } from './delivery-queue.ts'
import type { BoxHistory } from './history.ts'
import type { PipelineLoop } from './pipeline-loop.ts'
import type { StoreGate } from './store-gate.ts'

export interface BoxUpkeepParts {
  threads: BoxThreads
  states: BoxStates
  output: TailOutput
  gate: StoreGate
  journal: Journal
  loop: PipelineLoop
  deliveries: DeliveryQueue
  history: BoxHistory
  clock: Clock
  options: { checkpointEveryMs: number; tickEveryMs: number }
  submit(message: RawMessage): Promise<unknown>
}

export interface BoxUpkeep {
  timers(log: (line: string) => void): NodeJS.Timeout[]
  settled(): Promise<void>
  repaired(): Promise<void>
}

/** Checkpoints and ticks: what keeps a restart short and closes windows where no data comes. */
export function createBoxUpkeep(parts: BoxUpkeepParts): BoxUpkeep {
  const { threads, states, output, gate, journal, loop, deliveries, history, clock, options, submit } = parts
  let checkpointing: Promise<void> | null = null

  /** Position and states are taken together, between two batches: within one, states are ahead of what was written. */
  async function checkpoint(): Promise<void> {
    await gate.mend()
    if (gate.detached()) return
    const resume = await loop.pause()
    const position = loop.foldedThrough()
    const changed = states.takeChanged()
    resume()
    try {
      // Before the journal may stop repeating what the book is told.
      await deliveries.settled()
      await threads.book.call.bookSync()
    } catch (error) {
      states.putBack(changed)
      throw error
    }
    await output.checkpoint({ position, ...changed })
    await threads.journal.call.dropBefore(position)
  }

  async function settled(): Promise<void> {
    if (checkpointing) await checkpointing
    await journal.settled()
    await loop.settled()
    await checkpoint()
  }

  async function repaired(): Promise<void> {
    const receivedAt = clock.now()
    await submit(tickMessage(receivedAt))
    await settled()
    for (;;) {
      await threads.store.call.repair(receivedAt)
      await history.repair()
      if ((await threads.store.call.waitingForRepair(receivedAt)) === 0) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await settled()
  }

  return {
    settled,
    repaired,
    timers: (log) => [
      setInterval(() => {
        checkpointing ??= checkpoint()
          .catch((error: Error) => log(`checkpoint: ${error.message}`))
          .finally(() => (checkpointing = null))
      }, options.checkpointEveryMs),
      setInterval(() => {
        journal.append(tickMessage(clock.now()), () => {})
      }, options.tickEveryMs),
    ],
  }
}
