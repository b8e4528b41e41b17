import type { ExecutionStatus, JobExecution } from '../../core/device/job-execution.ts'
import type { JsonObject } from '../../core/device/json.ts'
import {
  misses,
  rolloutStep,
  targetsUpTo,
  type RolloutCounts,
  type RolloutStatus,
  type RolloutStep,
} from '../../core/device/rollout.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Job, JobProgress, JobStore } from '../../ports/job-desk.ts'

export interface JobDeskPorts {
  store: JobStore
  clock: Clock
  audit: Pick<Audit, 'record'>
  /** The lists of these devices' jobs have changed. Never waits. */
  changed(things: readonly string[]): void
  /** One look at all devices: whether one is well after its update, neither silent nor offline and without a new alarm of weight. */
  look(): Promise<(thing: string, updatedAt: EpochMs) => boolean>
}

/** Null if there is no such job; a sentence if its state does not allow it. */
export type JobChange = Promise<Job | string | null>

export interface JobDesk {
  /** False if the id is taken. */
  create(job: Job, things: readonly string[]): Promise<boolean>
  pause(id: string, by: string): JobChange
  /** Goes on after a pause; the failures until now are excused. */
  resume(id: string, by: string): JobChange
  cancel(id: string, by: string): JobChange
  /** Cancels, and sends the rollback document to every device that has begun. */
  rollBack(id: string, by: string): JobChange
  /** A device has finished its part. Many that finish at once are counted together. */
  finished(id: string): Promise<void>
  /** Every minute: cohorts, health gates. */
  sweep(): Promise<void>
}

const PAGE = 1000
/** Job ids have at most 64 characters. */
const UNDO_PREFIX_LENGTH = 50

/** Rollouts: one cohort after the other, each only if the ones before it finished and stayed well. */
export function createJobDesk({ store, clock, audit, changed, look }: JobDeskPorts): JobDesk {
  const moving = new Map<string, { again: boolean; done: Promise<void> }>()

  const note = (actor: string, action: string, id: string, detail = ''): void =>
    audit.record({ at: clock.now(), actor, action, subject: id, detail })

  /** `closely` also asks how those that succeeded are doing. */
  async function countsOf(job: Job, closely: boolean): Promise<RolloutCounts & { queued: number }> {
    const counts = await store.counts(job.id)
    return {
      queued: Object.values(counts).reduce((sum, n) => sum + n, 0),
      targets: job.targets,
      released: targetsUpTo(job.plan, job.released, job.targets),
      succeeded: counts.SUCCEEDED ?? 0,
      failed: (counts.FAILED ?? 0) + (counts.TIMED_OUT ?? 0) + (counts.REJECTED ?? 0),
      removed: (counts.REMOVED ?? 0) + (counts.CANCELED ?? 0),
      unhealthy: closely && (counts.SUCCEEDED ?? 0) > 0 ? await unhealthyOf(job.id) : 0,
    }
  }

  async function unhealthyOf(id: string): Promise<number> {
    const isWell = await look()
    let unhealthy = 0
    for await (const page of pagesOf(id, 'SUCCEEDED'))
      unhealthy += page.filter(({ thing, lastUpdatedAt }) => !isWell(thing, lastUpdatedAt)).length
    return unhealthy
  }

  async function* pagesOf(id: string, status?: ExecutionStatus): AsyncGenerator<JobExecution[]> {
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<JobStore['executions']>> = await store.executions(id, { limit: PAGE, ...(status && { status }), ...(cursor !== null && { cursor }) }) // prettier-ignore
      yield page.items
      cursor = page.cursor
    } while (cursor !== null)
  }

  const progressOf = ({ status, released, finishedAt, excused, reason }: Job): JobProgress => ({
    status,
    released,
    finishedAt,
    excused,
    reason,
  })

  async function move(job: Job, closely: boolean): Promise<void> {
    const counts = await countsOf(job, closely)
    // A crash came between a release and its executions, or the store takes so many at once only.
    if (counts.queued < counts.released) return queue(job, counts.queued, counts.released)
    const step = rolloutStep(job.plan, job, counts, clock.now())
    // Nobody is updated without a look at those before.
    if (step.kind === 'hold' || (step.kind === 'release' && !closely && job.released > 0)) return
    if (step.kind === 'release') await release(job, step)
    else await settle(job, step)
  }

  async function settle(
    job: Job,
    step: Exclude<RolloutStep, { kind: 'hold' } | { kind: 'release' }>,
  ): Promise<void> {
    const progress = progressOf(job)
    if (step.kind === 'soak') progress.finishedAt = step.finishedAt
    if (step.kind === 'pause') Object.assign(progress, { status: 'paused', reason: step.reason })
    if (step.kind === 'complete') progress.status = 'completed'
    if ((await store.save(job, progress)) && step.kind !== 'soak')
      note('telltale', `job.${step.kind}`, job.id, progress.reason ?? '')
  }

  /** Saved first: a job that somebody has just paused releases nobody. */
  async function release(job: Job, { cohort, upTo }: { cohort: number; upTo: number }): Promise<void> {
    if (!(await store.save(job, { ...progressOf(job), released: cohort, finishedAt: null }))) return
    const from = targetsUpTo(job.plan, cohort - 1, job.targets)
    note('telltale', 'job.release', job.id, `cohort ${cohort}: ${upTo - from} devices`)
    await queue(job, from, upTo)
  }

  const queue = async (job: Job, from: number, upTo: number): Promise<void> =>
    changed(await store.release(job, from, upTo, clock.now()))

  async function recount(id: string): Promise<void> {
    const job = await store.get(id)
    if (job) await move(job, false)
  }

  /** Retried while somebody else's change comes in between. */
  async function change(
    id: string,
    from: readonly RolloutStatus[],
    next: (job: Job) => Promise<JobProgress> | JobProgress,
  ): Promise<Job | string | null> {
    for (;;) {
      const job = await store.get(id)
      if (!job) return null
      if (!from.includes(job.status)) return `the job is ${job.status}`
      const progress = await next(job)
      if (await store.save(job, progress)) return { ...job, ...progress }
    }
  }

  async function end(
    id: string,
    by: string,
    verb: string,
    from: readonly RolloutStatus[],
    status: RolloutStatus,
  ): Promise<Job | string | null> {
    const job = await change(id, from, (before) => ({ ...progressOf(before), status }))
    if (job === null || typeof job === 'string') return job
    note(by, `job.${verb}`, id)
    changed(await store.cancel(id, clock.now()))
    return job
  }

  async function begun(id: string): Promise<string[]> {
    const things: string[] = []
    for await (const page of pagesOf(id))
      things.push(...page.filter(({ startedAt, status }) => startedAt !== null && status !== 'REMOVED').map(({ thing }) => thing)) // prettier-ignore
    return things
  }

  /** A job of its own, for all at once, that nothing pauses: devices are known to be on the wrong version. */
  async function undo(job: Job, document: JsonObject, by: string): Promise<void> {
    const things = await begun(job.id)
    if (things.length === 0) return
    for (let n = 1; ; n++) {
      const id = `${job.id.slice(0, UNDO_PREFIX_LENGTH)}-rollback${n === 1 ? '' : `-${n}`}`
      const plan = { ...job.plan, cohorts: [1], maxFailureShare: 1 }
      const made: Job = { ...job, id, document, rollback: null, plan, status: 'running', released: 0, finishedAt: null, excused: 0, reason: `undoes ${job.id}`, targets: things.length, createdAt: clock.now(), by } // prettier-ignore
      if (await create(made, things)) return
    }
  }

  async function create(job: Job, things: readonly string[]): Promise<boolean> {
    if (!(await store.create(job, things))) return false
    note(job.by, 'job.create', job.id, JSON.stringify({ targets: things.length, plan: job.plan }))
    await move(job, true)
    return true
  }

  return {
    create,
    pause: async (id, by) => {
      const job = await change(id, ['running'], (before) => ({ ...progressOf(before), status: 'paused', reason: `paused by ${by}` })) // prettier-ignore
      if (job !== null && typeof job !== 'string') note(by, 'job.pause', id)
      return job
    },
    resume: async (id, by) => {
      const job = await change(id, ['paused'], async (before) => ({
        ...progressOf(before),
        status: 'running',
        reason: null,
        excused: misses(await countsOf(before, true)),
      }))
      if (job === null || typeof job === 'string') return job
      note(by, 'job.resume', id, `${job.excused} failures are excused`)
      for await (const page of pagesOf(id, 'QUEUED')) changed(page.map(({ thing }) => thing))
      return job
    },
    cancel: (id, by) => end(id, by, 'cancel', ['running', 'paused'], 'cancelled'),
    rollBack: async (id, by) => {
      const from = ['running', 'paused', 'completed', 'cancelled'] as const
      const job = await end(id, by, 'rollback', from, 'rolled back')
      if (job !== null && typeof job !== 'string' && job.rollback) await undo(job, job.rollback, by)
      return job
    },
    finished: (id) => {
      const under = moving.get(id)
      if (under) {
        under.again = true
        return under.done
      }
      const entry = { again: false, done: Promise.resolve() }
      moving.set(id, entry)
      entry.done = (async () => {
        do {
          entry.again = false
          await recount(id)
        } while (entry.again)
      })().finally(() => moving.delete(id))
      return entry.done
    },
    sweep: async () => {
      for (const job of await store.running()) await move(job, true)
    },
  }
}
