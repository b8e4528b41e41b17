import type { Change, Device, DeviceType } from '../src/core/device/profile.ts'
import type { EpochMs } from '../src/core/telemetry/reading.ts'
import { CHANGE_TOPIC, type RawMessage } from '../src/ports/raw-record.ts'
import type { Credential, Credentials } from '../src/adapters/local/book/sqlite-credentials.ts'
import type { Authority, IssuedCertificate } from '../src/adapters/local/ca/authority.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { ConfigStore } from '../src/ports/config-store.ts'
import type { DeviceDirectory } from '../src/ports/device-directory.ts'
import { createDeviceIndex } from './device-index.ts'

export interface IssuedCredential {
  certificatePem: string
  /** Given here once and kept nowhere. */
  privateKeyPem: string
  fingerprint: string
}

export interface LocalDevices extends DeviceDirectory {
  /** Stores and journals any change of configuration. */
  publish(change: Change): Promise<void>
  /** A certificate for a registered device. */
  issue(thing: string): Promise<IssuedCredential>
  /** The same over a key that the device keeps to itself. */
  sign(thing: string, csrPem: string): Promise<Omit<IssuedCredential, 'privateKeyPem'>>
  /** Makes a certificate that the authority has signed already the device's own. */
  adopt(thing: string, certificate: Omit<IssuedCertificate, 'certificatePem'>): Promise<void>
  credentialsOf(thing: string): Credential[]
  /** Active devices whose last certificate ends before this time. */
  endingBefore(at: EpochMs): string[]
  /** Active devices that hold certificates, all of them given before this time. */
  lastGivenBefore(at: EpochMs): string[]
  /** Refuses the certificate from now on; the caller cuts its connections. */
  revoke(fingerprint: string): Promise<Credential | null>
  byFingerprint(fingerprint: string): { credential: Credential; device: Device | null } | null
  current(thing: string): Device | null
  typeOf(device: Device): DeviceType | null
  all(): Iterable<Device>
  /** Those whose names come after this one, ascending. */
  after(thing: string): Iterable<Device>
  count(): number
  /** Told of every device whose registration has changed or ended. */
  onChange(listener: (thing: string, before: Device | null, after: Device | null) => void): void
}

export interface LocalDevicesOptions {
  changes: readonly Change[]
  credentials: readonly Credential[]
  configStore: ConfigStore
  credentialStore: Credentials
  authority: Authority
  clock: Clock
  /** Puts a message into the journal; resolves once it is durable. */
  submit(message: RawMessage): Promise<unknown>
  membersOf?(group: string): Iterable<string>
}

/**
 * Devices and types as they are now. A change is stored, then journaled like any other record, so that replaying the
 * journal sees it between the same two messages; it holds for records received after it.
 */
export function createLocalDevices(options: LocalDevicesOptions): LocalDevices {
  const { configStore, credentialStore, authority, clock, submit, membersOf = () => [] } = options
  const index = createDeviceIndex(membersOf)
  const typeVersions = new Map<string, DeviceType[]>()
  const credentials = new Map<string, Credential>()
  const byThing = new Map<string, Set<string>>()
  const listeners: Parameters<LocalDevices['onChange']>[0][] = []
  for (const change of options.changes) remember(change)
  for (const credential of options.credentials) hold(credential)

  function remember(change: Change): void {
    if (change.kind === 'device') {
      const before = index.get(change.key)
      if (change.value) index.put(change.value)
      else index.remove(change.key)
      for (const listener of listeners) listener(change.key, before, change.value)
    }
    if (change.kind !== 'type') return
    const versions = typeVersions.get(change.key)
    if (versions) versions.push(change.value)
    else typeVersions.set(change.key, [change.value])
  }

  function hold(credential: Credential): void {
    credentials.set(credential.fingerprint, credential)
    const known = byThing.get(credential.thing)
    if (known) known.add(credential.fingerprint)
    else byThing.set(credential.thing, new Set([credential.fingerprint]))
  }

  /** Active devices whose greatest such time, over their active certificates, lies before this one. */
  function newestBefore(time: 'notBefore' | 'notAfter', at: EpochMs): string[] {
    return [...byThing].flatMap(([thing, fingerprints]) => {
      if (index.get(thing)?.status !== 'active') return []
      let newest = -Infinity
      for (const fingerprint of fingerprints) {
        const credential = credentials.get(fingerprint)!
        if (credential.status === 'active') newest = Math.max(newest, credential[time])
      }
      return newest > -Infinity && newest < at ? [thing] : []
    })
  }

  /** Many changes share one transaction, and then a few groups of the journal. */
  async function publish(changes: readonly Change[], receivedAt: EpochMs): Promise<void> {
    await configStore.put(changes)
    for (const change of changes) remember(change)
    await Promise.all(
      changes.map(async (change) =>
        submit({
          topic: CHANGE_TOPIC,
          client: '',
          receivedAt,
          payload: Buffer.from(JSON.stringify(change)),
        }),
      ),
    )
  }

  async function putMany(devices: readonly Device[]): Promise<{ effectiveFrom: EpochMs }> {
    const now = clock.now()
    const effectiveFrom = now + 1
    await publish(
      devices.map((value) => ({ kind: 'device', key: value.thing, effectiveFrom, value })),
      now,
    )
    return { effectiveFrom }
  }

  async function adopt(thing: string, issued: Omit<IssuedCertificate, 'certificatePem'>): Promise<void> {
    const { fingerprint, serial, notAfter } = issued
    const credential: Credential = {
      fingerprint,
      thing,
      serial,
      status: 'active',
      notBefore: clock.now(),
      notAfter,
    }
    await credentialStore.put(credential)
    hold(credential)
  }

  return {
    list: async (query) => index.list(query),
    get: async (thing) => index.get(thing),
    getMany: async (things) =>
      new Map(
        things.flatMap((thing) => {
          const device = index.get(thing)
          return device ? [[thing, device] as const] : []
        }),
      ),
    publish: (change) => publish([change], clock.now()),
    put: (device) => putMany([device]),
    putMany,
    remove: async (thing) => {
      if (!index.get(thing)) return false
      const now = clock.now()
      await publish([{ kind: 'device', key: thing, effectiveFrom: now + 1, value: null }], now)
      return true
    },
    types: async () =>
      [...typeVersions.values()]
        .map((versions) => versions.at(-1)!)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    typeVersions: async (name) => [...(typeVersions.get(name) ?? [])],
    putType: async (given) => {
      const now = clock.now()
      const type = { ...given, version: (typeVersions.get(given.name)?.at(-1)?.version ?? 0) + 1 }
      await publish([{ kind: 'type', key: type.name, effectiveFrom: now + 1, value: type }], now)
      return { type, effectiveFrom: now + 1 }
    },
    issue: async (thing) => {
      const { privateKeyPem, ...issued } = await authority.issueDevice(thing)
      await adopt(thing, issued)
      return { certificatePem: issued.certificatePem, privateKeyPem, fingerprint: issued.fingerprint }
    },
    sign: async (thing, csrPem) => {
      const issued = await authority.signCsr(csrPem, thing)
      await adopt(thing, issued)
      return { certificatePem: issued.certificatePem, fingerprint: issued.fingerprint }
    },
    adopt,
    credentialsOf: (thing) =>
      [...(byThing.get(thing) ?? [])].map((fingerprint) => credentials.get(fingerprint)!),
    endingBefore: (at) => newestBefore('notAfter', at),
    lastGivenBefore: (at) => newestBefore('notBefore', at),
    revoke: async (fingerprint) => {
      const credential = credentials.get(fingerprint)
      if (!credential) return null
      const revoked: Credential = { ...credential, status: 'revoked' }
      credentials.set(fingerprint, revoked)
      await credentialStore.put(revoked)
      await authority.revoke(credential)
      return revoked
    },
    byFingerprint: (fingerprint) => {
      const credential = credentials.get(fingerprint)
      return credential ? { credential, device: index.get(credential.thing) } : null
    },
    current: (thing) => index.get(thing),
    typeOf: ({ type }) => typeVersions.get(type)?.at(-1) ?? null,
    all: () => index.all(),
    after: (thing) => index.after(thing),
    count: () => index.count(),
    onChange: (listener) => void listeners.push(listener),
  }
}
