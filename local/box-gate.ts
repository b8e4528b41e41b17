import type { Trade } from '../src/core/telemetry/reading.ts'
import type { Journal } from '../src/adapters/local/journal/journal.ts'
import type { TailOutput } from '../src/adapters/local/tail/tail-output.ts'
import type { Configuration } from '../src/pipeline/configuration.ts'
import { createFold } from '../src/pipeline/fold.ts'
import { openRequestFact } from '../src/pipeline/jobs/open-requests.ts'
import { createRunner } from '../src/pipeline/runner.ts'
import type { TradePipeline } from '../src/pipeline/trades.ts'
import { createBoxStates } from './box-states.ts'
import type { BoxThreads } from './box-threads.ts'
import type { PipelineLoop } from './pipeline-loop.ts'
import { createStoreGate, type StoreGate } from './store-gate.ts'

export interface BoxGateParts {
  output: TailOutput
  threads: BoxThreads
  pipelines: Readonly<Record<Trade, TradePipeline>>
  config: Configuration
  tradeOf(thing: string): Trade | undefined
  rawKeptFrom(measure: string): number
  mostBytes: number
  /** Both are made after the gate. */
  journal(): Journal
  loop(): PipelineLoop
  caughtUp(): void
  log(line: string): void
}

/** The store gate with the box's own parts: a second pipeline over the checkpoint's states, that tells nobody anything. */
export function createBoxGate(parts: BoxGateParts): StoreGate {
  const {
    output,
    threads,
    pipelines,
    config,
    tradeOf,
    rawKeptFrom,
    mostBytes,
    journal,
    loop,
    caughtUp,
    log,
  } = parts
  const { plant, fleet, building } = pipelines
  return createStoreGate({
    output,
    mostBytes,
    recover: threads.store.call.recover,
    readJournal: (from, maxBytes) => journal().read(from, maxBytes),
    silentRunner: ({ states, births }, out) =>
      createRunner({
        fold: createFold({
          stages: { plant: plant.stages, fleet: fleet.stages, building: building.stages },
          configuration: config,
          rawKeptFrom,
        }),
        states: createBoxStates(
          [plant.layout, fleet.layout, building.layout],
          (thing) => pipelines[tradeOf(thing) ?? 'plant'].layout,
          states,
          births,
        ),
        output: out,
        // What an alarm book or a device has heard, it has heard. What is open is the store's own, and it missed that.
        deliver: async (entries) => {
          const asked = entries.flatMap((entry) => (entry.kind === 'request' ? [entry.request] : []))
          if (asked.length > 0)
            await out.write(asked.map((request) => ({ kind: 'fact', fact: openRequestFact(request) })))
        },
        requestRebirth: () => {},
      }),
    head: () => journal().head(),
    pause: () => loop().pause(),
    caughtUp,
    log,
  })
}
