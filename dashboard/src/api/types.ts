/** What the API answers; docs/api.md and GET /openapi.json say what each field means. */
export type Trade = 'plant' | 'fleet' | 'building'
export type Severity = 'warning' | 'minor' | 'major' | 'critical'
export type DeviceStatus = 'active' | 'suspended' | 'retired'
export type Quality =
  'good' | 'late' | 'duplicate' | 'ahead' | 'outOfRange' | 'stuck' | 'spike' | 'backfilled'

export interface Page<T> {
  items: T[]
  cursor: string | null
  next: string | null
}

export interface MeasureType {
  unit?: string
  kind?: 'gauge' | 'counter' | 'state'
  low?: number
  high?: number
  deadband?: number
}

export interface Device {
  thing: string
  trade: Trade
  type: string
  status: DeviceStatus
  site?: string
  location?: { latitude: number; longitude: number }
  gateway?: string
  attributes: Record<string, string>
  measures?: Record<string, MeasureType>
}

export interface DeviceType {
  name: string
  trade: Trade
  version: number
  measures: Record<string, MeasureType>
  expectedIntervalMs?: number
}

export interface LatestValue {
  measure: string
  at: number
  value: number | null
  trendPerMinute: number | null
}

export interface Latest {
  thing: string
  values: LatestValue[]
}

export interface Reading {
  measure: string
  at: number
  value: number | null
  text: string | null
  quality: Quality
  receivedAt: number
}

export interface MinuteWindow {
  measure: string
  at: number
  n: number
  mean: number
  min: number
  max: number
}

export interface Expected {
  low?: number
  high?: number
}

export interface Anomaly {
  thing: string
  measure: string
  at: number
  detector: string
  score: number | null
  observed: number | null
  expected: Expected
}

export interface Alarm {
  id: string
  rule: string
  thing: string
  key: string
  state: 'unackActive' | 'ackActive' | 'unackCleared' | 'normal'
  severity: Severity
  raisedAt: number
  clearedAt: number | null
  transitionAt: number
  occurrences: number
  why: {
    detector: string
    text: string
    observed?: number | string
    expected?: Expected
    unit?: string
    details?: Record<string, number | string | boolean | null>
  }
  acknowledgedAt: number | null
  acknowledgedBy: string | null
  comment: string | null
}

export interface AlarmEvent {
  id: string
  alarm: string
  at: number
  recordedAt: number
  kind: string
  severity: Severity
  by: string | null
  text: string
}

export interface Fact {
  type: string
  thing: string
  key: string
  at: number
  until: number
  version: number
  value: Record<string, unknown>
}

export interface QuarantineSummary {
  id: string
  topic: string
  client: string
  receivedAt: number
  reason: string
  detail: string
  status: 'open' | 'replayed' | 'discarded'
  sizeBytes: number
}

export interface QuarantineEntry extends QuarantineSummary {
  payload: string | null
  payloadBase64: string
}

export interface AuditEntry {
  id: string
  at: number
  actor: string
  action: string
  subject: string
  detail: string
}

export interface Condition {
  code: string
  text: string
  since: number
}

export interface Health {
  status: 'ok' | 'degraded'
  conditions: Condition[]
  version: string
  startedAt: number
  lastReceivedAt: number | null
  now: number
  gauges: Record<string, number>
  throughput?: { at: number[]; readingsPerSecond: number[] }
}

export interface Credential {
  fingerprint: string
  thing: string
  serial: string
  status: 'active' | 'revoked'
  notBefore: number
  notAfter: number
}

export interface IssuedCredential {
  fingerprint: string
  certificatePem: string
  privateKeyPem: string
  endpoint: string
  caPem: string
}
