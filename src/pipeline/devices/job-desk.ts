import type { JsonObject } from '../../core/device/json.ts'
import {
  executionSummary,
  executionView,
  isTerminal,
  parseExecutionUpdate,
  updateExecution,
  type JobExecution,
  type JobsError,
} from '../../core/device/job-execution.ts'
import { rolloutStep, targetsUpTo, type RolloutCounts } from '../../core/device/rollout.ts'
import type { EpochMs } from '../../core/telemetry/reading.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Job, JobStore } from '../../ports/job-desk.ts'

export interface JobDeskPorts {
  store: JobStore
  clock: Clock
  audit: Pick<Audit, 'record'>
  publish(topic: string, body: JsonObject): void
  /** Whether a device is well after its update: connected, speaking, without a new alarm of weight. */
  isHealthy(thing: string, since: EpochMs): Promise<boolean>
}

export interface JobDesk {
  /** False if the id is taken. */
  create(job: Job, things: readonly string[]): Promise<boolean>
  /** Goes on after a pause. Null if there is no such job. */
  resume(id: string, by: string): Promise<Job | null>
  pause(id: string, by: string, reason: string): Promise<Job | null>
  cancel(id: string, by: string): Promise<Job | null>
  /** Cancels, and sends the rollback document to every device that has finished or failed. */
  rollBack(id: string, by: string): Promise<Job | null>
  /** Every minute: timeouts, cohorts, health gates. */
  sweep(): Promise<void>
  pendingOf(thing: string, token: JsonObject): Promise<JsonObject>
  startNext(thing: string, body: JsonObject): Promise<JsonObject>
  describe(thing: string, job: string, body: JsonObject): Promise<JsonObject | JobsError>
  update(thing: string, job: string, body: JsonObject): Promise<JsonObject | JobsError>
}

/** The most devices whose health one look asks for. */
const HEALTH_SAMPLE = 500

/** AWS IoT Jobs for the box: the topics' answers, and the rollout behind them. */
export function createJobDesk({ store, clock, audit, publish, isHealthy }: JobDeskPorts): JobDesk {
  const seconds = (): number => Math.floor(clock.now() / 1000)
  const topicOf = (thing: string, rest: string): string => `$aws/things/${thing}/jobs/${rest}`
  const note = (actor: string, action: string, id: string, detail = ''): void =>
    audit.record({ at: clock.now(), actor, action, subject: id, detail })

  const documentOf = async (id: string): Promise<JsonObject | null> => (await store.get(id))?.document ?? null
  const next = async (thing: string): Promise<JobExecution | undefined> => (await store.pending(thing))[0]

  /** Tells a device that its list of jobs has changed, and which one is next. */
  async function notify(thing: string): Promise<void> {
    const pending = await store.pending(thing)
    const of = (status: string) => pending.filter((e) => e.status === status).map(executionSummary)
    const [begun, queued] = [of('IN_PROGRESS'), of('QUEUED')]
    publish(topicOf(thing, 'notify'), {
      timestamp: seconds(),
      jobs: { ...(begun.length > 0 && { IN_PROGRESS: begun }), ...(queued.length > 0 && { QUEUED: queued }) },
    })
    const first = pending[0]
    publish(topicOf(thing, 'notify-next'), {
      timestamp: seconds(),
      ...(first && { execution: executionView(first, await documentOf(first.job)) }),
    })
  }

  async function countsOf(job: Job): Promise<RolloutCounts> {
    const counts = await store.counts(job.id)
    const failed = (counts.FAILED ?? 0) + (counts.TIMED_OUT ?? 0) + (counts.REJECTED ?? 0)
    const sample = await store.executions(job.id, { status: 'SUCCEEDED', limit: HEALTH_SAMPLE })
    const well = await Promise.all(sample.map(async (e) => isHealthy(e.thing, e.lastUpdatedAt)))
    const unhealthy = well.filter((healthy) => !healthy).length
    const released = targetsUpTo(job.plan, job.released, job.targets)
    return { targets: job.targets, released, succeeded: counts.SUCCEEDED ?? 0, failed, unhealthy }
  }

  async function move(job: Job): Promise<void> {
    const step = rolloutStep(job.plan, job, await countsOf(job), clock.now())
    switch (step.kind) {
      case 'hold':
        return
      case 'soak':
        await store.save({ ...job, finishedAt: step.finishedAt })
        return
      case 'pause':
        await store.save({ ...job, status: 'paused', reason: step.reason })
        note('telltale', 'job.pause', job.id, step.reason)
        return
      case 'complete':
        await store.save({ ...job, status: 'completed' })
        note('telltale', 'job.complete', job.id)
        return
      case 'release': {
        const from = targetsUpTo(job.plan, step.cohort - 1, job.targets)
        const things = await store.release(job.id, from, step.upTo, null, clock.now())
        await store.save({ ...job, released: step.cohort, finishedAt: null })
        note('telltale', 'job.release', job.id, `cohort ${step.cohort}: ${things.length} devices`)
        await Promise.all(things.map(notify))
      }
    }
  }

  async function change(id: string, by: string, action: string, to: Partial<Job>): Promise<Job | null> {
    const job = await store.get(id)
    if (!job) return null
    const changed = { ...job, ...to }
    await store.save(changed)
    note(by, action, id, to.reason ?? '')
    return changed
  }

  async function end(
    id: string,
    by: string,
    action: string,
    status: 'cancelled' | 'rolled back',
  ): Promise<Job | null> {
    const job = await change(id, by, action, { status })
    if (job) await Promise.all((await store.cancel(id, clock.now())).map(notify))
    return job
  }

  async function begin(execution: JobExecution, body: JsonObject): Promise<JobExecution> {
    if (execution.status !== 'QUEUED') return execution
    const job = await store.get(execution.job)
    const wished = body['stepTimeoutInMinutes']
    const limitMs = typeof wished === 'number' && wished > 0 ? wished * 60_000 : (job?.timeoutMs ?? null)
    const begun: JobExecution = {
      ...execution,
      status: 'IN_PROGRESS',
      startedAt: clock.now(),
      lastUpdatedAt: clock.now(),
      versionNumber: execution.versionNumber + 1,
      timesOutAt: limitMs === null ? null : clock.now() + limitMs,
    }
    return (await store.put(begun, execution.versionNumber))
      ? begun
      : ((await store.execution(execution.thing, execution.job)) ?? execution)
  }

  return {
    create: async (job, things) => {
      if (!(await store.create(job, things))) return false
      note(job.by, 'job.create', job.id, JSON.stringify({ targets: things.length, plan: job.plan }))
      await move(job)
      return true
    },
    pause: (id, by, reason) => change(id, by, 'job.pause', { status: 'paused', reason }),
    resume: async (id, by) => {
      const job = await change(id, by, 'job.resume', { status: 'running', reason: null })
      if (job)
        for (const { thing } of await store.executions(id, { status: 'QUEUED', limit: 10_000 }))
          await notify(thing)
      return job
    },
    cancel: (id, by) => end(id, by, 'job.cancel', 'cancelled'),
    rollBack: async (id, by) => {
      const job = await end(id, by, 'job.rollback', 'rolled back')
      if (!job?.rollback) return job
      const touched: string[] = []
      for (let cursor = ''; ;) {
        const page = await store.executions(id, { cursor, limit: 1000 })
        touched.push(...page.filter((e) => e.startedAt !== null).map((e) => e.thing))
        if (page.length < 1000) break
        cursor = page.at(-1)!.thing
      }
      const undo: Job = {
        ...job,
        id: `${id.slice(0, 54)}-rollback`,
        document: job.rollback,
        rollback: null,
        plan: { ...job.plan, cohorts: [1], maxFailureShare: 1 },
        status: 'running',
        released: 0,
        finishedAt: null,
        targets: touched.length,
        createdAt: clock.now(),
        by,
      }
      if (touched.length > 0 && (await store.create(undo, touched))) await move(undo)
      return job
    },
    sweep: async () => {
      for (const { thing } of await store.timeOut(clock.now())) await notify(thing)
      for (const job of await store.running()) await move(job)
    },
    pendingOf: async (thing, token) => {
      const pending = await store.pending(thing)
      const of = (status: string) => pending.filter((e) => e.status === status).map(executionSummary)
      return { ...token, timestamp: seconds(), inProgressJobs: of('IN_PROGRESS'), queuedJobs: of('QUEUED') }
    },
    startNext: async (thing, body) => {
      const waiting = await next(thing)
      if (!waiting) return { timestamp: seconds() }
      const execution = await begin(waiting, body)
      return { timestamp: seconds(), execution: executionView(execution, await documentOf(execution.job)) }
    },
    describe: async (thing, id, body) => {
      const execution = id === '$next' ? ((await next(thing)) ?? null) : await store.execution(thing, id)
      if (!execution && id === '$next') return { timestamp: seconds() }
      if (!execution) return { code: 'ResourceNotFound', message: `there is no job ${id} for ${thing}` }
      const document = body['includeJobDocument'] === false ? null : await documentOf(execution.job)
      return { timestamp: seconds(), execution: executionView(execution, document) }
    },
    update: async (thing, id, body) => {
      const asked = parseExecutionUpdate(body)
      if ('code' in asked) return asked
      const execution = await store.execution(thing, id)
      if (!execution) return { code: 'ResourceNotFound', message: `there is no job ${id} for ${thing}` }
      const updated = updateExecution(execution, asked, clock.now())
      if ('code' in updated) return { ...updated, executionState: stateOf(execution) }
      if (!(await store.put(updated, execution.versionNumber)))
        return { code: 'VersionMismatch', message: 'the execution changed at the same moment' }
      if (isTerminal(updated.status)) {
        await notify(thing)
        const job = await store.get(id)
        if (job) await move(job)
      }
      return {
        timestamp: seconds(),
        ...(asked.includeJobExecutionState && { executionState: stateOf(updated) }),
        ...(asked.includeJobDocument && { jobDocument: (await documentOf(id)) ?? {} }),
      }
    },
  }
}

const stateOf = (e: JobExecution): JsonObject => ({
  status: e.status,
  statusDetails: { ...e.statusDetails },
  versionNumber: e.versionNumber,
})
