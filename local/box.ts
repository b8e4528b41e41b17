import { join } from 'node:path'
import { startBroker, type Broker } from '../src/adapters/local/broker/broker.ts'
import { openAuthority } from '../src/adapters/local/ca/authority.ts'
import { correctedClock } from '../src/adapters/local/corrected-clock.ts'
import { createApi } from '../src/api/create-api.ts'
import { apiEndpoints } from '../src/api/endpoints.ts'
import { configuration } from '../src/pipeline/configuration.ts'
import { chartSeries } from '../src/pipeline/reports/chart-series.ts'
import { usualBands } from '../src/pipeline/usual-bands.ts'
import { tickMessage } from '../src/ports/raw-record.ts'
import { readOrMakeToken } from './admin-token.ts'
import { createAdmission } from './admission.ts'
import { startThreads } from './box-threads.ts'
import type { Box, BoxOptions } from './box-options.ts'
import { createBoxPipeline } from './box-pipeline.ts'
import { latestInStates } from './latest-in-states.ts'
import { watchClockAndCertificates } from './housekeeping.ts'
import { announceEndpoint } from './endpoint-file.ts'
import { listenHttp, urlHost } from './listen-http.ts'
import { publicHost, servedNames } from './served-names.ts'
import { shadowSetPoints } from '../src/pipeline/devices/shadow-set-points.ts'
import { createBoxJobs } from './jobs.ts'
import { createLocalSites } from './local-sites.ts'
import { localCredentials } from './local-credentials.ts'
import { openBoxDevices, type BoxDevices } from './box-devices.ts'
import { openBoxGroups } from './box-groups.ts'
import { startDeviceStores } from './device-stores.ts'
import { createLocalDevices, type LocalDevices } from './local-devices.ts'
import { createBoxHistory } from './history.ts'
import { createBoxUpkeep } from './box-upkeep.ts'
import { createBoxHealth } from './box-health.ts'
import { createBoxReports } from './box-reports.ts'
import { replayJournal } from './replay-journal.ts'
import { createRoadTiles } from './road-tiles.ts'
import { createThroughputMeter, THROUGHPUT_STEP_MS } from './throughput.ts'
import { builtPage } from './page-folder.ts'
import { keepHeapsSmall } from './small-heaps.ts'
import { takeDataDirectory } from './take-data-directory.ts'

export { boxDefaults, type Box, type BoxOptions } from './box-options.ts'

/** Beyond this the store is left behind, and catches up from the journal. */
const MOST_OUTSTANDING = 192 * 1024 * 1024
/** PUBACK waits while half of this waits for the disk; QoS 0 is shed first. */
const MOST_JOURNAL_WAITING = 64 * 1024 * 1024

/** Puts the box together: threads, pipeline, broker, API. Everything that was acknowledged before is there again. */
export async function startBox(options: BoxOptions): Promise<Box> {
  keepHeapsSmall()
  const undo: Undo = [await takeDataDirectory(options.dir)]
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
    onDied: options.onDied ?? log,
  })
  undo.push(threads.close)
  const deviceStores = startDeviceStores(dir)
  undo.push(deviceStores.close)
  const { alarmBook, audit, configStore } = threads
  const recovered = await threads.store.call.recover()

  const changes = await configStore.all()
  const config = configuration(changes)
  let broker: Broker | null = null
  let rawKeptFrom = (_measure: string): number => 0
  const pipeline = createBoxPipeline({
    threads,
    recovered,
    config,
    clock,
    options,
    journalNext: await threads.journal.call.next(),
    mostOutstanding: MOST_OUTSTANDING,
    mostWaiting: MOST_JOURNAL_WAITING,
    device: (thing) => devices.current(thing),
    commands: { accept: (given) => boxDevices.commands.accept(given) },
    heard: (effects) => boxDevices.heard(effects),
    rawKeptFrom: (measure) => rawKeptFrom(measure),
    publish: (topic, payload) =>
      void broker
        ?.publish(topic, payload, { qos: 1 })
        .catch((error: Error) => log(`publish to ${topic}: ${error.message}`)),
  })
  const { states, output, gate, live, texts, teller, fleet, requests, deliver, deliveries, runner, loop, journal, submit } = pipeline // prettier-ignore
  undo.push(fleet.close)
  const latest = latestInStates(states, texts)
  const { host, names } = options
  const authority = await openAuthority({ dir: join(dir, 'ca'), clock, hosts: () => servedNames(host, names) }) // prettier-ignore
  const groups = await openBoxGroups(deviceStores.groups)
  const devices: LocalDevices = createLocalDevices({
    changes,
    credentials: await threads.credentials.all(),
    configStore,
    credentialStore: threads.credentials,
    authority,
    clock,
    submit,
    membersOf: groups.membersOf,
  })
  const token = readOrMakeToken(join(dir, 'token'))
  const boxDevices: BoxDevices = await openBoxDevices({ dir, stores: deviceStores, groups, devices, states, authority, alarmBook, audit, clock, startedAt, adminToken: token, broker: () => broker, deliver, log }) // prettier-ignore

  const sites = createLocalSites({ changes, publish: devices.publish, now: clock.now })
  const history = await createBoxHistory({
    dir,
    settings: options.history,
    threads,
    clock,
    devices: devices.all,
    device: devices.current,
    zoneOfSite: sites.zoneOf,
    log,
    submit,
    forget: (thing) => {
      states.forget(thing)
      latest.forget(thing)
      texts.forget(thing)
      output.forget(thing)
    },
    eraseElsewhere: deviceStores.erase,
    emptyJournal: async () => {
      await threads.journal.call.rotate()
      await submit(tickMessage(clock.now()))
      await upkeep.settled()
    },
  })
  rawKeptFrom = history.rawKeptFrom
  const boxJobs = await createBoxJobs({
    dir,
    settings: options.jobs,
    threads,
    store: gate,
    configuration: config,
    sites,
    clock,
    deliver,
    setPoints: shadowSetPoints({ shadows: boxDevices.desk.shadows, store: deviceStores.shadows, clock }),
    publish: devices.publish,
    lastTick: pipeline.lastTick,
    log,
  })
  await replayJournal({
    journal,
    loop,
    output,
    after: recovered.position,
    mostOutstanding: MOST_OUTSTANDING / 4,
  })
  await runner.flush([...states.all()])
  await teller.resume()
  await requests.resume(clock.now())

  const throughput = createThroughputMeter(() => loop.counts.readings, clock.now)
  const health = createBoxHealth({ throughput, startedAt, version: options.version, clock, journal, loop, deliveries, output, gate, states, teller, devices, dir, storeThread: threads.store, broker: () => broker, more: async () => [...(await history.conditions()), ...boxDevices.conditions()] }) // prettier-ignore
  const behind = (): boolean => journal.waitingBytes() > MOST_JOURNAL_WAITING / 2 || loop.isBehind()
  const admission = createAdmission({
    append: journal.append,
    behind,
    mostHeldBytes: MOST_JOURNAL_WAITING / 2,
    everyMs: 20,
  })
  undo.push(admission.close)
  broker = await startBroker({
    listen: { host, mqttPort: options.mqttPort, httpsPort: options.httpsPort },
    ...(options.plainPort === undefined ? {} : { plain: { port: options.plainPort } }),
    authority,
    directory: boxDevices.directory,
    ...boxDevices.hooks,
    ingest: (message, done) => {
      if (boxDevices.takeAnswer(message, done)) return
      admission.take(message, done)
    },
    pressure: behind,
    audit,
    clock,
  })
  undo.push(broker.close)
  const mqttUrl = `mqtts://${urlHost(publicHost(host, names))}:${broker.ports.mqtt}`

  boxDevices.start()
  const reports = createBoxReports({
    dir,
    sources: {
      devices,
      telemetry: threads.query.call,
      alarms: alarmBook,
      orders: boxJobs.ports.orders,
      series: chartSeries(history.series),
    },
    clock,
    timeZone: options.reportZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    log,
  })
  const roadTiles = options.road === undefined ? null : createRoadTiles(options.road)
  const api = createApi(
    {
      telemetry: threads.query.call,
      history,
      latest,
      usualBands: (thing) => {
        const profile = config.profile(thing, clock.now())
        return profile ? usualBands(profile) : []
      },
      alarms: alarmBook,
      quarantine: threads.quarantine,
      audit,
      devices,
      credentials: localCredentials({ devices, broker, caPem: authority.rootPem, endpoint: mqttUrl }),
      clock,
      submit,
      health: health.report,
      metrics: health.metrics,
      live: live.subscribe,
      fleet: fleet.reader,
      ...(roadTiles && { roadTiles }),
      authenticate: boxDevices.authenticate,
      deviceDesk: boxDevices.desk,
      trades: boxJobs.ports,
      reports: reports.desk,
    },
    {
      version: options.version,
      endpoints: apiEndpoints,
      page: options.page ?? builtPage,
      signIn: boxDevices.signIn,
      onError: (error) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    },
  )
  const http = await listenHttp(api.fetch, host, options.httpPort, authority.server)
  const url = `${http.scheme}://${urlHost(host)}:${http.port}`
  const forgetEndpoint = announceEndpoint(dir, { url, mqtt: `mqtts://${urlHost(host)}:${broker.ports.mqtt}`, pid: process.pid }) // prettier-ignore

  history.start()
  boxJobs.start()
  reports.start()

  const upkeep = createBoxUpkeep({ threads, states, output, gate, journal, loop, deliveries, history, clock, options, submit }) // prettier-ignore
  const timers = [
    setInterval(throughput.sample, THROUGHPUT_STEP_MS),
    ...upkeep.timers(log),
    ...watchClockAndCertificates({ clock, authority, broker, audit, log, onRenewal: http.reload }),
  ]

  async function close(): Promise<void> {
    // First, so that whoever waits for the directory knows that this box is on its way out.
    forgetEndpoint()
    for (const timer of timers) clearInterval(timer)
    await broker?.close()
    admission.close()
    await http.close()
    await boxJobs.close()
    await upkeep.settled()
    await history.close()
    await fleet.close()
    await roadTiles?.close()
    await reports.close()
    await audit.flush()
    await boxDevices.close()
    await threads.close()
    await undo[0]?.()
  }

  return {
    url,
    mqttUrl,
    token,
    devices,
    desk: boxDevices.desk,
    publish: async (topic, payload, qos) => broker?.publish(topic, payload, { qos }),
    rootPem: authority.rootPem(),
    ports: { ...broker.ports, http: http.port },
    submit,
    settled: upkeep.settled,
    repaired: upkeep.repaired,
    history,
    runJobs: boxJobs.run,
    close,
  }
}
