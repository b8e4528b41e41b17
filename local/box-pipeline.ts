import { createJournal, type Journal } from '../src/adapters/local/journal/journal.ts'
import { throttledAudit } from '../src/adapters/local/throttled-audit.ts'
import { createTailOutput, type TailOutput } from '../src/adapters/local/tail/tail-output.ts'
import type { Device } from '../src/core/device/profile.ts'
import type { DataEffect } from '../src/core/telemetry/stage.ts'
import type { Configuration } from '../src/pipeline/configuration.ts'
import { createDelivery, type Deliver } from '../src/pipeline/delivery.ts'
import { createRequestDesk } from '../src/pipeline/devices/request-desk.ts'
import { createOpenRequests } from '../src/pipeline/jobs/open-requests.ts'
import type { Runner } from '../src/pipeline/runner.ts'
import { tradePipelines } from '../src/pipeline/trades.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { CommandDesk } from '../src/ports/command-desk.ts'
import type { RawMessage, RawRecord } from '../src/ports/raw-record.ts'
import { createBoxFleet } from './box-fleet.ts'
import { createBoxGate } from './box-gate.ts'
import type { BoxOptions } from './box-options.ts'
import { createBoxRunner } from './box-runner.ts'
import { createBoxStates, type BoxStates } from './box-states.ts'
import type { BoxThreads } from './box-threads.ts'
import { createDeliveryQueue, type DeliveryQueue } from './delivery-queue.ts'
import { createLatestTexts, type LatestTexts } from './latest-texts.ts'
import { createLive, heardBy, withLive, type Live } from './live.ts'
import { createPipelineLoop, type PipelineLoop } from './pipeline-loop.ts'
import type { Checkpointed, StoreGate } from './store-gate.ts'
import { createTeller, type Teller } from './teller.ts'

export interface BoxPipelineParts {
  threads: BoxThreads
  recovered: Checkpointed & { names: [id: number, name: string][] }
  config: Configuration
  clock: Clock
  options: Pick<BoxOptions, 'notifiers' | 'road' | 'log'>
  journalNext: number
  mostOutstanding: number
  mostWaiting: number
  device(thing: string): Device | null
  commands: CommandDesk
  /** Told of every data effect, and of every transition. */
  heard(effects: readonly DataEffect[]): void
  rawKeptFrom(measure: string): number
  publish(topic: string, payload: Uint8Array): void
}

export interface BoxPipeline {
  states: BoxStates
  output: TailOutput
  gate: StoreGate
  live: Live
  texts: LatestTexts
  teller: Teller
  fleet: ReturnType<typeof createBoxFleet>
  requests: ReturnType<typeof createOpenRequests>
  /** To alarm book, people and devices, at once: for what no journal repeats. */
  deliver: Deliver
  /** What the pipeline found is on its way there. */
  deliveries: DeliveryQueue
  runner: Runner
  loop: PipelineLoop
  journal: Journal
  /** Resolves with the record's position once it is durable. */
  submit(message: RawMessage): Promise<bigint>
  /** Receipt of the newest tick that has been folded. */
  lastTick(): number
}

/** From the journal to the tail, the alarm book and the ways out: everything that one record passes on the box. */
export function createBoxPipeline(parts: BoxPipelineParts): BoxPipeline {
  const { threads, recovered, config, clock, options, journalNext, mostOutstanding, mostWaiting } = parts
  const { device, commands, heard, rawKeptFrom, publish } = parts
  const { alarmBook } = threads
  const { log } = options
  const pipelines = tradePipelines()
  const states = createBoxStates(
    Object.values(pipelines).map((p) => p.layout),
    (thing) => pipelines[device(thing)?.trade ?? 'plant'].layout,
    recovered.states,
    recovered.births,
  )
  const output = createTailOutput(threads.sendBatch, recovered.names)
  const gate = createBoxGate({
    output,
    threads,
    pipelines,
    config,
    tradeOf: (thing) => device(thing)?.trade,
    mostBytes: mostOutstanding,
    rawKeptFrom,
    journal: () => journal,
    loop: () => loop,
    caughtUp: () => void requests.resume(clock.now()),
    log,
  })
  const live = createLive()
  const teller = createTeller({ notifiers: options.notifiers, alarmBook, timeoutMs: 10_000, retryMs: 5000 })
  const fleet = createBoxFleet({
    pipeline: pipelines.fleet,
    states,
    telemetry: threads.query.call,
    store: gate,
    config,
    device,
    clock,
    road: options.road ?? null,
    log,
  })
  const requests = createOpenRequests({
    desk: createRequestDesk({ answerers: fleet.answerers, commands, clock }),
    telemetry: threads.query.call,
    write: (facts) => gate.write(facts.map((fact) => ({ kind: 'fact', fact }))),
    onError: (error) => log(`a device's request: ${error.message}`),
  })

  const deliver = createDelivery({
    alarmBook: live.watching(alarmBook),
    clock,
    tells: (t) => t.severity === 'critical',
    tell: (transitions) => teller.tell(transitions),
    commands,
    requests,
  })
  const deliveries = createDeliveryQueue({ deliver, retryMs: 1000 })
  const texts = createLatestTexts(threads.query.call.textsAt)
  const shown = withLive(gate, live, states, texts)
  const note = throttledAudit(threads.audit, clock)
  const out = heardBy(shown, {
    written: (effects) => {
      texts.note(effects)
      heard(effects)
    },
    refused: (records) => {
      for (const { record, reason, detail } of records)
        note({ actor: record.client || 'telltale', action: 'record.quarantine', subject: record.topic, detail: `${reason}: ${detail}` }) // prettier-ignore
    },
  })
  const runner = createBoxRunner({
    pipelines,
    config,
    states,
    output: out,
    deliver: deliveries.deliver,
    clock,
    publish,
    rawKeptFrom,
  })

  let lastTick = 0
  const loop = createPipelineLoop({
    runner,
    start: recovered.position,
    onTick: (receivedAt) => {
      lastTick = receivedAt
      void threads.store.call.repair(receivedAt).catch(() => {})
      void fleet.refold(receivedAt)
    },
    elapsed: clock.elapsed,
    onFault: (error) => log(`pipeline: ${error instanceof Error ? error.stack : String(error)}`),
  })
  const journal = createJournal({
    disk: threads.journalDisk,
    next: journalNext,
    onDurable: loop.push,
    maxWaitingBytes: mostWaiting,
    retryMs: 500,
  })

  const submit = (message: RawMessage): Promise<bigint> =>
    new Promise((resolve, reject) =>
      journal.append(message, (error) => (error ? reject(error) : resolve((message as RawRecord).position))),
    )

  return {
    states,
    output,
    gate,
    live,
    texts,
    teller,
    fleet,
    requests,
    deliver,
    deliveries,
    runner,
    loop,
    journal,
    submit,
    lastTick: () => lastTick,
  }
}
