import type { EpochMs } from '../telemetry/reading.ts'
import type { JsonObject } from './json.ts'

/** AWS IoT Jobs: the life of one job on one thing. */
export const executionStatuses = [
  'QUEUED',
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'REJECTED',
  'REMOVED',
  'CANCELED',
] as const
export type ExecutionStatus = (typeof executionStatuses)[number]

export const isTerminal = (status: ExecutionStatus): boolean =>
  status !== 'QUEUED' && status !== 'IN_PROGRESS'

export interface JobExecution {
  job: string
  thing: string
  status: ExecutionStatus
  statusDetails: Record<string, string>
  queuedAt: EpochMs
  startedAt: EpochMs | null
  lastUpdatedAt: EpochMs
  versionNumber: number
  executionNumber: number
  /** Ends an execution that was begun and never finished. */
  timesOutAt: EpochMs | null
}

export interface JobsError {
  code:
    | 'InvalidJson'
    | 'InvalidRequest'
    | 'InvalidStateTransition'
    | 'ResourceNotFound'
    | 'VersionMismatch'
    | 'TerminalStateReached'
  message: string
  /** What it is instead, where that is the reason. */
  executionState?: JsonObject
}

export interface ExecutionUpdate {
  status: ExecutionStatus
  statusDetails?: Record<string, string>
  expectedVersion?: number
  executionNumber?: number
  stepTimeoutInMinutes?: number
  includeJobExecutionState?: boolean
  includeJobDocument?: boolean
}

/** AWS IoT Jobs: a step takes a minute to a week; −1 takes the time-out away. */
const MOST_STEP_MINUTES = 10_080

/** The time that a device gives itself, undefined if it gives none, null if it is none that AWS IoT takes. */
export function parseStepTimeout(body: JsonObject): number | null | undefined {
  const minutes = body['stepTimeoutInMinutes']
  if (minutes === undefined || minutes === null) return undefined
  const whole = typeof minutes === 'number' && Number.isSafeInteger(minutes)
  return whole && (minutes === -1 || (minutes >= 1 && minutes <= MOST_STEP_MINUTES)) ? minutes : null
}
const badTimeout: JobsError = {
  code: 'InvalidRequest',
  message: `stepTimeoutInMinutes must be 1 to ${MOST_STEP_MINUTES}, or -1`,
}

/** What a device may say when it begins the next job. */
export function parseStart(
  body: JsonObject,
): Pick<ExecutionUpdate, 'statusDetails' | 'stepTimeoutInMinutes'> | JobsError {
  // prettier-ignore
  const details = parseDetails(body['statusDetails'])
  if (details === null) return badDetails
  const minutes = parseStepTimeout(body)
  if (minutes === null) return badTimeout
  return { ...(details && { statusDetails: details }), ...(minutes !== undefined && { stepTimeoutInMinutes: minutes }) } // prettier-ignore
}
const badDetails: JobsError = { code: 'InvalidRequest', message: 'statusDetails must map names to texts' }

/** A device may set these; the rest is the platform's. */
const settable: readonly ExecutionStatus[] = ['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'REJECTED']

export function parseExecutionUpdate(body: JsonObject): ExecutionUpdate | JobsError {
  const { status, expectedVersion, executionNumber } = body
  if (!settable.includes(status as ExecutionStatus))
    return { code: 'InvalidRequest', message: `status must be one of ${settable.join(', ')}` }
  const start = parseStart(body)
  if ('code' in start) return start
  // Firmware sends whole numbers as texts too: AWS's own examples do.
  const version = expectedVersion === undefined ? undefined : Number(expectedVersion)
  if (version !== undefined && !Number.isSafeInteger(version))
    return { code: 'InvalidRequest', message: 'expectedVersion must be a whole number' }
  return {
    status: status as ExecutionStatus,
    ...start,
    ...(version !== undefined && { expectedVersion: version }),
    ...(typeof executionNumber === 'number' && { executionNumber }),
    includeJobExecutionState: body['includeJobExecutionState'] === true,
    includeJobDocument: body['includeJobDocument'] === true,
  }
}

/** Threat: a detail map that grows without end. */
const MAX_DETAILS = 10
function parseDetails(value: unknown): Record<string, string> | null | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) return null
  const entries = Object.entries(value)
  const fine = entries.every(
    ([key, text]) => key.length <= 128 && typeof text === 'string' && text.length <= 1024,
  )
  return fine && entries.length <= MAX_DETAILS ? Object.fromEntries(entries) : null
}

/** The execution after a device's update, or why it is refused. `limitMs` is how long the job lets one take, null for ever. */
export function updateExecution(
  execution: JobExecution,
  update: ExecutionUpdate,
  limitMs: number | null,
  now: EpochMs,
): JobExecution | JobsError {
  const { status, expectedVersion, executionNumber } = update
  if (executionNumber !== undefined && executionNumber !== execution.executionNumber)
    return { code: 'ResourceNotFound', message: `there is no execution ${executionNumber} of this job` }
  if (isTerminal(execution.status))
    return { code: 'TerminalStateReached', message: `the execution is ${execution.status}` }
  if (expectedVersion !== undefined && expectedVersion !== execution.versionNumber)
    return { code: 'VersionMismatch', message: `the version is ${execution.versionNumber}` }
  return {
    ...execution,
    status,
    statusDetails: update.statusDetails ?? execution.statusDetails,
    startedAt: execution.startedAt ?? now,
    lastUpdatedAt: now,
    versionNumber: execution.versionNumber + 1,
    timesOutAt: timeOutOf(execution, update, limitMs, now),
  }
}

/** The job's own limit counts from when the device begins; one that the device gives counts from now. */
function timeOutOf(
  { startedAt, timesOutAt }: JobExecution,
  { status, stepTimeoutInMinutes }: ExecutionUpdate,
  limitMs: number | null,
  now: EpochMs,
): EpochMs | null {
  if (isTerminal(status) || stepTimeoutInMinutes === -1) return null
  if (stepTimeoutInMinutes !== undefined) return now + stepTimeoutInMinutes * 60_000
  return startedAt === null && limitMs !== null ? now + limitMs : timesOutAt
}

/** Begins a queued execution, as `start-next` does. */
export const startExecution = (
  execution: JobExecution,
  start: Pick<ExecutionUpdate, 'statusDetails' | 'stepTimeoutInMinutes'>,
  limitMs: number | null,
  now: EpochMs,
): JobExecution =>
  updateExecution(execution, { ...start, status: 'IN_PROGRESS' }, limitMs, now) as JobExecution

/** Epoch seconds on the wire, as AWS has them. */
const seconds = (at: EpochMs): number => Math.floor(at / 1000)

export const executionSummary = (e: JobExecution): JsonObject => ({
  jobId: e.job,
  queuedAt: seconds(e.queuedAt),
  ...(e.startedAt !== null && { startedAt: seconds(e.startedAt) }),
  lastUpdatedAt: seconds(e.lastUpdatedAt),
  versionNumber: e.versionNumber,
  executionNumber: e.executionNumber,
})

export const executionView = (e: JobExecution, document: JsonObject | null): JsonObject => ({
  jobId: e.job,
  thingName: e.thing,
  status: e.status,
  ...(Object.keys(e.statusDetails).length > 0 && { statusDetails: { ...e.statusDetails } }),
  queuedAt: seconds(e.queuedAt),
  ...(e.startedAt !== null && { startedAt: seconds(e.startedAt) }),
  lastUpdatedAt: seconds(e.lastUpdatedAt),
  versionNumber: e.versionNumber,
  executionNumber: e.executionNumber,
  ...(document !== null && { jobDocument: document }),
})
