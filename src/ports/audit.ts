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
  /** `minor` entries may be counted instead of kept when they come as a storm: refusals, whose number an attacker chooses. */
  record(entry: AuditEntry, how?: { minor: boolean }): void
  /** Resolves once everything recorded is on disk. An answer to a change comes after it. */
  flush(): Promise<void>
  /** Newest first; `cursor` is the id to go on after. */
  list(query: {
    actor?: string
    action?: string
    subject?: string
    cursor?: string
    limit: number
  }): Promise<(AuditEntry & { id: string })[]>
}
