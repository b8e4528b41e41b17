import type { Command } from '../core/alarm/transition.ts'
import type { Placed } from '../core/device/nearest.ts'
import type { DeviceCondition } from '../core/device/status.ts'
import type { JobExecution, ExecutionStatus } from '../core/device/job-execution.ts'
import type { EpochMs, Trade } from '../core/telemetry/reading.ts'
import type { CommandBook, CommandRecord } from './command-book.ts'
import type { AuthorityDesk } from './device-credentials.ts'
import type { Claim, ProvisioningTemplate } from './device-desk-store.ts'
import type { Job } from './job-desk.ts'
import type { PeopleDesk } from './people.ts'
import type { ShadowDesk } from './shadow-desk.ts'

export interface DeviceStatusView {
  thing: string
  condition: DeviceCondition
  since: EpochMs | null
  lastDataAt: EpochMs | null
  connected: boolean | null
  expectedSilenceMs: number | null
  because: string | null
}

/** Which devices a question is about. `sites` null means all of them, also those without a site. */
export interface StatusQuery {
  trade?: Trade
  site?: string
  sites: readonly string[] | null
}

export interface NearestQuery extends StatusQuery {
  latitude: number
  longitude: number
  limit: number
  withinM?: number
}

/** Suspended and retired devices are in `devices`, but in no condition. */
export type StatusCounts = Record<DeviceCondition | 'suspended' | 'retired' | 'devices', number>

export interface StatusDesk {
  of(thing: string): Promise<DeviceStatusView>
  /** Ascending by thing. */
  list(
    query: StatusQuery & { condition?: DeviceCondition; cursor?: string; limit: number },
  ): Promise<DeviceStatusView[]>
  counts(query: StatusQuery): Promise<StatusCounts>
}

/** A certificate without its key, and whom its device is to trust from now on. */
export interface SignedCredential {
  fingerprint: string
  certificatePem: string
  caPem: string
}

export interface Rotation extends SignedCredential {
  /** Only if no signing request was given; kept nowhere. */
  privateKeyPem: string | null
  retires: { fingerprint: string; at: EpochMs }[]
}

/** Certificates beyond issuing and revoking. */
export interface CredentialDesk {
  /** Signs the key of a device that keeps it to itself. Throws with a sentence if the request is not acceptable. */
  sign(thing: string, csrPem: string): Promise<SignedCredential>
  /** A new certificate; those before it end after the overlap. */
  rotate(thing: string, options: { csrPem?: string; overlapMs: number }): Promise<Rotation>
  retirements(thing: string): Promise<{ fingerprint: string; at: EpochMs }[]>
}

export type GivenCommand =
  | { kind: 'taken'; command: CommandRecord }
  | { kind: 'refused'; code: 'range' | 'rate' | 'rest' | 'manual'; text: string }
  /** The device has as many open commands as are kept for one. */
  | { kind: 'full'; open: number }

export interface Commands extends Pick<CommandBook, 'get' | 'list'> {
  give(command: Command, by: string, how: { manual: boolean; leaseMs?: number }): Promise<GivenCommand>
}

export interface Jobs {
  create(job: Job, things: readonly string[]): Promise<boolean>
  get(id: string): Promise<(Job & { counts: Partial<Record<ExecutionStatus, number>> }) | null>
  list(query: { cursor?: string; limit: number }): Promise<Job[]>
  executions(
    id: string,
    query: { cursor?: string; limit: number },
  ): Promise<{ items: JobExecution[]; cursor: string | null }>
  /** Null if there is no such job; a sentence if its state does not allow it. So with the others. */
  pause(id: string, by: string): Promise<Job | string | null>
  resume(id: string, by: string): Promise<Job | string | null>
  cancel(id: string, by: string): Promise<Job | string | null>
  rollBack(id: string, by: string): Promise<Job | string | null>
}

export interface Groups {
  /** Ascending by name. */
  list(): Promise<{ name: string; devices: number }[]>
  of(thing: string): Promise<string[]>
  add(group: string, things: readonly string[]): Promise<void>
  remove(group: string, things: readonly string[]): Promise<void>
}

export interface Provisioning {
  templates(): Promise<ProvisioningTemplate[]>
  /** Why it is not acceptable; null if it holds from now on. */
  putTemplate(template: ProvisioningTemplate): Promise<string | null>
  claims(): Promise<Claim[]>
  /** The key is given once and kept nowhere. Null if there is no such template. */
  createClaim(
    name: string,
    template: string,
  ): Promise<{ claim: Claim; certificatePem: string; privateKeyPem: string } | null>
  /** What its connections say from now on is not heard. */
  revokeClaim(fingerprint: string): Promise<Claim | null>
  allow(template: string, things: readonly string[]): Promise<void>
  /** Ascending by name. */
  allowed(template: string, query: { cursor?: string; limit: number }): Promise<string[]>
  disallow(template: string, thing: string): Promise<boolean>
}

/** Everything that people do with devices beyond the registry itself. */
export interface DeviceDesk {
  status: StatusDesk
  shadows: ShadowDesk
  commands: Commands
  jobs: Jobs
  groups: Groups
  credentials: CredentialDesk
  /** Absent where somebody else's authority signs. */
  authority?: AuthorityDesk
  provisioning: Provisioning
  people: PeopleDesk
  /** Nearest first, with the distance in metres over the ground; devices without a place are left out. */
  nearest(query: NearestQuery): Promise<(Placed & { distanceM: number })[]>
}
