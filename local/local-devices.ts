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
  /** Refuses the certificate from now on; the caller cuts its connections. */
  revoke(fingerprint: string): Promise<Credential | null>
  byFingerprint(fingerprint: string): { credential: Credential; device: Device | null } | null
  current(thing: string): Device | null
  typeOf(device: Device): DeviceType | null
  all(): Iterable<Device>
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
  const deviceTypes = new Map<string, DeviceType>()
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
    if (change.kind === 'type') deviceTypes.set(change.key, change.value)
  }

  function hold(credential: Credential): void {
    credentials.set(credential.fingerprint, credential)
    const known = byThing.get(credential.thing)
    if (known) known.add(credential.fingerprint)
    else byThing.set(credential.thing, new Set([credential.fingerprint]))
  }

  async function publish(change: Change, receivedAt: EpochMs): Promise<void> {
    await configStore.put([change])
    remember(change)
    await submit({
      topic: CHANGE_TOPIC,
      client: '',
      receivedAt,
      payload: Buffer.from(JSON.stringify(change)),
    })
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
    publish: (change) => publish(change, clock.now()),
    put: async (device) => {
      const now = clock.now()
      await publish({ kind: 'device', key: device.thing, effectiveFrom: now + 1, value: device }, now)
      return { effectiveFrom: now + 1 }
    },
    remove: async (thing) => {
      if (!index.get(thing)) return false
      const now = clock.now()
      await publish({ kind: 'device', key: thing, effectiveFrom: now + 1, value: null }, now)
      return true
    },
    types: async () => [...deviceTypes.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    putType: async (given) => {
      const now = clock.now()
      const type = { ...given, version: (deviceTypes.get(given.name)?.version ?? 0) + 1 }
      await publish({ kind: 'type', key: type.name, effectiveFrom: now + 1, value: type }, now)
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
    endingBefore: (at) =>
      [...byThing].flatMap(([thing, fingerprints]) => {
        if (index.get(thing)?.status !== 'active') return []
        const ends = [...fingerprints].flatMap((fingerprint) => {
          const credential = credentials.get(fingerprint)!
          return credential.status === 'active' ? [credential.notAfter] : []
        })
        return ends.length > 0 && Math.max(...ends) < at ? [thing] : []
      }),
    revoke: async (fingerprint) => {
      const credential = credentials.get(fingerprint)
      if (!credential) return null
      const revoked: Credential = { ...credential, status: 'revoked' }
      credentials.set(fingerprint, revoked)
      await credentialStore.put(revoked)
      await authority.revoke(credential.serial)
      return revoked
    },
    byFingerprint: (fingerprint) => {
      const credential = credentials.get(fingerprint)
      return credential ? { credential, device: index.get(credential.thing) } : null
    },
    current: (thing) => index.get(thing),
    typeOf: ({ type }) => deviceTypes.get(type) ?? null,
    all: () => index.all(),
    count: () => index.count(),
    onChange: (listener) => void listeners.push(listener),
  }
}
