import type { Audit } from '../../../ports/audit.ts'
import type { Clock } from '../../../ports/clock.ts'
import { throttledAudit } from '../throttled-audit.ts'

/** Why a connection, a subscription or a publish was refused. */
export type Refusal =
  | 'tls_refused'
  | 'certificate_unknown'
  | 'certificate_revoked'
  | 'certificate_expired'
  | 'too_many_connections'
  | 'connect_denied'
  | 'connect_timeout'
  | 'device_not_active'
  | 'protocol_error'
  | 'not_connect'
  | 'malformed_length'
  | 'packet_too_large'
  | 'packet_timeout'
  | 'too_many_filters'
  | 'payload_too_large'
  | 'publish_denied'
  | 'subscribe_denied'
  | 'slow_reader'
  | 'http_refused'

export interface BrokerStats {
  connected: number
  /** Connections accepted, publishes taken, shed and failed since the start. */
  accepted: number
  resumed: number
  published: number
  publishedBytes: number
  shed: number
  failed: number
  delivered: number
  /** Messages for devices that are away, beyond what is kept for one. */
  queueDropped: number
  refused: Partial<Record<Refusal, number>>
}

export interface Ledger {
  stats: BrokerStats
  /** Counts a refusal and leaves an audit line; a flood of equal ones leaves one line a second with their number. */
  refuse(reason: Refusal, actor: string, subject: string, detail: string): void
}

export function openLedger(audit: Pick<Audit, 'record'>, clock: Clock): Ledger {
  const stats: BrokerStats = {
    connected: 0,
    accepted: 0,
    resumed: 0,
    published: 0,
    publishedBytes: 0,
    shed: 0,
    failed: 0,
    delivered: 0,
    queueDropped: 0,
    refused: {},
  }
  const note = throttledAudit(audit, clock)
  return {
    stats,
    refuse: (reason, actor, subject, detail) => {
      stats.refused[reason] = (stats.refused[reason] ?? 0) + 1
      note({ actor, action: reason, subject, detail })
    },
  }
}
