import type { EpochMs } from '../core/telemetry/reading.ts'

export interface AuditEntry {
  at: EpochMs
  /** Who: a token's name, a thing, or the platform. */
  actor: string
  action: string
  subject: string
  detail: string
}

/** Append-only. */
export interface Audit {
  record(entry: AuditEntry): void
  list(query: {
    action?: string
    subject?: string
    cursor?: string
    limit: number
  }): Promise<(AuditEntry & { id: string })[]>
}
