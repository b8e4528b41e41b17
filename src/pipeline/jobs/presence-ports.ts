import type { Transition } from '../../core/alarm/transition.ts'
import type { Device } from '../../core/device/profile.ts'
import type { DeviceCondition, PresenceNews } from '../../core/device/status.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { StoredVital } from '../../ports/device-desk-store.ts'

export interface PresencePorts {
  device(thing: string): Device | null
  /** What the device's type declares, if anything. */
  declaredIntervalMs(device: Device): number | undefined
  /** To the alarm book and to people; throws if the book cannot be written. */
  deliver(transitions: readonly Transition[]): Promise<void>
  /** Runs work soon after the present turn of the loop, once however often it is asked. */
  soon(work: () => void): void
}

export interface PresenceOptions {
  startedAt: EpochMs
  bucketMs: number
  /** Everyone must come back after a restart of the platform itself. */
  startGraceMs: number
  stored: readonly StoredVital[]
  /** Connections as they stand, where they are known: no news, whoever tells them again. */
  links?: Iterable<readonly [thing: string, news: PresenceNews]>
  lastData: Iterable<readonly [thing: string, at: EpochMs]>
  /** Alarms of these rules that stand. */
  raised: readonly { rule: string; thing: string; transitionAt: EpochMs }[]
}

export interface DeviceStatusReport {
  condition: DeviceCondition
  since: EpochMs | null
  lastDataAt: EpochMs | null
  connected: boolean | null
  /** Null while it is still being learned. */
  expectedSilenceMs: number | null
  /** The gateway that is down, where that is why. */
  because: string | null
}

export interface Standing extends Iterable<string> {
  size: number
  has(thing: string): boolean
}

export interface PresenceWatch {
  news(thing: string, news: PresenceNews, now: EpochMs): void
  /** A live message was taken in. On the hot path: a look-up and a few sums. */
  heard(thing: string, at: EpochMs): void
  /** The registry's word on the device has changed. */
  reconsider(thing: string, now: EpochMs): void
  sweep(now: EpochMs): Promise<void>
  status(thing: string, now: EpochMs): DeviceStatusReport
  /** How the last sweep found it. */
  shown(thing: string): DeviceCondition
  /** All that are so, as the last sweep found them. A device in none of the three was never seen. */
  standing(condition: Exclude<DeviceCondition, 'never'>): Standing
  /** What has changed since the last call, to be stored. */
  takeChanged(): StoredVital[]
  /** Who has left since the last call, to be forgotten. */
  takeGone(): string[]
  waiting(): number
}
