import {
  executionSummary,
  executionView,
  isTerminal,
  parseExecutionUpdate,
  parseStart,
  startExecution,
  updateExecution,
  type JobExecution,
  type JobsError,
} from '../../core/device/job-execution.ts'
import type { JsonObject } from '../../core/device/json.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ExecutionStore, JobStore } from '../../ports/job-desk.ts'

export interface JobTopicsPorts {
  store: ExecutionStore & Pick<JobStore, 'get'>
  clock: Clock
  publish(topic: string, body: JsonObject): void
  /** Whether anybody would hear it. */
  listens(thing: string, topic: string): boolean
  /** Devices have finished their part of this job, one way or the other. */
  finished(job: string): Promise<void>
  /** Where a failure goes that nobody waits for. */
  failed(error: Error): void
}

/** What AWS IoT Jobs answers a device, and tells it unasked. */
export interface JobTopics {
  pending(thing: string): Promise<JsonObject>
  startNext(thing: string, body: JsonObject): Promise<JsonObject | JobsError>
  describe(thing: string, job: string, body: JsonObject): Promise<JsonObject | JobsError>
  update(thing: string, job: string, body: JsonObject): Promise<JsonObject | JobsError>
  /** Tells devices that their lists of jobs have changed, and which one is next. */
  changed(things: readonly string[]): void
  /** Every minute: ends what took too long. */
  sweep(): Promise<void>
  /** The device is no more. */
  forget(thing: string): Promise<void>
}

/** Devices that are told at once: each costs a look-up. */
const AT_ONCE = 100

export function createJobTopics(ports: JobTopicsPorts): JobTopics {
  const { store, clock, publish, listens, finished, failed } = ports
  const seconds = (): number => Math.floor(clock.now() / 1000)
  const documentOf = async (id: string): Promise<JsonObject | null> => (await store.get(id))?.document ?? null
  const limitOf = async (id: string): Promise<number | null> => (await store.get(id))?.timeoutMs ?? null

  async function notify(thing: string): Promise<void> {
    const topic = (name: string): string => `$aws/things/${thing}/jobs/${name}`
    const heard = ['notify', 'notify-next'].filter((name) => listens(thing, topic(name)))
    if (heard.length === 0) return
    const pending = await store.pending(thing)
    const of = (status: string) => pending.filter((e) => e.status === status).map(executionSummary)
    const [begun, queued] = [of('IN_PROGRESS'), of('QUEUED')]
    const jobs = {
      ...(begun.length > 0 && { IN_PROGRESS: begun }),
      ...(queued.length > 0 && { QUEUED: queued }),
    }
    if (heard.includes('notify')) publish(topic('notify'), { timestamp: seconds(), jobs })
    if (!heard.includes('notify-next')) return
    const next = pending[0]
    const execution = next && executionView(next, await documentOf(next.job))
    publish(topic('notify-next'), { timestamp: seconds(), ...(execution && { execution }) })
  }

  async function notifyAll(things: readonly string[]): Promise<void> {
    for (let i = 0; i < things.length; i += AT_ONCE)
      await Promise.all(things.slice(i, i + AT_ONCE).map(notify))
  }
  const changed = (things: readonly string[]): void => void notifyAll(things).catch(failed)

  /** Undefined where `$next` finds nothing to do. */
  async function find(thing: string, id: string): Promise<JobExecution | null | undefined> {
    return id === '$next' ? (await store.pending(thing))[0] : store.execution(thing, id)
  }

  const unknown = (thing: string, id: string): JobsError => ({
    code: 'ResourceNotFound',
    message: `there is no job ${id} for ${thing}`,
  })

  return {
    pending: async (thing) => {
      const pending = await store.pending(thing)
      const of = (status: string) => pending.filter((e) => e.status === status).map(executionSummary)
      return { timestamp: seconds(), inProgressJobs: of('IN_PROGRESS'), queuedJobs: of('QUEUED') }
    },
    startNext: async (thing, body) => {
      const start = parseStart(body)
      if ('code' in start) return start
      let [next] = await store.pending(thing)
      if (!next) return { timestamp: seconds() }
      if (next.status === 'QUEUED') {
        const begun = startExecution(next, start, await limitOf(next.job), clock.now())
        const stored = await store.put(begun, next.versionNumber)
        next = stored ? begun : ((await store.execution(thing, next.job)) ?? next)
      }
      return { timestamp: seconds(), execution: executionView(next, await documentOf(next.job)) }
    },
    describe: async (thing, id, body) => {
      const execution = await find(thing, id)
      if (execution === undefined) return { timestamp: seconds() }
      const number = body['executionNumber']
      if (execution === null || (typeof number === 'number' && number !== execution.executionNumber))
        return unknown(thing, id)
      const document = body['includeJobDocument'] === false ? null : await documentOf(execution.job)
      return { timestamp: seconds(), execution: executionView(execution, document) }
    },
    update: async (thing, id, body) => {
      const asked = parseExecutionUpdate(body)
      if ('code' in asked) return asked
      const execution = await store.execution(thing, id)
      if (!execution) return unknown(thing, id)
      const updated = updateExecution(execution, asked, await limitOf(id), clock.now())
      if ('code' in updated) return { ...updated, executionState: stateOf(execution) }
      if (!(await store.put(updated, execution.versionNumber)))
        return { code: 'VersionMismatch', message: 'the execution changed at the same moment' }
      if (isTerminal(updated.status)) {
        changed([thing])
        finished(id).catch(failed)
      }
      return {
        timestamp: seconds(),
        ...(asked.includeJobExecutionState && { executionState: stateOf(updated) }),
        ...(asked.includeJobDocument && { jobDocument: (await documentOf(id)) ?? {} }),
      }
    },
    changed,
    sweep: async () => {
      const late = await store.timeOut(clock.now())
      await notifyAll([...new Set(late.map(({ thing }) => thing))])
    },
    forget: async (thing) => {
      for (const job of await store.forget(thing, clock.now())) await finished(job)
    },
  }
}

const stateOf = (e: JobExecution): JsonObject => ({
  status: e.status,
  statusDetails: { ...e.statusDetails },
  versionNumber: e.versionNumber,
})
