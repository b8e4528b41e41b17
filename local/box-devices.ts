import type { JsonObject } from '../src/core/device/json.ts'
import { actuatorOf } from '../src/core/device/profile.ts'
import { nearest } from '../src/core/device/nearest.ts'
import type { EpochMs } from '../src/core/telemetry/reading.ts'
import type { DataEffect } from '../src/core/telemetry/stage.ts'
import { receiptOf } from '../src/core/telemetry/device-state.ts'
import { devicePolicy } from '../src/adapters/local/broker/policy.ts'
import type { Broker } from '../src/adapters/local/broker/broker.ts'
import type { BrokerOptions, Directory } from '../src/adapters/local/broker/options.ts'
import type { Authority } from '../src/adapters/local/ca/authority.ts'
import type { Deliver } from '../src/pipeline/delivery.ts'
import { isAskedAbout } from '../src/pipeline/devices/is-asked-about.ts'
import { activeAlarms } from '../src/pipeline/devices/active-alarms.ts'
import { createCommandDesk } from '../src/pipeline/devices/command-desk.ts'
import { createJobDesk } from '../src/pipeline/devices/job-desk.ts'
import { createJobTopics, type JobTopics } from '../src/pipeline/devices/job-topics.ts'
import { createReservedDesk } from '../src/pipeline/devices/reserved-desk.ts'
import { createShadowDesk } from '../src/pipeline/devices/shadow-desk.ts'
import { createPresenceWatch, presenceRules } from '../src/pipeline/jobs/presence.ts'
import type { AlarmBook } from '../src/ports/alarm-book.ts'
import type { Audit } from '../src/ports/audit.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { CommandDesk } from '../src/ports/command-desk.ts'
import type { DeviceDesk } from '../src/ports/device-desk.ts'
import type { RawMessage } from '../src/ports/raw-record.ts'
import { healthLook } from '../src/pipeline/devices/health-look.ts'
import { createBoxAuthority } from './box-authority.ts'
import { createBoxCredentials } from './box-credentials.ts'
import type { BoxGroups } from './box-groups.ts'
import { openBoxPeople, sameToken, type BoxPeople } from './box-people.ts'
import { createBoxStatus } from './box-status.ts'
import { openBoxProvisioning } from './box-provisioning.ts'
import type { BoxStates } from './box-states.ts'
import type { DeviceStores } from './device-stores.ts'
import { placesOf } from './device-places.ts'
import type { LocalDevices } from './local-devices.ts'

export interface BoxDevicesParts {
  dir: string
  stores: DeviceStores
  groups: BoxGroups
  devices: LocalDevices
  states: BoxStates
  authority: Authority
  alarmBook: AlarmBook
  audit: Audit
  clock: Clock
  startedAt: EpochMs
  adminToken: string
  broker(): Broker | null
  deliver: Deliver
  log(line: string): void
}

export interface BoxDevices {
  desk: DeviceDesk
  commands: CommandDesk
  directory: Directory
  /** What the broker hands over. */
  hooks: Required<Pick<BrokerOptions, 'reserved' | 'onPresence' | 'onSubscribe'>>
  /** True if the message was an answer to a command, and is taken care of. */
  takeAnswer(message: RawMessage, done: (error?: Error) => void): boolean
  /** Readings tell who is alive. */
  heard(effects: readonly DataEffect[]): void
  authenticate(token: string): ReturnType<DeviceDesk['people']['authenticate']>
  signIn: BoxPeople['signIn']
  /** What of it will need someone, in words with a remedy. */
  conditions(): [code: string, text: string | null][]
  start(): void
  close(): Promise<void>
}

/** Presence and leases are looked after this often; it costs what is due. */
const SWEEP_MS = 10_000
const MINUTE_MS = 60_000
/** Devices back off when a box restarts. */
const START_GRACE_MS = 180_000
/** Certificates are warned of this long before they end. */
const WARN_MS = 60 * 86_400_000

/** Everything about devices that is not telemetry, put together: shadows, commands, jobs, presence, certificates, people. */
export async function openBoxDevices(parts: BoxDevicesParts): Promise<BoxDevices> {
  const { dir, stores, groups, devices, states, authority, alarmBook, audit, clock, broker, log } = parts
  const publish = (topic: string, body: JsonObject): void =>
    void broker()
      ?.publish(topic, Buffer.from(JSON.stringify(body)), { qos: 1 })
      .catch((error: Error) => log(`publish to ${topic}: ${error.message}`))
  const cut = (): void => broker()?.reloadCrl()
  const isConnected = (clientId: string): boolean =>
    broker()
      ?.connections()
      .some((c) => c.clientId === clientId && c.thing === clientId) ?? false

  const shadows = createShadowDesk({ store: stores.shadows, clock, publish })
  const commands = createCommandDesk({
    book: stores.commands,
    link: { publish: async (topic, payload, qos) => broker()?.publish(topic, payload, { qos }) },
    clock,
    audit,
    device: devices.current,
    actuator: (device, name) => actuatorOf(devices.typeOf(device), name),
    listens: (thing, topic) => broker()?.hears(thing, topic) ?? false,
  })
  const watch = createPresenceWatch(
    {
      device: devices.current,
      declaredIntervalMs: (device) => devices.typeOf(device)?.expectedIntervalMs,
      deliver: (transitions) =>
        parts.deliver(transitions.map((transition) => ({ kind: 'transition', transition }))),
      soon: (work) => void setImmediate(work),
    },
    {
      startedAt: parts.startedAt,
      bucketMs: SWEEP_MS,
      startGraceMs: START_GRACE_MS,
      stored: await stores.vitals.load(),
      lastData: [...states.all()].map((state) => [state.thing, receiptOf(state)] as const),
      raised: (
        await Promise.all(presenceRules.map(async (rule) => activeAlarms(alarmBook, { rule })))
      ).flat(),
    },
  )
  const jobs = createJobDesk({
    store: stores.jobs,
    clock,
    audit,
    changed: (things) => jobTopics.changed(things),
    look: async () => healthLook(await activeAlarms(alarmBook), (thing) => watch.status(thing, clock.now())),
  })
  const report = (what: string) => (error: Error) => log(`${what}: ${error.message}`)
  const jobTopics: JobTopics = createJobTopics({
    store: stores.jobs,
    clock,
    publish,
    listens: (thing, topic) => broker()?.hears(thing, topic) ?? false,
    finished: jobs.finished,
    failed: report('jobs'),
  })
  const provisioning = await openBoxProvisioning({
    store: stores.provisioning,
    devices,
    authority,
    clock,
    audit,
    isConnected,
    cut,
  })
  const credentials = createBoxCredentials({
    devices,
    store: stores.retirements,
    clock,
    audit,
    caPem: authority.rootPem,
    cut,
  })
  const people = await openBoxPeople({ dir, store: stores.people, clock, log })
  const reserved = createReservedDesk({
    shadows,
    jobs: jobTopics,
    provisioning: provisioning.desk,
    clock,
    publish,
  })

  devices.onChange((thing, before, after) => {
    if (before && after?.status !== 'active') broker()?.kick(thing)
    watch.reconsider(thing, clock.now())
    if (before && after?.status === 'retired')
      void credentials.revokeAll(thing).catch(report(`certificates of ${thing}`))
    if (after === null)
      void forget(thing).catch((error: Error) => log(`forgetting ${thing}: ${error.message}`))
  })

  async function forget(thing: string): Promise<void> {
    await credentials.revokeAll(thing)
    await stores.shadows.forget(thing)
    await jobTopics.forget(thing)
    await commands.forget(thing)
    await groups.forget(thing)
  }

  /** Tells the broker when a device's wish is on disk, or that it could not be brought there. */
  async function settle(work: Promise<void>, topic: string, done: (error?: Error) => void): Promise<void> {
    let failure: Error | undefined
    try {
      await work
    } catch (error) {
      failure = error as Error
      log(`${topic}: ${failure.message}`)
    }
    done(failure)
  }

  /** What should not wait for the minute: who is away, and whose lease of an actuator is over. */
  async function often(): Promise<void> {
    await watch.sweep(clock.now()).catch(report('presence'))
    await commands.sweep().catch(report('commands'))
  }

  async function minute(): Promise<void> {
    await jobTopics.sweep().catch(report('jobs'))
    await jobs.sweep().catch(report('jobs'))
    await credentials.sweep().catch(report('certificates'))
    await stores.vitals.save(watch.takeChanged(), watch.takeGone()).catch(report('presence'))
    ending = devices.endingBefore(clock.now() + WARN_MS)
  }
  const roots = createBoxAuthority({ authority, devices, onRenewal: cut })
  let ending: string[] = devices.endingBefore(clock.now() + WARN_MS)
  let timers: NodeJS.Timeout[] = []

  return {
    desk: {
      status: createBoxStatus({ watch, devices, clock }),
      shadows,
      commands: { give: commands.give, get: stores.commands.get, list: stores.commands.list },
      jobs: {
        ...jobs,
        list: stores.jobs.list,
        executions: stores.jobs.executions,
        get: async (id) => {
          const job = await stores.jobs.get(id)
          return job && { ...job, counts: await stores.jobs.counts(id) }
        },
      },
      groups,
      credentials,
      authority: roots,
      provisioning: provisioning.api,
      people: people.desk,
      nearest: async ({ latitude, longitude, limit, withinM, ...query }) => {
        const places = placesOf(devices, states, (device) => isAskedAbout(device, query))
        return nearest(places, { latitude, longitude }, limit, withinM)
      },
    },
    commands,
    directory: {
      identify: (fingerprint, commonName) => {
        const known = devices.byFingerprint(fingerprint)
        if (!known) return provisioning.identify(fingerprint)
        if (!known.device || known.credential.status !== 'active') return null
        const { thing, trade, status } = known.device
        // A certificate that was signed before its device had a name: the fingerprint says whose it is.
        return { thing, trade, status, ...(thing !== commonName && { policy: devicePolicy }) }
      },
      identifyPlain: (clientId) => {
        const device = devices.current(clientId)
        return device ? { thing: device.thing, trade: device.trade, status: device.status } : null
      },
    },
    hooks: {
      reserved: ({ identity, principal, topic, payload, reply }, done) => {
        const answer = (to: string, body: JsonObject): void => reply(to, Buffer.from(JSON.stringify(body)))
        void settle(
          reserved({ thing: identity.thing, principal, topic, payload, reply: answer }),
          topic,
          done,
        )
      },
      onPresence: (event) => watch.news(event.thingName, event, clock.now()),
      onSubscribe: (thing, filters) => {
        if (filters.some((filter) => filter.startsWith('cmd/') || filter.startsWith('#')))
          void commands.listening(thing).catch(report('commands'))
      },
    },
    takeAnswer: ({ topic, client, payload }, done) => {
      if (!topic.startsWith('cmd/')) return false
      void settle(commands.answered(client, payload), topic, done)
      return true
    },
    heard: (effects) => {
      for (const effect of effects)
        if (effect.kind === 'readings' && effect.batch.lane === 'telemetry')
          watch.heard(effect.batch.thing, effect.batch.receivedAt)
    },
    authenticate: async (token) =>
      sameToken(token, parts.adminToken)
        ? { name: 'box', role: 'admin', sites: null }
        : people.desk.authenticate(token),
    signIn: people.signIn,
    conditions: () => [
      [
        'certificates_ending',
        ending.length > 0
          ? `the certificates of ${ending.length} devices end within 60 days (${ending.slice(0, 3).join(', ')}); rotate them`
          : null,
      ],
      ['oidc_failing', people.trouble()],
      ['root_ending', roots.warning(clock.now() + WARN_MS)],
    ],
    start: () => {
      timers = [setInterval(() => void often(), SWEEP_MS), setInterval(() => void minute(), MINUTE_MS)]
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer)
      await stores.vitals.save(watch.takeChanged(), watch.takeGone())
      await stores.close()
    },
  }
}
