import type { JobExecution, ExecutionStatus } from '../core/device/job-execution.ts'
import type { JsonObject } from '../core/device/json.ts'
import type { RolloutPlan, RolloutStatus } from '../core/device/rollout.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/** A piece of work for many devices: firmware, configuration. The document means something to them alone. */
export interface Job {
  id: string
  document: JsonObject
  plan: RolloutPlan
  /** Sent to every device that finished or failed, if the job is rolled back. */
  rollback: JsonObject | null
  timeoutMs: number | null
  status: RolloutStatus
  released: number
  finishedAt: EpochMs | null
  /** Why it is paused or ended. */
  reason: string | null
  targets: number
  createdAt: EpochMs
  by: string
}

/** Where jobs and their executions lie. */
export interface JobStore {
  /** False if the id is taken. */
  create(job: Job, things: readonly string[]): Promise<boolean>
  get(id: string): Promise<Job | null>
  /** Newest first. */
  list(query: { cursor?: string; limit: number }): Promise<Job[]>
  running(): Promise<Job[]>
  save(job: Pick<Job, 'id' | 'status' | 'released' | 'finishedAt' | 'reason'>): Promise<void>
  /** Queues executions for the targets from `from` to `upTo`; gives the things. Repeating it changes nothing. */
  release(id: string, from: number, upTo: number, timesOutAt: EpochMs | null, now: EpochMs): Promise<string[]>
  counts(id: string): Promise<Partial<Record<ExecutionStatus, number>>>
  executions(
    id: string,
    query: { status?: ExecutionStatus; cursor?: string; limit: number },
  ): Promise<JobExecution[]>
  execution(thing: string, id: string): Promise<JobExecution | null>
  /** Not finished, in the order in which they are to run: begun ones first, then by age. */
  pending(thing: string): Promise<JobExecution[]>
  /** Stores it only if its version is still `version`. */
  put(execution: JobExecution, version: number): Promise<boolean>
  /** Ends every unfinished execution of a job; gives the things. */
  cancel(id: string, now: EpochMs): Promise<string[]>
  /** Times out what took too long; gives job and thing. */
  timeOut(now: EpochMs): Promise<{ job: string; thing: string }[]>
  forget(thing: string): Promise<void>
}
