import type { Reason } from '../core/telemetry/errors.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

export interface QuarantineEntry {
  /** The record's position, as text. */
  id: string
  topic: string
  client: string
  receivedAt: EpochMs
  payload: Uint8Array
  reason: Reason
  detail: string
  status: 'open' | 'replayed' | 'discarded'
}

export interface Quarantine {
  list(query: {
    reason?: Reason
    client?: string
    status?: QuarantineEntry['status']
    cursor?: string
    limit: number
  }): Promise<QuarantineEntry[]>
  get(id: string): Promise<QuarantineEntry | null>
  mark(id: string, status: 'replayed' | 'discarded'): Promise<void>
}
