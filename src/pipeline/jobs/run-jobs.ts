import type { OutboxEntry } from '../../core/alarm/transition.ts'
import type { Change } from '../../core/device/profile.ts'
import { MINUTE, type EpochMs } from '../../core/telemetry/reading.ts'
import type { DataEffect } from '../../core/telemetry/stage.ts'
import type { JobLedger } from '../../ports/job-ledger.ts'
import type { SetPointDesk } from '../../ports/set-point-desk.ts'
import type { WorkOrders } from '../../ports/work-orders.ts'
import type { Job, JobOutcome, JobSources } from './job.ts'

export interface JobRunnerParts {
  jobs: readonly Job[]
  sources: JobSources & { orders: WorkOrders }
  ledger: JobLedger
  /** Resolves once the effects are durable and can be read. */
  store(effects: readonly DataEffect[]): Promise<void>
  /** To the alarm book and to people. */
  deliver(entries: readonly OutboxEntry[]): Promise<void>
  setPoints: SetPointDesk
  publish(changes: readonly Change[]): Promise<void>
  /** Whether the store holds everything about the minutes before this time, repairs included. */
  passed(at: EpochMs): Promise<boolean>
  now(): EpochMs
  /** A job that failed is tried again at its next turn; nothing else waits for it. */
  failed(job: string, error: unknown): void
}

export interface JobRunner {
  /** Runs what is due, one job after the other. Calls while it runs are one more round afterwards. */
  runDue(): Promise<void>
  /** Runs one job now on the minutes that are closed and stored, beside its own times. */
  runNow(job: Job): Promise<{ at: EpochMs; outcomes: JobOutcome[] }>
}

/** Windows are written when a tick passes their end by 60 s (DESIGN section 4); then the store must take them. */
export const CLOSED_AFTER_MS = 90_000
/** Later than publication by more than any reader's cache, on a grid, so that a repeated run says the same. */
const CHANGE_LEAD_MS = 300_000
const CHANGE_GRID_MS = 900_000

/** Runs jobs on closed minutes. A minute is finished when all of its outcome is stored; a crash before that repeats it. */
export function createJobRunner(parts: JobRunnerParts): JobRunner {
  const { jobs, sources, ledger, store, deliver, setPoints, publish, passed, now, failed } = parts
  let running: Promise<void> | null = null
  let again = false

  async function settle(outcome: JobOutcome): Promise<void> {
    const { facts = [], orders = [], transitions = [], changes = [] } = outcome
    if (facts.length > 0) await store(facts.map((fact) => ({ kind: 'fact', fact })))
    for (const order of orders) await sources.orders.open(order)
    if (transitions.length > 0)
      await deliver(transitions.map((transition) => ({ kind: 'transition', transition })))
    if (outcome.setPoints && outcome.setPoints.length > 0) await setPoints.apply(outcome.setPoints)
    if (changes.length > 0) {
      const effectiveFrom = Math.ceil((now() + CHANGE_LEAD_MS) / CHANGE_GRID_MS) * CHANGE_GRID_MS
      await publish(changes.map((change): Change => ({ ...change, effectiveFrom })))
    }
  }

  async function* outcomesOf(job: Job, at: EpochMs): AsyncGenerator<JobOutcome> {
    const work = job.run(at, sources)
    if (work instanceof Promise) yield await work
    else yield* work
  }

  async function runJob(job: Job, at: EpochMs): Promise<JobOutcome[]> {
    const outcomes: JobOutcome[] = []
    for await (const outcome of outcomesOf(job, at)) {
      await settle(outcome)
      for (const { what, error } of outcome.failures ?? []) failed(`${job.name} of ${what}`, error)
      outcomes.push(outcome)
    }
    return outcomes
  }

  /** Cut-offs that are due, oldest first. A job that has never run begins with the newest. */
  async function dueOf({ name, everyMinutes, catchUp }: Job, closed: number): Promise<number[]> {
    const newest = Math.floor(closed / everyMinutes)
    const last = await ledger.last(name)
    const first = last === null ? newest : Math.floor(last / everyMinutes) + 1
    const from = Math.max(first, newest - catchUp + 1)
    return Array.from({ length: Math.max(0, newest - from + 1) }, (_, i) => (from + i) * everyMinutes)
  }

  const closedMinute = (): number => Math.floor((now() - CLOSED_AFTER_MS) / MINUTE)

  async function round(): Promise<void> {
    const closed = closedMinute()
    for (const job of jobs) {
      try {
        for (const minute of await dueOf(job, closed)) {
          if (!(await passed(minute * MINUTE))) break
          await runJob(job, minute * MINUTE)
          await ledger.finish(job.name, minute)
        }
      } catch (error) {
        failed(job.name, error)
      }
    }
  }

  async function rounds(): Promise<void> {
    do {
      again = false
      await round()
    } while (again)
    running = null
  }

  return {
    runDue: () => {
      again = true
      return (running ??= rounds())
    },
    runNow: async (job) => {
      const at = closedMinute() * MINUTE
      return { at, outcomes: await runJob(job, at) }
    },
  }
}
