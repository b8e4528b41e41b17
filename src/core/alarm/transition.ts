import type { EpochMs } from '../telemetry/reading.ts'

export type Severity = 'warning' | 'minor' | 'major' | 'critical'
/** From least to most urgent. */
export const severities: readonly Severity[] = ['warning', 'minor', 'major', 'critical']

/** Why an alarm stands: what was expected, what was seen, who noticed. */
export interface Why {
  detector: string
  /** One sentence for a person. */
  text: string
  observed?: number | string
  expected?: { low?: number; high?: number }
  unit?: string
  /** Further fields of the rule's own (a failure probability, a driver, a zone). */
  details?: Readonly<Record<string, number | string | boolean | null>>
}

/**
 * A change of one alarm's condition, found by a stage or a job. `id` is made of rule, thing, key and `at`, so the
 * alarm book takes it once however often it is delivered. `at` rises strictly from one transition of a key to the next.
 */
export interface Transition {
  id: string
  rule: string
  thing: string
  key: string
  to: 'active' | 'clear'
  at: EpochMs
  severity: Severity
  why: Why
}

/** An instruction for a device. One that must not run twice is marked sent before it is published. */
export interface Command {
  id: string
  thing: string
  name: string
  payload: unknown
  expiresAt: EpochMs
  atMostOnce: boolean
}

/** What a device asks of the platform (a route, say). The answer is a command; asking twice is answered once. */
export interface DeviceRequest {
  id: string
  thing: string
  name: string
  at: EpochMs
  /** The request's JSON text, as it came. */
  body: string
}

export type OutboxEntry =
  | { kind: 'transition'; transition: Transition }
  | { kind: 'command'; command: Command }
  | { kind: 'request'; request: DeviceRequest }

export const transitionId = (rule: string, thing: string, key: string, at: EpochMs): string =>
  `${rule}/${thing}/${key}/${at}`
