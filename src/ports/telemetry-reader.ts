import type { EpochMs, QualityName } from '../core/telemetry/reading.ts'
import type { Anomaly, Fact } from '../core/telemetry/stage.ts'
import type { WindowRow } from '../core/window/window.ts'

export interface Range {
  thing: string
  measures?: readonly string[]
  /** Half-open: from ≤ at < to. */
  from: EpochMs
  to: EpochMs
  limit: number
  /** Go on after this (at, measure); readings ascend by at, then by measure. */
  after?: { at: EpochMs; measure: string }
}

export interface Reading {
  measure: string
  at: EpochMs
  value: number | null
  text: string | null
  quality: QualityName
  receivedAt: EpochMs
}

export interface FactQuery {
  type: string
  thing?: string
  /** Half-open. */
  from: EpochMs
  to: EpochMs
  /** Leaves out those that begin earlier. */
  startingFrom?: EpochMs
  limit: number
}

/** What was stored, each reading once: (thing, measure, at) with the newest receipt. */
export interface TelemetryReader {
  readings(range: Range): Promise<Reading[]>
  windows(range: Range): Promise<WindowRow[]>
  /** Ascending by `at`. */
  anomalies(query: { thing?: string; from: EpochMs; to: EpochMs; limit: number }): Promise<Anomaly[]>
  /** Those that overlap the range, ascending by `at`. */
  facts(query: FactQuery): Promise<Fact[]>
}

export interface LatestValue {
  measure: string
  at: EpochMs
  /** Null where the reading is a text. */
  value: number | null
  text?: string
  /** Slope per minute over about ten minutes, null until it is known. */
  trendPerMinute: number | null
}

/** The newest advancing reading by event time of every series; one that none has moved yet is left out. */
export interface LatestReader {
  latest(things: readonly string[]): Promise<{ thing: string; values: LatestValue[] }[]>
  /** The same as JSON: `{"items":[…],` and what else the page says. A poll of thousands costs what has changed. */
  latestPage?(things: readonly string[], rest: object): Promise<Uint8Array<ArrayBuffer>>
}
