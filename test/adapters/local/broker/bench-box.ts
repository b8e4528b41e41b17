import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import type { AuditEntry } from '../../../../src/ports/audit.ts'
import type { Clock } from '../../../../src/ports/clock.ts'
import type { RawMessage } from '../../../../src/ports/raw-record.ts'
import { startBroker, type Broker } from '../../../../src/adapters/local/broker/broker.ts'
import type { BrokerOptions } from '../../../../src/adapters/local/broker/options.ts'
import type { PresenceEvent } from '../../../../src/adapters/local/broker/presence.ts'
import type { Identity } from '../../../../src/adapters/local/broker/session.ts'
import {
  openAuthority,
  type Authority,
  type AuthorityOptions,
  type IssuedCertificate,
} from '../../../../src/adapters/local/ca/authority.ts'

export type DeviceCertificate = IssuedCertificate & { privateKeyPem: string }

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() }

/** A broker on free ports with its own authority, a registry in memory and a list for a journal. */
export interface Box {
  authority: Authority
  broker: Broker
  taken: RawMessage[]
  audited: AuditEntry[]
  presence: PresenceEvent[]
  identities: Map<string, Identity>
  /** Replaces what happens to a message on its way to the journal. */
  onIngest(handler: (message: RawMessage, done: (error?: Error) => void) => void): void
  enroll(thing: string, identity?: Partial<Identity>): Promise<DeviceCertificate>
  close(): Promise<void>
}

export async function startBox(
  overrides: Partial<BrokerOptions> = {},
  authorityOptions: Partial<AuthorityOptions> = {},
): Promise<Box> {
  const dir = mkdtempSync(join(tmpdir(), 'telltale-broker-'))
  const clock = overrides.clock ?? systemClock
  const authority = await openAuthority({ dir, clock, ...authorityOptions })
  const identities = new Map<string, Identity>()
  const taken: RawMessage[] = []
  const audited: AuditEntry[] = []
  const presence: PresenceEvent[] = []
  const record: BrokerOptions['ingest'] = (message, done) => {
    taken.push({ ...message, payload: Buffer.from(message.payload) })
    setImmediate(done)
  }
  let ingest = record
  const broker = await startBroker({
    listen: { host: '127.0.0.1', mqttPort: 0, httpsPort: 0 },
    authority,
    directory: { identify: (fingerprint) => identities.get(fingerprint) ?? null },
    ingest: (message, done) => ingest(message, done),
    onPresence: (event) => presence.push(event),
    audit: { record: (entry) => audited.push(entry) },
    clock,
    ...overrides,
  })
  return {
    authority,
    broker,
    taken,
    audited,
    presence,
    identities,
    onIngest: (handler) => {
      ingest = handler
    },
    enroll: async (thing, identity = {}) => {
      const certificate = await authority.issueDevice(thing)
      identities.set(certificate.fingerprint, { thing, trade: 'plant', status: 'active', ...identity })
      return certificate
    },
    close: async () => {
      await broker.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const mqttOptions = (box: Box, certificate: DeviceCertificate): IClientOptions => ({
  host: '127.0.0.1',
  port: box.broker.ports.mqtt,
  protocol: 'mqtts',
  ca: box.authority.rootPem(),
  cert: certificate.certificatePem,
  key: certificate.privateKeyPem,
  reconnectPeriod: 0,
  connectTimeout: 5_000,
})

/** `mqtt.connectAsync` never settles when TLS is refused after the handshake (MQTT.js#1776): events do. */
export function connectDevice(
  box: Box,
  certificate: DeviceCertificate,
  options: IClientOptions,
): Promise<MqttClient> {
  const client = connect({ ...mqttOptions(box, certificate), ...options })
  return new Promise((resolve, reject) => {
    let cause = 'closed'
    const refused = (): void => {
      client.end(true)
      reject(new Error(cause))
    }
    client.on('error', (error) => {
      cause = error.message
    })
    client.once('close', refused)
    client.once('connect', () => {
      client.off('close', refused)
      resolve(client)
    })
  })
}

export const closed = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => {
    client.once('close', () => resolve())
  })

/** Waits for something that happens elsewhere; the test's own time limit ends it if it never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
