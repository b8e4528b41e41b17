import type { Change } from '../core/device/profile.ts'

/** Versioned configuration: devices, types and what jobs have learned. Identity: (kind, key, effectiveFrom). */
export interface ConfigStore {
  /** Every change that still matters to a record that may be folded again. */
  all(): Promise<Change[]>
  put(changes: readonly Change[]): Promise<void>
}
