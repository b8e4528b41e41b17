import type { Trade } from '../src/core/telemetry/reading.ts'
import type { Configuration } from '../src/pipeline/configuration.ts'
import { rebirthCommand } from '../src/pipeline/decode/sparkplug-payload.ts'
import type { Deliver } from '../src/pipeline/delivery.ts'
import { createFold } from '../src/pipeline/fold.ts'
import { createRunner, type Runner } from '../src/pipeline/runner.ts'
import type { TradePipeline } from '../src/pipeline/trades.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Output } from '../src/ports/output.ts'
import type { StateStore } from '../src/ports/state-store.ts'

export interface BoxRunnerParts {
  pipelines: Readonly<Record<Trade, TradePipeline>>
  config: Configuration
  states: StateStore
  output: Output
  deliver: Deliver
  clock: Clock
  publish(topic: string, payload: Uint8Array): void
  /** First instant of which readings of this measure are still kept. */
  rawKeptFrom(measure: string): number
}

/** An edge node that keeps sending unknown aliases is asked for its births this often, not each time. */
const REBIRTH_EVERY_MS = 10_000

/** The pipeline's runner with the box's ways out. */
export function createBoxRunner(parts: BoxRunnerParts): Runner {
  const { pipelines, config, states, output, deliver, clock, publish } = parts
  const asked = new Map<string, number>()
  const { plant, fleet, building } = pipelines
  return createRunner({
    fold: createFold({
      stages: { plant: plant.stages, fleet: fleet.stages, building: building.stages },
      configuration: config,
      rawKeptFrom: parts.rawKeptFrom,
    }),
    states,
    output,
    deliver,
    requestRebirth: ({ trade, thing }) => {
      const now = clock.elapsed()
      if (now - (asked.get(thing) ?? -Infinity) < REBIRTH_EVERY_MS) return
      asked.set(thing, now)
      const { topic, payload } = rebirthCommand(trade as Trade, thing, clock.now())
      publish(topic, payload)
    },
  })
}
