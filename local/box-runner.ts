import type { Trade } from '../src/core/telemetry/reading.ts'
import type { Configuration } from '../src/pipeline/configuration.ts'
import { rebirthCommand } from '../src/pipeline/decode/sparkplug-payload.ts'
import { createDelivery, type DeliveryPorts } from '../src/pipeline/delivery.ts'
import { createFold } from '../src/pipeline/fold.ts'
import { createRunner, type Runner } from '../src/pipeline/runner.ts'
import type { TradePipeline } from '../src/pipeline/trades.ts'
import type { AlarmBook } from '../src/ports/alarm-book.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { Output } from '../src/ports/output.ts'
import type { StateStore } from '../src/ports/state-store.ts'

export interface BoxRunnerParts {
  pipelines: Readonly<Record<Trade, TradePipeline>>
  config: Configuration
  states: StateStore
  output: Output
  alarmBook: AlarmBook
  clock: Clock
  tell: DeliveryPorts['tell']
  tradeOf(thing: string): Trade | undefined
  publish(topic: string, payload: Uint8Array): void
  /** First instant of which readings of this measure are still kept. */
  rawKeptFrom(measure: string): number
  log(line: string): void
}

/** An edge node that keeps sending unknown aliases is asked for its births this often, not each time. */
const REBIRTH_EVERY_MS = 10_000

/** The pipeline's runner with the box's ways out: alarm book, people, devices. */
export function createBoxRunner(parts: BoxRunnerParts): Runner {
  const { pipelines, config, states, output, alarmBook, clock, tell, tradeOf, publish, log } = parts
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
    deliver: createDelivery({
      alarmBook,
      clock,
      tells: (t) => t.severity === 'critical',
      tell,
      commands: {
        accept: async (commands) => {
          for (const { thing, name, id, payload, expiresAt } of commands) {
            const trade = tradeOf(thing)
            if (trade === undefined || clock.now() >= expiresAt) continue
            const body = Buffer.from(JSON.stringify({ id, expiresAt, payload }))
            publish(`cmd/${trade}/${thing}/${name}/request`, body)
          }
        },
      },
      requests: {
        answer: async (requests) => {
          for (const { thing, name } of requests)
            log(`${thing} asks for ${name}, which this box does not offer`)
        },
      },
    }),
    requestRebirth: ({ trade, thing }) => {
      const now = clock.elapsed()
      if (now - (asked.get(thing) ?? -Infinity) < REBIRTH_EVERY_MS) return
      asked.set(thing, now)
      const { topic, payload } = rebirthCommand(trade as Trade, thing, clock.now())
      publish(topic, payload)
    },
  })
}
