import { historyDefaults, type HistorySettings } from '../src/core/history/history-settings.ts'
import type { PageFolder } from '../src/api/page-files.ts'
import type { BoxJobSettings } from './jobs.ts'
import type { BoxHistory } from './history.ts'
import type { Broker } from '../src/adapters/local/broker/broker.ts'
import type { DeviceDesk } from '../src/ports/device-desk.ts'
import type { DeviceLink } from '../src/ports/device-link.ts'
import type { Notifier } from '../src/ports/notifier.ts'
import type { RawMessage } from '../src/ports/raw-record.ts'
import type { LocalDevices } from './local-devices.ts'

export interface BoxOptions {
  dir: string
  host: string
  /** Further names and addresses by which others reach the box; the first is what devices are told. */
  names: readonly string[]
  mqttPort: number
  httpsPort: number
  httpPort: number
  /** A listener without TLS on loopback, for benches only. */
  plainPort?: number
  /** An OpenStreetMap extract (.osm or .osm.gz) to plan routes on. */
  road?: string
  /** IANA zone of the weeks that are reported on; the computer’s own unless told otherwise. */
  reportZone?: string
  notifiers: readonly Notifier[]
  version: string
  tickEveryMs: number
  checkpointEveryMs: number
  segmentBytes: number
  history: HistorySettings
  /** The web page; the built one, if it is there, unless told. */
  page?: PageFolder
  jobs: BoxJobSettings
  /** A part has died that the box cannot work without; whoever runs it should start it anew. */
  onDied?(what: string): void
  /** Where the box says what went wrong. */
  log(line: string): void
}

export const boxDefaults = {
  host: '127.0.0.1',
  names: [],
  mqttPort: 8883,
  httpsPort: 8443,
  httpPort: 8080,
  tickEveryMs: 10_000,
  checkpointEveryMs: 1000,
  segmentBytes: 32 * 1024 * 1024,
  history: historyDefaults,
  jobs: { everyMs: 5000 },
} as const

export interface Box {
  url: string
  /** Where devices connect. */
  mqttUrl: string
  token: string
  devices: LocalDevices
  rootPem: string
  ports: Broker['ports'] & { http: number }
  desk: DeviceDesk
  /** To whoever has subscribed. */
  publish: DeviceLink['publish']
  submit(message: RawMessage): Promise<bigint>
  /** Resolves once everything received so far has been folded and stored. */
  settled(): Promise<void>
  /** The same, and every closed window is final. */
  repaired(): Promise<void>
  history: BoxHistory
  /** Runs the jobs that are due now. */
  runJobs(): Promise<void>
  close(): Promise<void>
}
