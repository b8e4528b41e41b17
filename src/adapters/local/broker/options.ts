import type { Audit } from '../../../ports/audit.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { RawMessage } from '../../../ports/raw-record.ts'
import type { Authority } from '../ca/authority.ts'
import type { BrokerLimits } from './limits.ts'
import type { PresenceEvent } from './presence.ts'
import type { Identity } from './session.ts'

/** Who may connect. Both answer from memory; null is a stranger, or a revoked certificate. */
export interface Directory {
  identify(fingerprint: string, commonName: string): Identity | null
  /** For the plain listener of benches only. */
  identifyPlain?(clientId: string): Identity | null
}

/** A publish to one of the platform's own topics: shadows, jobs, provisioning. */
export interface ReservedRequest {
  identity: Identity
  clientId: string
  /** The certificate's fingerprint. */
  principal: string
  topic: string
  payload: Uint8Array
  /** Answers this connection alone, if it has subscribed to the topic. */
  reply(topic: string, payload: Uint8Array): void
}

export interface BrokerOptions {
  listen: {
    host: string
    /** 0 takes any free port. */
    mqttPort: number
    /** HTTPS publish and MQTT over WebSocket; off if absent. */
    httpsPort?: number
  }
  /** A listener without TLS on 127.0.0.1, for benches: identity by client id. */
  plain?: { port: number }
  authority: Pick<Authority, 'rootPem' | 'server' | 'crlPems' | 'isRevoked'>
  directory: Directory
  /**
   * Takes every message on the way to the journal. A QoS 1 publish is acknowledged when `done()` is called; with an
   * error it is not, and the connection is closed so that the device sends it again. The payload is a view of the
   * receive buffer: who keeps it for long copies it.
   */
  ingest(message: RawMessage, done: (error?: Error) => void): void
  /** While it says true, QoS 0 is shed and counted instead of taken in. */
  pressure?(): boolean
  reserved?(request: ReservedRequest, done: (error?: Error) => void): void
  onPresence?(event: PresenceEvent): void
  /** A device has subscribed, and hears from now on what these filters cover. */
  onSubscribe?(thing: string, filters: readonly string[]): void
  audit: Pick<Audit, 'record'>
  clock: Clock
  limits?: Partial<BrokerLimits>
}
