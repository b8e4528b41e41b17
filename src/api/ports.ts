import type { Device } from '../core/device/profile.ts'
import type { RetentionPolicy } from '../core/retention/retention.ts'
import type { ImportTable } from '../core/history/import-rows.ts'
import type { ExportPlace, ExportQuestion } from '../pipeline/history/export-part.ts'
import type { FleetQuestionName, Row } from '../pipeline/history/fleet-questions.ts'
import type { SeriesQuestion } from '../pipeline/history/query.ts'
import type { ExamplePage, ExampleQuestion } from '../pipeline/training-examples.ts'
import type { ReportDesk } from '../pipeline/reports/report-desk.ts'
import type { UsualBand } from '../pipeline/usual-bands.ts'
import type { Severity } from '../core/alarm/transition.ts'
import type { Machine } from '../core/maintenance/failure-modes.ts'
import type { EpochMs, Position } from '../core/telemetry/reading.ts'
import type { AlarmBook } from '../ports/alarm-book.ts'
import type { Audit } from '../ports/audit.ts'
import type { Clock } from '../ports/clock.ts'
import type { DeviceCredentials } from '../ports/device-credentials.ts'
import type { DeviceDesk } from '../ports/device-desk.ts'
import type { DeviceDirectory } from '../ports/device-directory.ts'
import type { Erasures } from '../ports/erasures.ts'
import type { FleetReader } from '../ports/fleet-reader.ts'
import type { ModelRegistry } from '../ports/model-registry.ts'
import type { Quarantine } from '../ports/quarantine.ts'
import type { RoadTiles } from '../ports/road-tiles.ts'
import type { RawMessage } from '../ports/raw-record.ts'
import type { SetPointDesk } from '../ports/set-point-desk.ts'
import type { SiteDirectory } from '../ports/site-directory.ts'
import type { WorkOrders } from '../ports/work-orders.ts'
import type { Fact } from '../core/telemetry/stage.ts'
import type { LatestReader, LatestValue, TelemetryReader } from '../ports/telemetry-reader.ts'

/** Each role may do what the ones before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** Who a token stands for. `sites` null means all of them; a device without a site is seen only by those. */
export interface Principal {
  name: string
  role: Role
  sites: readonly string[] | null
}

/** One reason why the platform is not at its best. */
export interface Condition {
  code: string
  /** One sentence for a person, with what to do. */
  text: string
  since: EpochMs
}

/** Readings taken in, one point a few seconds, ascending. */
export interface Throughput {
  at: EpochMs[]
  readingsPerSecond: number[]
}

export interface Health {
  /** Degraded as soon as there is one condition. */
  conditions: readonly Condition[]
  version: string
  startedAt: EpochMs
  /** Receipt of the newest record that every stage has seen, null before the first. */
  lastReceivedAt: EpochMs | null
  /** Whatever the runtime counts, by name: lag, disk, queue lengths. */
  gauges: Readonly<Record<string, number>>
  /** The last minutes; absent where the runtime keeps them elsewhere. */
  throughput?: Throughput
}

export type LiveEvent =
  | { kind: 'readings'; thing: string; values: readonly LatestValue[] }
  | {
      kind: 'alarm'
      thing: string
      /** The alarm's id, as the alarm book has it. */
      alarm: string
      change: 'active' | 'clear' | 'acknowledged'
      severity: Severity
      at: EpochMs
      text: string
    }

/** What retention would take away. Days are lake days, counted from the epoch in UTC. */
export interface DueExpiry {
  kind: string
  class: string
  from: number
  until: number
  files: number
  bytes: number | null
  rows: number
}

/** Questions over all tiers. */
export interface HistoryPort {
  /** The answer as JSON text. */
  series(question: SeriesQuestion): Promise<string>
  questionNames: readonly FleetQuestionName[]
  /** Absent where the runtime cannot. */
  transfer?: HistoryTransfer
  /** Forgets what is stored of a device, in every tier. Gives rows of the tail and files of the lake that held it. */
  erase?(thing: string): Promise<{ rows: number; files: number }>
  /** Where that takes longer than a request. */
  erasures?: Erasures
  /**
   * Sends archived raw messages received within the range through the pipeline again. `after` is where the part before
   * ended, empty for the first; without it all is one part, where the runtime has the time. `next` is null after the last.
   */
  refold?(range: {
    from: EpochMs
    to: EpochMs
    after?: string | undefined
  }): Promise<{ messages: number; next: string | null }>
  /** Makes the windows of sealed days again from their readings; damaged files are given up on request. */
  rebuild?(from: EpochMs, to: EpochMs, giveUpDamaged: boolean): Promise<{ days: number; givenUp: number }>
  fleetQuestion(question: {
    name: FleetQuestionName
    trucks: readonly Device[]
    from: EpochMs
    to: EpochMs
  }): Promise<Row[]>
  /** Absent where others answer for it. */
  retention?: {
    get(): RetentionPolicy | Promise<RetentionPolicy>
    /** Null, or what is wrong with the policy. */
    put(policy: RetentionPolicy): Promise<string | null>
    dryRun(): Promise<DueExpiry[]>
  }
}

/** Readings out and in, as files. */
export interface HistoryTransfer {
  exportPart(
    question: ExportQuestion,
    format: 'csv' | 'parquet',
  ): Promise<{ bytes: Uint8Array; rows: number; next: ExportPlace | null; done: number }>
  /** Reads CSV or Parquet; an error named BadTable says what is wrong with the whole. */
  readImportTable(bytes: Uint8Array): Promise<ImportTable>
  /** First instant of which readings of this measure are still kept. */
  rawKeptFrom(measure: string): EpochMs
}

/** Buildings and maintenance. */
export interface TradePorts {
  sites: SiteDirectory
  orders: WorkOrders
  models: ModelRegistry
  modelNames: readonly string[]
  /** What sort of machine a device is; null for what is none, or not known. */
  machine(thing: string): Promise<Machine | null>
  /** Moments of the past to train on, with features as they could be known then. */
  examples(question: ExampleQuestion): Promise<ExamplePage>
  /** Plans one building now; what came of it is stored and applied as ever. */
  plan(site: string): Promise<unknown>
  /** Resolves once the facts are durable. */
  store(facts: readonly Fact[]): Promise<void>
  setPoints: SetPointDesk
}

/** Everything that the API needs of the world. Both runtimes fill it in. */
export interface ApiPorts {
  telemetry: TelemetryReader
  /** Absent where the runtime has no lake. */
  history?: HistoryPort
  /** Absent where no reports are kept. */
  reports?: ReportDesk
  /** Absent where no jobs run. */
  trades?: TradePorts
  latest: LatestReader
  /** What is usual for a device’s measures now; absent where nothing is learned. */
  usualBands?: (thing: string) => Promise<UsualBand[]> | UsualBand[]
  /** Absent where no vehicle state is at hand. */
  fleet?: FleetReader
  /** Absent where there is no road map. */
  roadTiles?: RoadTiles
  alarms: AlarmBook
  quarantine: Quarantine
  audit: Audit
  devices: DeviceDirectory
  /** Absent where certificates are issued by other means. */
  credentials?: DeviceCredentials
  /** Absent where nothing but telemetry is kept. */
  deviceDesk?: Partial<DeviceDesk>
  clock: Clock
  /** Puts a message into the pipeline as if it had been received; resolves once it is durable. */
  submit(message: RawMessage): Promise<Position>
  health(): Promise<Health> | Health
  /** Prometheus text exposition format, version 0.0.4. */
  metrics(): Promise<string> | string
  /** Null where the runtime cannot hold connections open; clients poll there. */
  live: ((onEvent: (event: LiveEvent) => void) => () => void) | null
  authenticate(token: string): Promise<Principal | null> | Principal | null
}
