import type { Rhythm } from '../../core/device/expected-interval.ts'
import type { DeviceCondition, Link } from '../../core/device/status.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'

/** What the watch knows of one device. */
export interface Vital {
  thing: string
  link: Link | null
  lastDataAt: EpochMs
  /** Newest message of any of its children, where it is a gateway. */
  groupAt: EpochMs
  /** Silence is counted from here at the earliest: the platform or the gateway was away. */
  floor: EpochMs
  graceMs: number
  rhythm: Rhythm
  via: Vital | null
  raised: 'device_offline' | 'device_silent' | null
  /** Nothing comes through this gateway, though its link stands. */
  suspect: boolean
  transitionAt: EpochMs
  shown: DeviceCondition
  /** What the store has of its rhythm. */
  savedGapMs: number
}
