import type { JsonObject } from '../core/device/json.ts'
import type { Rhythm } from '../core/device/expected-interval.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/** A certificate by which a device that has none yet may ask for its own. */
export interface Claim {
  fingerprint: string
  name: string
  template: string
  serial: string
  status: 'active' | 'revoked'
  notAfter: EpochMs
}

export interface ProvisioningTemplate {
  name: string
  body: JsonObject
  /** The device type of those that the registry has not heard of. */
  type: string
  /** Only things on the allow-list may come. */
  allowListed: boolean
  enabled: boolean
}

export interface ProvisioningStore {
  templates(): Promise<ProvisioningTemplate[]>
  putTemplate(template: ProvisioningTemplate): Promise<void>
  claims(): Promise<Claim[]>
  putClaim(claim: Claim): Promise<void>
  allow(template: string, things: readonly string[]): Promise<void>
  disallow(template: string, thing: string): Promise<boolean>
  isAllowed(template: string, thing: string): Promise<boolean>
  /** Ascending by name. */
  allowed(template: string, query: { cursor?: string; limit: number }): Promise<string[]>
}

/** What the presence job must find again after a restart. */
export interface StoredVital {
  thing: string
  everConnected: boolean
  rhythm: Rhythm
}

export interface VitalStore {
  load(): Promise<StoredVital[]>
  save(changed: readonly StoredVital[], gone: readonly string[]): Promise<void>
}

/** Certificates that end at a given time because their successor has been handed out. */
export interface RetirementStore {
  retireAt(fingerprint: string, at: EpochMs): Promise<void>
  due(now: EpochMs): Promise<string[]>
  settled(fingerprint: string): Promise<void>
  /** When it will be revoked, by fingerprint. */
  planned(): Promise<{ fingerprint: string; at: EpochMs }[]>
}

export interface GroupStore {
  all(): Promise<{ group: string; thing: string }[]>
  add(group: string, things: readonly string[]): Promise<void>
  remove(group: string, things: readonly string[]): Promise<void>
}
