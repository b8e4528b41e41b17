import { join } from 'node:path'
import { startBroker, type Broker } from '../src/adapters/local/broker/broker.ts'
import { openAuthority } from '../src/adapters/local/ca/authority.ts'
import { correctedClock } from '../src/adapters/local/corrected-clock.ts'
import { lockDataDirectory } from '../src/adapters/local/data-directory.ts'
import { createJournal } from '../src/adapters/local/journal/journal.ts'
import { createTailOutput } from '../src/adapters/local/tail/tail-output.ts'
import { createApi } from '../src/api/create-api.ts'
import { historyDefaults, type HistorySettings } from '../src/core/history/history-settings.ts'
import { configuration } from '../src/pipeline/configuration.ts'
import { latestOf } from '../src/pipeline/latest.ts'
import { tradePipelines } from '../src/pipeline/trades.ts'
import type { Notifier } from '../src/ports/notifier.ts'
import { tickMessage, type RawMessage, type RawRecord } from '../src/ports/raw-record.ts'
import { readOrMakeToken } from './admin-token.ts'
import { startThreads } from './box-threads.ts'
import { createBoxRunner } from './box-runner.ts'
import { createBoxStates } from './box-states.ts'
import { watchClockAndCertificates } from './housekeeping.ts'
import { announceEndpoint } from './endpoint-file.ts'
import { listenHttp, urlHost } from './listen-http.ts'
import { createLive, withLive } from './live.ts'
import { localCredentials } from './local-credentials.ts'
import { createLocalDevices, identitiesOf, type LocalDevices } from './local-devices.ts'
import { createPipelineLoop } from './pipeline-loop.ts'
import { createTeller } from './teller.ts'
import { createBoxHistory, type BoxHistory } from './history.ts'
import { createBoxHealth } from './box-health.ts'

export interface BoxOptions {
  dir: string
  host: string
  mqttPort: number
  httpsPort: number
  httpPort: number
  /** A listener without TLS on loopback, for benches only. */
  plainPort?: number
  notifiers: readonly Notifier[]
  version: string
  tickEveryMs: number
  checkpointEveryMs: number
  segmentBytes: number
  history: HistorySettings
  /** Where the box says what went wrong. */
  log(line: string): void
}

export const boxDefaults = {
  host: '127.0.0.1',
  mqttPort: 8883,
  httpsPort: 8443,
  httpPort: 8080,
  tickEveryMs: 10_000,
  checkpointEveryMs: 1000,
  segmentBytes: 32 * 1024 * 1024,
  history: historyDefaults,
} as const

export interface Box {
  url: string
  /** Where devices connect. */
  mqttUrl: string
  token: string
  devices: LocalDevices
  rootPem: string
  ports: Broker['ports'] & { http: number }
  submit(message: RawMessage): Promise<bigint>
  /** Resolves once everything received so far has been folded and stored. */
  settled(): Promise<void>
  /** The same, and every closed window is final. */
  repaired(): Promise<void>
  history: BoxHistory
  close(): Promise<void>
}

/** PUBACK waits while this much is on its way to the tail; QoS 0 is shed first. */
const MOST_OUTSTANDING = 192 * 1024 * 1024
const MOST_JOURNAL_WAITING = 64 * 1024 * 1024

/** Puts the box together: threads, pipeline, broker, API. Everything that was acknowledged before is there again. */
export async function startBox(options: BoxOptions): Promise<Box> {
  const undo: Undo = [lockDataDirectory(options.dir)]
  try {
    return await assemble(options, undo)
  } catch (error) {
    for (const step of undo.toReversed())
      await Promise.resolve()
        .then(step)
        .catch(() => {})
    throw error
  }
}

/** What closing takes back, in the order in which it was done. */
type Undo = (() => unknown)[]

async function assemble(options: BoxOptions, undo: Undo): Promise<Box> {
  const { dir, log } = options
  const clock = correctedClock()
  const startedAt = clock.now()
  const threads = await startThreads({
    dir,
    segmentBytes: options.segmentBytes,
    commitEveryMs: 200,
    history: options.history,
  })
  undo.push(threads.close)
  const { alarmBook, audit, configStore } = threads
  const recovered = await threads.store.call.recover()

  const changes = await configStore.all()
  const config = configuration(changes)
  const pipelines = tradePipelines()
  const states = createBoxStates(
    Object.values(pipelines).map((p) => p.layout),
    (thing) => pipelines[devices.current(thing)?.trade ?? 'plant'].layout,
    recovered.states,
    recovered.births,
  )
  const output = createTailOutput(threads.sendBatch, recovered.names)
  const live = createLive()
  const teller = createTeller({ notifiers: options.notifiers, alarmBook, timeoutMs: 10_000, retryMs: 5000 })
  let broker: Broker | null = null
  const publish = (topic: string, payload: Uint8Array): void =>
    void broker
      ?.publish(topic, payload, { qos: 1 })
      .catch((error: Error) => log(`publish to ${topic}: ${error.message}`))

  let rawKeptFrom = (_measure: string): number => 0
  const runner = createBoxRunner({
    pipelines,
    config,
    states,
    output: withLive(output, live, states),
    alarmBook: live.watching(alarmBook),
    clock,
    tell: teller.tell,
    tradeOf: (thing) => devices.current(thing)?.trade,
    publish,
    rawKeptFrom: (measure) => rawKeptFrom(measure),
    log,
  })

  const loop = createPipelineLoop({
    runner,
    states: () => states.all(),
    start: recovered.position,
    onTick: (receivedAt) => void threads.store.call.repair(receivedAt).catch(() => {}),
    retryMs: 1000,
  })
  const journal = createJournal({
    disk: threads.journalDisk,
    next: await threads.log.call.journalNext(),
    onDurable: loop.push,
    maxWaitingBytes: MOST_JOURNAL_WAITING,
    retryMs: 500,
  })

  const submit = (message: RawMessage): Promise<bigint> =>
    new Promise((resolve, reject) =>
      journal.append(message, (error) => (error ? reject(error) : resolve((message as RawRecord).position))),
    )
  const authority = await openAuthority({ dir: join(dir, 'ca'), clock })
  const devices: LocalDevices = createLocalDevices({
    changes,
    credentials: await threads.credentials.all(),
    configStore,
    credentialStore: threads.credentials,
    authority,
    clock,
    submit,
  })

  const history = await createBoxHistory({
    dir,
    settings: options.history,
    threads,
    clock,
    devices: devices.all,
    log,
    submit,
    forget: (thing) => {
      states.forget(thing)
      output.forget(thing)
    },
    emptyJournal: async () => {
      await threads.log.call.journalRotate()
      await submit(tickMessage(clock.now()))
      await settled()
    },
  })
  rawKeptFrom = history.rawKeptFrom
  await replayJournal()
  await runner.flush([...states.all()])
  await teller.resume()

  /** Folds again what the last checkpoint did not hold. Nothing is listening yet. */
  async function replayJournal(): Promise<void> {
    for (let from = recovered.position + 1; ;) {
      const records = await journal.read(from, 4 * 1024 * 1024)
      if (records.length === 0) return
      from = Number(records.at(-1)!.position) + 1
      loop.push(records)
      await loop.settled()
      while (output.outstandingBytes() > MOST_OUTSTANDING / 4)
        await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  const health = createBoxHealth({ startedAt, version: options.version, clock, journal, loop, output, states, teller, devices, dir, storeThread: threads.store, broker: () => broker, more: () => history.conditions() }) // prettier-ignore
  const behind = (): boolean =>
    output.outstandingBytes() > MOST_OUTSTANDING || journal.waitingBytes() > MOST_JOURNAL_WAITING / 2
  broker = await startBroker({
    listen: { host: options.host, mqttPort: options.mqttPort, httpsPort: options.httpsPort },
    ...(options.plainPort === undefined ? {} : { plain: { port: options.plainPort } }),
    authority,
    directory: identitiesOf(devices),
    ingest: (message, done) => {
      if (!behind()) journal.append(message, done)
      else setTimeout(() => journal.append(message, done), 100)
    },
    pressure: behind,
    audit,
    clock,
  })
  undo.push(broker.close)
  const mqttUrl = `mqtts://${urlHost(options.host)}:${broker.ports.mqtt}`

  const token = readOrMakeToken(join(dir, 'token'))
  const api = createApi(
    {
      telemetry: threads.query.call,
      history,
      latest: {
        latest: async (things) =>
          things.flatMap((thing) => {
            const state = states.get(thing)
            return state ? [{ thing, values: latestOf(state) }] : []
          }),
      },
      alarms: alarmBook,
      quarantine: threads.quarantine,
      audit,
      devices,
      credentials: localCredentials({ devices, broker, caPem: authority.rootPem(), endpoint: mqttUrl }),
      clock,
      submit,
      health: health.report,
      metrics: health.metrics,
      live: live.subscribe,
      authenticate: (given) => (given === token ? { name: 'box', role: 'admin', sites: null } : null),
    },
    {
      version: options.version,
      onError: (error) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    },
  )
  const http = await listenHttp(api.fetch, options.host, options.httpPort)
  const url = `http://${urlHost(options.host)}:${http.port}`
  const forgetEndpoint = announceEndpoint(dir, { url, mqtt: mqttUrl, pid: process.pid })

  history.start()

  async function checkpoint(): Promise<void> {
    const position = loop.foldedThrough()
    const changed = states.takeChanged()
    try {
      await threads.log.call.bookSync() // before the journal may stop repeating what the book was told
    } catch (error) {
      states.putBack(changed)
      throw error
    }
    await output.checkpoint({ position, ...changed })
    await threads.log.call.journalDropBefore(position)
  }
  let checkpointing: Promise<void> | null = null
  const timers = [
    setInterval(() => {
      checkpointing ??= checkpoint()
        .catch((error: Error) => log(`checkpoint: ${error.message}`))
        .finally(() => (checkpointing = null))
    }, options.checkpointEveryMs),
    setInterval(() => {
      journal.append(tickMessage(clock.now()), () => {})
    }, options.tickEveryMs),
    ...watchClockAndCertificates({ clock, authority, broker, audit, log }),
  ]

  async function settled(): Promise<void> {
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

  async function close(): Promise<void> {
    for (const timer of timers) clearInterval(timer)
    await broker?.close()
    await http.close()
    if (checkpointing) await checkpointing
    await settled()
    await history.close()
    await audit.flush()
    forgetEndpoint()
    await threads.close()
    await undo[0]?.()
  }

  return {
    url,
    mqttUrl,
    token,
    devices,
    rootPem: authority.rootPem(),
    ports: { ...broker.ports, http: http.port },
    submit,
    settled,
    repaired,
    history,
    close,
  }
}
