import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { serve } from '@hono/node-server'
import { bufferedAudit } from '../src/adapters/local/book/sqlite-audit.ts'
import type { Directory } from '../src/adapters/local/broker/options.ts'
import { startBroker, type Broker } from '../src/adapters/local/broker/broker.ts'
import { openAuthority } from '../src/adapters/local/ca/authority.ts'
import { correctedClock } from '../src/adapters/local/corrected-clock.ts'
import { lockDataDirectory } from '../src/adapters/local/data-directory.ts'
import { createJournal } from '../src/adapters/local/journal/journal.ts'
import { connect } from '../src/adapters/local/rpc.ts'
import { createTailOutput } from '../src/adapters/local/tail/tail-output.ts'
import { createApi } from '../src/api/create-api.ts'
import { configuration } from '../src/pipeline/configuration.ts'
import { rebirthCommand } from '../src/pipeline/decode/sparkplug-payload.ts'
import { createDelivery } from '../src/pipeline/delivery.ts'
import { createFold } from '../src/pipeline/fold.ts'
import { latestOf } from '../src/pipeline/latest.ts'
import { createRunner } from '../src/pipeline/runner.ts'
import { tradePipelines } from '../src/pipeline/trades.ts'
import type { AlarmBook } from '../src/ports/alarm-book.ts'
import type { Notifier } from '../src/ports/notifier.ts'
import { TICK_TOPIC, type RawMessage, type RawRecord } from '../src/ports/raw-record.ts'
import { createBoxStates } from './box-states.ts'
import { announceEndpoint } from './endpoint-file.ts'
import { createLive, withLive } from './live.ts'
import { localCredentials } from './local-credentials.ts'
import { createLocalDevices, type LocalDevices } from './local-devices.ts'
import { createPipelineLoop } from './pipeline-loop.ts'
import { createTeller } from './teller.ts'
import { createBoxHealth } from './box-health.ts'
import type { LogThread } from './threads/log.ts'
import type { QueryThread } from './threads/query.ts'
import type { StoreThread } from './threads/store.ts'

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
  close(): Promise<void>
}

/** PUBACK waits while this much is on its way to the tail; QoS 0 is shed first. */
const MOST_OUTSTANDING = 192 * 1024 * 1024
const MOST_JOURNAL_WAITING = 64 * 1024 * 1024

/** Puts the box together: threads, pipeline, broker, API. Everything that was acknowledged before is there again. */
export async function startBox(options: BoxOptions): Promise<Box> {
  const undo: (() => unknown)[] = [lockDataDirectory(options.dir)]
  try {
    return await assemble(options, undo)
  } catch (error) {
    for (const step of undo.toReversed()) await step()
    throw error
  }
}

/** `undo` gathers what a failed start must take back. */
async function assemble(options: BoxOptions, undo: (() => unknown)[]): Promise<Box> {
  const { dir, log } = options
  const unlock = undo[0]!
  const clock = correctedClock()
  const startedAt = clock.now()
  const workers: Worker[] = []
  const thread = (name: string, data: object): Worker => {
    const worker = new Worker(new URL(`./threads/${name}.ts`, import.meta.url), {
      workerData: { dir, ...data },
    })
    workers.push(worker)
    undo.push(() => worker.terminate())
    return worker
  }
  const logThread = connect<LogThread>(thread('log', { segmentBytes: options.segmentBytes }))
  const storeThread = connect<StoreThread>(thread('store', { commitEveryMs: 200 }))
  const recovered = await storeThread.call.recover()
  const queryThread = connect<QueryThread>(thread('query', {}))

  const changes = await logThread.call.configAll()
  const config = configuration(changes)
  const pipelines = tradePipelines()
  const states = createBoxStates(
    Object.values(pipelines).map((p) => p.layout),
    (thing) => pipelines[devices.current(thing)?.trade ?? 'plant'].layout,
    recovered.states,
    recovered.births,
  )
  const output = createTailOutput(
    (batch, buffers) => storeThread.hand('write', [batch], buffers).then(() => undefined),
    recovered.names,
  )
  const live = createLive()
  const alarmBook = threadAlarmBook(logThread.call)
  const teller = createTeller({ notifiers: options.notifiers, alarmBook, timeoutMs: 10_000, retryMs: 5000 })
  let broker: Broker | null = null
  const publish = (topic: string, payload: Uint8Array): void =>
    void broker
      ?.publish(topic, payload, { qos: 1 })
      .catch((error: Error) => log(`publish to ${topic}: ${error.message}`))

  const runner = createRunner({
    fold: createFold({
      stages: {
        plant: pipelines.plant.stages,
        fleet: pipelines.fleet.stages,
        building: pipelines.building.stages,
      },
      configuration: config,
    }),
    states,
    output: withLive(output, live, states),
    deliver: createDelivery({
      alarmBook: live.watching(alarmBook),
      clock,
      tells: (t) => t.severity === 'critical',
      tell: teller.tell,
      commands: {
        accept: async (commands) => {
          for (const { thing, name, id, payload, expiresAt } of commands) {
            const trade = devices.current(thing)?.trade
            if (trade && clock.now() < expiresAt)
              publish(
                `cmd/${trade}/${thing}/${name}/request`,
                Buffer.from(JSON.stringify({ id, expiresAt, payload })),
              )
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
      const { topic, payload } = rebirthCommand(trade as 'plant', thing, clock.now())
      publish(topic, payload)
    },
  })

  const loop = createPipelineLoop({
    runner,
    states: () => states.all(),
    start: recovered.position,
    onTick: (receivedAt) => void storeThread.call.repair(receivedAt).catch(() => {}),
    retryMs: 1000,
  })
  const journal = createJournal({
    disk: {
      append: (row) => logThread.hand('journalAppend', [row], [row.data.buffer as ArrayBuffer]),
      read: logThread.call.journalRead,
    },
    next: await logThread.call.journalNext(),
    onDurable: loop.push,
    maxWaitingBytes: MOST_JOURNAL_WAITING,
    retryMs: 500,
  })

  const submit = (message: RawMessage): Promise<bigint> =>
    new Promise((resolve, reject) =>
      journal.append(message, (error) => (error ? reject(error) : resolve((message as RawRecord).position))),
    )
  const audit = bufferedAudit(
    (entries) => logThread.call.auditAdd(entries).then(() => undefined),
    logThread.call.auditList,
    {
      everyMs: 200,
      most: 2000,
    },
  )
  const authority = await openAuthority({ dir: join(dir, 'ca'), clock })
  const devices: LocalDevices = createLocalDevices({
    changes,
    credentials: await logThread.call.credentialsAll(),
    configStore: { all: logThread.call.configAll, put: (list) => logThread.call.configPut(list) },
    credentialStore: { all: logThread.call.credentialsAll, put: (c) => logThread.call.credentialsPut(c) },
    authority,
    clock,
    submit,
  })

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

  const health = createBoxHealth({ startedAt, version: options.version, clock, journal, loop, output, states, teller, devices, dir, storeThread, broker: () => broker }) // prettier-ignore
  const directory: Directory = {
    identify: (fingerprint, commonName) => {
      const known = devices.byFingerprint(fingerprint)
      if (!known?.device || known.credential.status !== 'active' || known.device.thing !== commonName)
        return null
      return { thing: known.device.thing, trade: known.device.trade, status: known.device.status }
    },
    identifyPlain: (clientId) => {
      const device = devices.current(clientId)
      return device ? { thing: device.thing, trade: device.trade, status: device.status } : null
    },
  }
  const behind = (): boolean =>
    output.outstandingBytes() > MOST_OUTSTANDING || journal.waitingBytes() > MOST_JOURNAL_WAITING / 2
  broker = await startBroker({
    listen: { host: options.host, mqttPort: options.mqttPort, httpsPort: options.httpsPort },
    ...(options.plainPort === undefined ? {} : { plain: { port: options.plainPort } }),
    authority,
    directory,
    ingest: (message, done) => {
      if (!behind()) journal.append(message, done)
      else setTimeout(() => journal.append(message, done), 100)
    },
    pressure: behind,
    audit,
    clock,
  })
  const cutOff = broker
  undo.push(() => cutOff.close())
  const mqttUrl = `mqtts://${hostOf(options.host)}:${broker.ports.mqtt}`

  const token = readOrMakeToken(join(dir, 'token'))
  const api = createApi(
    {
      telemetry: queryThread.call,
      latest: {
        latest: async (things) =>
          things.flatMap((thing) => {
            const state = states.get(thing)
            return state ? [{ thing, values: latestOf(state) }] : []
          }),
      },
      alarms: alarmBook,
      quarantine: {
        list: queryThread.call.quarantineList,
        get: queryThread.call.quarantineGet,
        mark: (id, status) => storeThread.call.mark(id, status).then(() => undefined),
      },
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
  const http = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const server = serve({ fetch: api.fetch, hostname: options.host, port: options.httpPort }, () =>
      resolve(server),
    )
    server.once('error', reject)
  })
  const url = `http://${hostOf(options.host)}:${(http.address() as AddressInfo).port}`
  const forgetEndpoint = announceEndpoint(dir, { url, mqtt: mqttUrl, pid: process.pid })

  async function checkpoint(): Promise<void> {
    const position = loop.foldedThrough()
    await output.checkpoint({ position, ...states.takeChanged() })
    await logThread.call.journalDropBefore(position)
  }
  let checkpointing: Promise<void> | null = null
  const timers = [
    setInterval(() => {
      checkpointing ??= checkpoint()
        .catch((error: Error) => log(`checkpoint: ${error.message}`))
        .finally(() => (checkpointing = null))
    }, options.checkpointEveryMs),
    setInterval(() => {
      journal.append(
        { topic: TICK_TOPIC, client: '', receivedAt: clock.now(), payload: Buffer.from('{}') },
        () => {},
      )
    }, options.tickEveryMs),
    setInterval(() => {
      const jump = clock.check()
      if (jump) {
        log(`the clock ${jump.accepted ? 'was corrected' : 'jumped'} by ${Math.round(jump.byMs / 1000)} s`)
        audit.record({
          at: clock.now(),
          actor: 'telltale',
          action: 'clock_jump',
          subject: '',
          detail: JSON.stringify(jump),
        })
      }
    }, 1000),
    setInterval(() => {
      authority.renewIfDue(clock.now()).then(
        ({ server, crl }) => (server || crl) && broker?.reloadCrl(),
        (error: Error) => log(`certificates: ${error.message}`),
      )
    }, 3_600_000),
  ]

  async function settled(): Promise<void> {
    await journal.settled()
    await loop.settled()
    await checkpoint()
  }

  async function close(): Promise<void> {
    for (const timer of timers) clearInterval(timer)
    await broker?.close()
    await new Promise((resolve) => {
      http.close(resolve)
      if ('closeAllConnections' in http) http.closeAllConnections()
    })
    if (checkpointing) await checkpointing
    await settled()
    await audit.flush()
    await queryThread.call.close()
    await storeThread.call.close()
    await logThread.call.close()
    for (const worker of workers) await worker.terminate()
    forgetEndpoint()
    await unlock()
  }

  return {
    url,
    mqttUrl,
    token,
    devices,
    rootPem: authority.rootPem(),
    ports: { ...broker.ports, http: (http.address() as AddressInfo).port },
    submit,
    settled,
    close,
  }
}

/** RFC 3986 section 3.2.2: an IPv6 address stands in brackets; the unspecified address is reached as localhost. */
function hostOf(listen: string): string {
  if (listen === '0.0.0.0' || listen === '::') return 'localhost'
  return listen.includes(':') ? `[${listen}]` : listen
}

/** The alarm book on the other thread. Functions do not cross, so whom to tell is decided here. */
function threadAlarmBook(call: ReturnType<typeof connect<LogThread>>['call']): AlarmBook {
  return {
    apply: (transitions, recordedAt, tell) =>
      call.alarmsApply(
        [...transitions],
        recordedAt,
        transitions.filter(tell).map((t) => t.id),
      ),
    untold: call.alarmsUntold,
    told: (ids) => call.alarmsTold([...ids]).then(() => undefined),
    acknowledge: call.alarmsAcknowledge,
    get: call.alarmsGet,
    list: call.alarmsList,
    history: call.alarmsHistory,
  }
}

/** The administrator's token: made on the first start, readable by the box's own user only. */
function readOrMakeToken(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}
