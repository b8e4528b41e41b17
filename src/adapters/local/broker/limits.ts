import { limits } from '../../../core/telemetry/limits.ts'

/** Every limit on a connection, each with the threat it answers. All but the first line can be set, for tests and small boxes. */
export const brokerLimits = {
  /** AWS IoT Core's own; a stock broker would buffer whatever a header announces. */
  payloadBytes: limits.payloadBytes,
  /** AWS IoT Core's own; topics become keys. The Basic Ingest prefix is not counted. */
  topicBytes: 256,
  topicSlashes: 7,
  /** Any packet but PUBLISH: a CONNECT or SUBSCRIBE of megabytes, sent before it could be refused by content. */
  controlBytes: 8 * 1024,
  /** AWS IoT Core's own; every filter costs memory and matching time. */
  subscriptions: 50,
  filtersPerSubscribe: 8,
  /** 0 is off; AWS IoT Core allows 100. One device must not starve the others. */
  publishesPerSecond: 0,
  /** A subscriber that does not read (a TCP window of zero). */
  outgoingBytes: 1024 * 1024,
  /** Connections that never begin TLS. */
  handshakeMs: 10_000,
  /** A fleet that comes back all at once: about a second's work of one core. */
  handshakesAtOnce: 256,
  /** Connections that begin TLS and then say nothing, or half a CONNECT. */
  connectMs: 10_000,
  /** Half a packet, a byte at a time. */
  packetMs: 30_000,
  /** A subscriber that stops reading for this long. */
  stallMs: 30_000,
  /** File descriptors. */
  connections: 18_000,
  /** Messages kept for one device that is away with a persistent session. */
  queuedMessages: 1_000,
  /** AWS IoT Core's default: an hour; sessions of devices that never come back. */
  sessionExpiryMs: 3_600_000,
}

export type BrokerLimits = typeof brokerLimits
