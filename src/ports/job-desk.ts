import type { JobExecution, ExecutionStatus } from '../core/device/job-execution.ts'
import type { JsonObject } from '../core/device/json.ts'
import type { RolloutPlan, RolloutStatus } from '../core/device/rollout.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/** A piece of work for many devices: firmware, configuration. The document means something to them alone. */
export interface Job {
  id: string
  document: JsonObject
  plan: RolloutPlan
  /** Sent to every device that has begun, if the job is rolled back. */
  rollback: JsonObject | null
  timeoutMs: number | null
  status: RolloutStatus
  released: number
  finishedAt: EpochMs | null
  excused: number
  /** Why it is paused or ended. */
  reason: string | null
  targets: number
  createdAt: EpochMs
  by: string
}

/** What of a job moves on. */
export type JobProgress = Pick<Job, 'status' | 'released' | 'finishedAt' | 'excused' | 'reason'>

/** Where jobs lie, and what became of them on each device. */
export interface JobStore {
  /** False if the id is taken. */
  create(job: Job, things: readonly string[]): Promise<boolean>
  get(id: string): Promise<Job | null>
  /** Newest first; `cursor` is the id to go on after. */
  list(query: { cursor?: string; limit: number }): Promise<Job[]>
  running(): Promise<Job[]>
  /** Moves a job on, unless somebody else did so since it was read. */
  save(from: Job, to: JobProgress): Promise<boolean>
  /**
   * Queues executions for the targets from `from` to `upTo`, or for the first of them; gives the things. Repeating it
   * changes nothing.
   */
  release(job: Job, from: number, upTo: number, now: EpochMs): Promise<string[]>
  counts(id: string): Promise<Partial<Record<ExecutionStatus, number>>>
  /** A page of at most `limit`, in an order of the store's own; `cursor` goes on, null after the last. */
  executions(
    id: string,
    query: { status?: ExecutionStatus; cursor?: string; limit: number },
  ): Promise<{ items: JobExecution[]; cursor: string | null }>
  /** Ends every unfinished execution of a job; gives the things. */
  cancel(id: string, now: EpochMs): Promise<string[]>
}

/** Jobs as devices see them. On AWS this side is AWS IoT Jobs itself. */
export interface ExecutionStore {
  execution(thing: string, id: string): Promise<JobExecution | null>
  /** Not finished, in the order in which they are to run: begun ones first, then by age. */
  pending(thing: string): Promise<JobExecution[]>
  /** Stores it only if its version is still `version`. */
  put(execution: JobExecution, version: number): Promise<boolean>
  /** Times out what took too long; gives job and thing. */
  timeOut(now: EpochMs): Promise<{ job: string; thing: string }[]>
  /** The device is no more: what it has not finished is removed. Gives the jobs. */
  forget(thing: string, now: EpochMs): Promise<string[]>
}
