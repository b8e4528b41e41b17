import type { StoredState } from '../src/core/telemetry/device-state.ts'
import type { TailOutput } from '../src/adapters/local/tail/tail-output.ts'
import type { Runner } from '../src/pipeline/runner.ts'
import type { DataEffect } from '../src/core/telemetry/stage.ts'
import type { Output } from '../src/ports/output.ts'
import type { RawRecord } from '../src/ports/raw-record.ts'

export interface Checkpointed {
  position: number
  states: StoredState[]
  births: [thing: string, value: string][]
}

export interface StoreGateParts {
  output: TailOutput
  /** Beyond this many bytes under way the store is left behind instead of filling the memory. */
  mostBytes: number
  /** What the store last made durable. */
  recover(): Promise<Checkpointed>
  readJournal(from: number, maxBytes: number): Promise<RawRecord[]>
  /** A second pipeline over these states that tells nobody anything. */
  silentRunner(checkpoint: Checkpointed, output: Output): Runner
  /** Position of the newest record that may have been folded. */
  head(): number
  /** Stops the pipeline between two batches until the returned function is called. */
  pause(): Promise<() => void>
  /** The store holds again what the pipeline has said. */
  caughtUp(): void
  log(line: string): void
}

/** The store has been left behind and must catch up first; what no journal can repeat is not handed to it meanwhile. */
export class StoreBehind extends Error {
  constructor() {
    super('the store is behind and catches up from the journal; try again later')
    this.name = 'StoreBehind'
  }
}

export interface StoreGate extends Output {
  /** For what no journal can repeat: resolves once it and all before it are durable, and throws StoreBehind at once. */
  settle(effects: readonly DataEffect[]): Promise<void>
  /** While it is left behind nothing may be checkpointed: the journal is all that knows what the store has missed. */
  detached(): boolean
  /** To be called now and then: brings a store that takes writes again up to the present. */
  mend(): Promise<void>
}

const CHUNK_BYTES = 4 * 1024 * 1024

/**
 * A slow or failing store never stops alarms. When too much waits for it, it is left behind; when it is idle again, what
 * it missed is folded a second time from its last checkpoint, as after a restart, and it joins the stream at the point
 * that the pipeline has reached.
 */
export function createStoreGate(parts: StoreGateParts): StoreGate {
  const { output, mostBytes, recover, readJournal, silentRunner, head, pause, caughtUp, log } = parts
  let detached = false
  let mending = false

  const open = (): boolean => {
    if (!detached && output.outstandingBytes() > mostBytes) {
      detached = true
      log('the store is too far behind; it will catch up from the journal')
    }
    return !detached
  }

  async function catchUp(): Promise<void> {
    const checkpoint = await recover()
    const runner = silentRunner(checkpoint, output)
    let next = checkpoint.position + 1
    const foldTo = async (last: number): Promise<void> => {
      while (next <= last) {
        const records = (await readJournal(next, CHUNK_BYTES)).filter((r) => Number(r.position) <= last)
        if (records.length === 0) return
        await runner.run(records)
        next = Number(records.at(-1)!.position) + 1
        while (output.outstandingBytes() > mostBytes / 4)
          await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    await foldTo(head())
    const resume = await pause()
    try {
      // What the pipeline has not folded yet is written here and once more by it, which changes nothing.
      await foldTo(head())
      detached = false
    } finally {
      resume()
    }
    log('the store has caught up')
    await output.settle([])
    caughtUp()
  }

  return {
    write: (effects) => (open() ? output.write(effects) : undefined),
    quarantine: (records) => (open() ? output.quarantine(records) : undefined),
    settle: async (effects) => {
      if (!open()) throw new StoreBehind()
      await output.settle(effects)
    },
    detached: () => detached,
    mend: async () => {
      if (!detached || mending || output.outstandingBytes() > 0) return
      mending = true
      try {
        await catchUp()
      } catch (error) {
        log(`catching up failed and will be tried again: ${(error as Error).message}`)
      } finally {
        mending = false
      }
    },
  }
}
