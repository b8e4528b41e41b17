import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import { storedOf } from '../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import { scanAll } from '../../src/adapters/aws/dynamo/read-all.ts'
import { openState, positionOf, receiptOf, type DeviceState } from '../../src/core/telemetry/device-state.ts'
import type { EpochMs, Trade } from '../../src/core/telemetry/reading.ts'
import type { Configuration } from '../../src/pipeline/configuration.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import { TICK_TOPIC, type RawMessage } from '../../src/ports/raw-record.ts'

export interface SweepParts {
  dynamo: Dynamo
  stateTable: string
  configuration(): Promise<Configuration>
  /** Puts messages into a trade's stream, ordered by this key. */
  put(trade: Trade, messages: readonly RawMessage[], keyOf: (message: RawMessage) => string): Promise<void>
  /** Told of every state that is read. */
  seen?(state: DeviceState): void
}

const PUT_AT_ONCE = 5000

/** Finds the devices for which time alone changes something, by asking their stages, and gives how many there were. */
export function sweep({
  dynamo,
  stateTable,
  configuration,
  put,
  seen,
}: SweepParts): (now: EpochMs) => Promise<number> {
  const pipelines = tradePipelines()
  const layouts = Object.values(pipelines).map(({ layout }) => layout)

  /** The state is this sweep's own copy, so its stages may try. */
  function needsTick(state: DeviceState, config: Configuration, now: EpochMs): Trade | null {
    const profile = config.profile(state.thing, now)
    if (!profile) return null
    const { trade } = profile.device
    if (state.outbox.length > 0) return trade
    const context = { receivedAt: now, position: positionOf(state), profile, dirty: new Set<number>() }
    return pipelines[trade].stages.some((stage) => stage.tick(state, now, context).length > 0) ? trade : null
  }

  return async (now) => {
    const config = await configuration()
    const waiting = new Map<Trade, string[]>()
    let ticks = 0
    const flush = async (trade: Trade): Promise<void> => {
      const things = waiting.get(trade) ?? []
      waiting.delete(trade)
      ticks += things.length
      const byPayload = new Map(things.map((thing) => [tickFor(thing, now), thing]))
      await put(trade, [...byPayload.keys()], (message) => byPayload.get(message)!)
    }
    for await (const item of scanAll(dynamo, { TableName: stateTable })) {
      const state = openState(storedOf(item), layouts)
      seen?.(state)
      if (receiptOf(state) > now) continue
      const trade = needsTick(state, config, now)
      if (!trade) continue
      const things = waiting.get(trade) ?? []
      waiting.set(trade, things)
      if (things.push(state.thing) === PUT_AT_ONCE) await flush(trade)
    }
    for (const trade of waiting.keys()) await flush(trade)
    return ticks
  }
}

const tickFor = (thing: string, receivedAt: EpochMs): RawMessage => ({
  topic: TICK_TOPIC,
  client: '',
  receivedAt,
  payload: Buffer.from(JSON.stringify({ thing })),
})
