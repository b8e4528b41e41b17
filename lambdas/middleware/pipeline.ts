import type { KinesisStreamRecord } from 'aws-lambda'
import { barrierTime, type PassedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { partitionKeyOf, rawRecordOf } from '../../src/adapters/aws/kinesis/raw-envelope.ts'
import type { Transition } from '../../src/core/alarm/transition.ts'
import type { EpochMs, Trade } from '../../src/core/telemetry/reading.ts'
import type { Configuration } from '../../src/pipeline/configuration.ts'
import { rebirthCommand } from '../../src/pipeline/decode/sparkplug-payload.ts'
import { createDelivery } from '../../src/pipeline/delivery.ts'
import { createFold } from '../../src/pipeline/fold.ts'
import { createRunner, type Runner } from '../../src/pipeline/runner.ts'
import type { TradePipeline } from '../../src/pipeline/trades.ts'
import type { AlarmBook } from '../../src/ports/alarm-book.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { CommandDesk, RequestDesk } from '../../src/ports/command-desk.ts'
import type { Notifier } from '../../src/ports/notifier.ts'
import type { Output } from '../../src/ports/output.ts'
import type { StateStore } from '../../src/ports/state-store.ts'
import { orderedBatch } from './ordered-batch.ts'

export interface PipelinePorts {
  pipelines: Readonly<Record<Trade, TradePipeline>>
  configuration(): Promise<Configuration>
  states: StateStore
  output: Output
  alarmBook: AlarmBook
  /** Made for a configuration, by which it says what a device is. */
  notifier(config: Configuration): Notifier
  commands(config: Configuration): CommandDesk
  /** Answers what devices ask, by commands. */
  requests(commands: CommandDesk): RequestDesk
  publish(topic: string, payload: Uint8Array): Promise<void>
  /** Notes barriers behind which everything is folded and written. */
  passed: PassedBarriers['note']
  /** The trade, under which its barriers are noted. */
  trade: Trade
  /** How long the hot store keeps readings, by which repair computes windows again. */
  hotMs: number
  /** Records of one state commit a device; a test takes fewer. */
  sliceSize?: number
  clock: Clock
  count(name: 'Readings' | 'Quarantined' | 'AlarmLatency', value: number): void
  warn(message: string, error: unknown): void
}

/** Records of one state commit a device. Many, since a commit costs more than all that is folded before it. */
const SLICE = 500
/** An edge node that keeps sending unknown aliases is asked for its births this often, not each time. */
const REBIRTH_EVERY_MS = 10_000

/** One trade's pipeline as a handler of Kinesis batches: the box's use cases over AWS's stores. */
export function pipelineHandler(ports: PipelinePorts) {
  const { clock, count, warn } = ports
  const asked = new Map<string, number>()
  let runner: { config: Configuration; run: Runner['run']; settle(): Promise<void> } | null = null
  let receipts = new Map<string, number>()
  let newestReceipt: EpochMs = 0

  function runnerFor(config: Configuration): NonNullable<typeof runner> {
    const { plant, fleet, building } = ports.pipelines
    const notifier = ports.notifier(config)
    const commands = ports.commands(config)
    let waiting: Promise<void>[] = []
    const tell = async (transition: Transition): Promise<void> => {
      try {
        await notifier.notify(transition)
        count('AlarmLatency', clock.now() - (receipts.get(transition.thing) ?? transition.at))
        await ports.alarmBook.told([transition.id])
      } catch (error) {
        warn('an alarm could not be told; the minute’s jobs tell it', error) // it stays untold in the book
      }
    }
    const { run } = createRunner({
      fold: createFold({
        stages: { plant: plant.stages, fleet: fleet.stages, building: building.stages },
        configuration: config,
        rawKeptFrom: () => newestReceipt - ports.hotMs,
      }),
      states: ports.states,
      output: ports.output,
      deliver: createDelivery({
        alarmBook: ports.alarmBook,
        clock,
        // Subscribers choose by filter policy.
        tells: () => true,
        tell: (transitions) => void waiting.push(...transitions.map(tell)),
        commands,
        requests: ports.requests(commands),
      }),
      requestRebirth: ({ trade, thing }) => {
        const now = clock.elapsed()
        if (now - (asked.get(thing) ?? -Infinity) < REBIRTH_EVERY_MS) return
        asked.set(thing, now)
        const { topic, payload } = rebirthCommand(trade as Trade, thing, clock.now())
        const published = ports.publish(topic, payload)
        waiting.push(published.catch((error: unknown) => warn('a rebirth could not be requested', error)))
      },
    })
    const settle = async (): Promise<void> => {
      const all = waiting
      waiting = []
      await Promise.all(all)
    }
    return { config, run, settle }
  }

  async function run(slice: readonly KinesisStreamRecord[]): Promise<void> {
    const config = await ports.configuration()
    if (runner?.config !== config) runner = runnerFor(config)
    const barriers = slice.filter((record) => barrierTime(record) !== null)
    const records = slice.filter((record) => !barriers.includes(record)).map(rawRecordOf)
    receipts = new Map(records.map((r) => [partitionKeyOf(r.topic), r.receivedAt]))
    newestReceipt = records.reduce((newest, r) => Math.max(newest, r.receivedAt), newestReceipt)
    try {
      const { readings, quarantined } = await runner.run(records)
      count('Readings', readings)
      if (quarantined > 0) count('Quarantined', quarantined)
    } finally {
      // Lambda freezes what has not ended when the handler returns.
      await runner.settle()
    }
    await ports.passed(ports.trade, barriers)
  }

  return orderedBatch({
    sliceSize: ports.sliceSize ?? SLICE,
    run,
    onFailure: (error) => warn('the batch stopped; what is left of it comes again', error),
  })
}
