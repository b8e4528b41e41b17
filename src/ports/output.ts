import type { DataEffect } from '../core/telemetry/stage.ts'
import type { Reason } from '../core/telemetry/errors.ts'
import type { RawRecord } from './raw-record.ts'

export interface Quarantined {
  record: RawRecord
  reason: Reason
  detail: string
}

/**
 * Where the pipeline's data effects go: stores hang on it, each at its own pace. Writing an effect twice changes
 * nothing. `quarantine` may be refused by nothing that the record contains.
 */
export interface Output {
  write(effects: readonly DataEffect[]): Promise<void> | void
  quarantine(records: readonly Quarantined[]): Promise<void> | void
}
