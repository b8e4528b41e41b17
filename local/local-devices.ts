import type { Change, Device, DeviceType } from '../src/core/device/profile.ts'
import type { EpochMs } from '../src/core/telemetry/reading.ts'
import { CHANGE_TOPIC, type RawMessage } from '../src/ports/raw-record.ts'
import type { Directory } from '../src/adapters/local/broker/options.ts'
import type { Credential, Credentials } from '../src/adapters/local/book/sqlite-credentials.ts'
import type { Authority } from '../src/adapters/local/ca/authority.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { ConfigStore } from '../src/ports/config-store.ts'
import type { DeviceDirectory, DeviceQuery } from '../src/ports/device-directory.ts'

export interface IssuedCredential {
  certificatePem: string
  /** Given here once and kept nowhere. */
  privateKeyPem: string
  fingerprint: string
}

export interface LocalDevices extends DeviceDirectory {
  /** A certificate for a registered device. */
  issue(thing: string): Promise<IssuedCredential>
  credentialsOf(thing: string): Credential[]
  /** Refuses the certificate from now on; the caller cuts its connections. */
  revoke(fingerprint: string): Promise<Credential | null>
  byFingerprint(fingerprint: string): { credential: Credential; device: Device | null } | null
  current(thing: string): Device | null
  count(): number
  all(): Iterable<Device>
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
}

/**
 * Devices and types as they are now. A change is stored, then journaled like any other record, so that replaying the
 * journal sees it between the same two messages; it holds for records received after it.
 */
export function createLocalDevices(options: LocalDevicesOptions): LocalDevices {
  const { configStore, credentialStore, authority, clock, submit } = options
  const devices = new Map<string, Device>()
  const deviceTypes = new Map<string, DeviceType>()
  const credentials = new Map(options.credentials.map((c) => [c.fingerprint, c]))
  let sorted: Device[] | null = null
  for (const change of options.changes) remember(change)

  function remember(change: Change): void {
    if (change.kind === 'device') {
      sorted = null
      if (change.value) devices.set(change.key, change.value)
      else devices.delete(change.key)
    }
    if (change.kind === 'type') deviceTypes.set(change.key, change.value)
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

  function list(query: DeviceQuery): Device[] {
    sorted ??= [...devices.values()].sort((a, b) => (a.thing < b.thing ? -1 : 1))
    const { trade, site, status, cursor, limit } = query
    const text = query.text?.toLowerCase()
    const found: Device[] = []
    for (
      let i = cursor === undefined ? 0 : firstAfter(sorted, cursor);
      i < sorted.length && found.length < limit;
      i++
    ) {
      const device = sorted[i]!
      if (trade !== undefined && device.trade !== trade) continue
      if (site !== undefined && device.site !== site) continue
      if (status !== undefined && device.status !== status) continue
      if (text !== undefined && !mentions(device, text)) continue
      found.push(device)
    }
    return found
  }

  return {
    list: async (query) => list(query),
    get: async (thing) => devices.get(thing) ?? null,
    put: async (device) => {
      const now = clock.now()
      await publish({ kind: 'device', key: device.thing, effectiveFrom: now + 1, value: device }, now)
      return { effectiveFrom: now + 1 }
    },
    remove: async (thing) => {
      if (!devices.has(thing)) return false
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
      const { certificatePem, privateKeyPem, fingerprint, serial, notAfter } =
        await authority.issueDevice(thing)
      const credential: Credential = {
        fingerprint,
        thing,
        serial,
        status: 'active',
        notBefore: clock.now(),
        notAfter,
      }
      await credentialStore.put(credential)
      credentials.set(fingerprint, credential)
      return { certificatePem, privateKeyPem, fingerprint }
    },
    credentialsOf: (thing) => [...credentials.values()].filter((c) => c.thing === thing),
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
      return credential ? { credential, device: devices.get(credential.thing) ?? null } : null
    },
    current: (thing) => devices.get(thing) ?? null,
    count: () => devices.size,
    all: () => devices.values(),
  }
}

/** Who may connect: a registered device with a certificate of its own that has not been revoked. */
export const identitiesOf = (devices: Pick<LocalDevices, 'byFingerprint' | 'current'>): Directory => ({
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
})

function firstAfter(sorted: readonly Device[], thing: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]!.thing <= thing) low = middle + 1
    else high = middle
  }
  return low
}

const mentions = ({ thing, type, site, attributes }: Device, text: string): boolean =>
  [thing, type, site ?? '', ...Object.values(attributes)].some((word) => word.toLowerCase().includes(text))
