import * as z from 'zod'
import { executionStatuses } from '../../core/device/job-execution.ts'
import { planFault, usualPlan } from '../../core/device/rollout.ts'
import type { DeviceDesk } from '../../ports/device-desk.ts'
import type { DeviceQuery } from '../../ports/device-directory.ts'
import type { Job } from '../../ports/job-desk.ts'
import { endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { decodeCursor, fillPage, idCursor, pageOf } from '../paging.ts'
import type { ApiPorts, Principal } from '../ports.ts'
import { ApiProblem } from '../problem.ts'
import { cursorParameter, epochMs, label, limitParameter, pageSchema, thingName, trade } from '../schemas.ts'

/** AWS IoT Jobs: a document has at most 32 KB. */
const DOCUMENT_BYTES = 32 * 1024
/** A rollout's targets are fixed when it begins. */
const MOST_TARGETS = 100_000

const document = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= DOCUMENT_BYTES, { error: 'must be at most 32 KB' })
const plan = z.strictObject({
  cohorts: z
    .array(z.number().positive().max(1))
    .min(1)
    .max(20)
    .default([...usualPlan.cohorts]),
  soakMs: z.int().min(0).default(usualPlan.soakMs),
  maxFailureShare: z.number().min(0).max(1).default(usualPlan.maxFailureShare),
  minExecuted: z.int().min(1).default(usualPlan.minExecuted),
  finishedShare: z.number().min(0).max(1).default(usualPlan.finishedShare),
})
const job = z
  .object({
    id: z.string(),
    document: z.record(z.string(), z.unknown()),
    plan,
    rollback: z.record(z.string(), z.unknown()).nullable(),
    timeoutMs: z.number().nullable(),
    status: z.enum(['running', 'paused', 'completed', 'cancelled', 'rolled back']),
    released: z.int().meta({ description: 'Cohorts that have begun.' }),
    finishedAt: epochMs.nullable(),
    excused: z.int().meta({ description: 'Failures that somebody has gone on in spite of.' }),
    reason: z.string().nullable(),
    targets: z.int(),
    createdAt: epochMs,
    by: z.string(),
    counts: z.partialRecord(z.enum(executionStatuses), z.int()).optional(),
  })
  .meta({ id: 'Job' })
const execution = z
  .object({
    job: z.string(),
    thing: z.string(),
    status: z.enum(executionStatuses),
    statusDetails: z.record(z.string(), z.string()),
    queuedAt: epochMs,
    startedAt: epochMs.nullable(),
    lastUpdatedAt: epochMs,
    versionNumber: z.int(),
    executionNumber: z.int(),
    timesOutAt: epochMs.nullable(),
  })
  .meta({ id: 'JobExecution' })

const jobId = z.string().regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, _ or -' })
const params = z.strictObject({ job: jobId })

export const jobs = (ports: ApiPorts, desk: Pick<DeviceDesk, 'jobs'>) => {
  const everySite = (principal: Principal): void => {
    if (principal.sites !== null) throw new ApiProblem('wrong_site', 'jobs span sites')
  }
  const existing = <T>(found: T | null, id: string): T => {
    if (found === null) throw new ApiProblem('no_such_job', `there is no job ${id}`)
    return found
  }
  const change = (
    id: string,
    verb: string,
    summary: string,
    act: (id: string, by: string) => Promise<Job | string | null>,
  ) =>
    endpoint(
      {
        id,
        method: 'post',
        path: `/v1/jobs/{job}/${verb}`,
        tag: 'jobs',
        summary,
        role: 'admin',
        params,
        body: z.strictObject({}),
        answers: [{ status: 200, description: 'The job as it is now', schema: job }],
        problems: ['no_such_job', 'wrong_site', 'not_allowed_now'],
      },
      async ({ params: { job }, principal }) => {
        everySite(principal)
        const changed = await act(job, principal.name)
        if (typeof changed === 'string') throw new ApiProblem('not_allowed_now', changed)
        return existing(changed, job)
      },
    )
  return [
    endpoint(
      {
        id: 'createJob',
        method: 'post',
        path: '/v1/jobs',
        tag: 'jobs',
        summary: 'Roll something out: firmware, configuration',
        description:
          'Goes to cohorts of the targets one after the other, each only if the one before finished and stayed healthy; too many failures pause it. Devices use the AWS IoT Jobs topics.',
        role: 'admin',
        body: z.strictObject({
          id: jobId,
          document,
          things: z.array(thingName).max(10_000).optional(),
          select: z
            .strictObject({
              trade: trade.optional(),
              type: label.optional(),
              group: label.optional(),
              site: label.optional(),
            })
            .optional(),
          plan: plan.prefault({}),
          rollback: document.nullable().default(null),
          timeoutMs: z.int().min(60_000).nullable().default(null),
        }),
        answers: [{ status: 201, description: 'The job', schema: job }],
        problems: ['wrong_site', 'no_such_device', 'bad_plan', 'job_exists'],
      },
      async ({ body: { id, document, things, select, plan, rollback, timeoutMs }, principal }) => {
        everySite(principal)
        const fault = planFault(plan)
        if (fault) throw new ApiProblem('bad_plan', fault)
        if ((things === undefined) === (select === undefined)) throw new ApiProblem('bad_plan', 'give either things or select') // prettier-ignore
        const known = await ports.devices.getMany(things ?? [])
        const missing = things?.find((thing) => !known.has(thing))
        if (missing !== undefined) throw new ApiProblem('no_such_device', `there is no device ${missing}`)
        const targets = [...new Set(things ?? spread(id, await selected(ports, given(select!))))]
        if (targets.length === 0) throw new ApiProblem('bad_plan', 'there is no device to send it to')
        const created: Job = {
          id,
          document,
          plan,
          rollback,
          timeoutMs,
          status: 'running',
          released: 0,
          finishedAt: null,
          excused: 0,
          reason: null,
          targets: targets.length,
          createdAt: ports.clock.now(),
          by: principal.name,
        }
        if (!(await desk.jobs.create(created, targets)))
          throw new ApiProblem('job_exists', `job ${id} exists`)
        return existing(await desk.jobs.get(id), id)
      },
    ),
    endpoint(
      {
        id: 'listJobs',
        method: 'get',
        path: '/v1/jobs',
        tag: 'jobs',
        summary: 'Jobs, newest first',
        role: 'viewer',
        query: z.strictObject({ limit: limitParameter(100), cursor: cursorParameter }),
        answers: [{ status: 200, description: 'A page of jobs', schema: pageSchema(job) }],
        problems: ['wrong_site', 'bad_cursor'],
      },
      async ({ query: { cursor, limit }, principal, context }) => {
        everySite(principal)
        const { items, after } = await fillPage({
          fetch: async (cursor, limit) => desk.jobs.list(given({ cursor, limit })),
          idOf: ({ id }) => id,
          keep: () => true,
          cursor: decodeCursor(cursor, idCursor),
          limit,
        })
        return pageOf(context.req.url, items, after === null ? null : { cursor: after })
      },
    ),
    endpoint(
      {
        id: 'getJob',
        method: 'get',
        path: '/v1/jobs/{job}',
        tag: 'jobs',
        summary: 'One job, and how far it has come',
        role: 'viewer',
        params,
        answers: [{ status: 200, description: 'The job', schema: job }],
        problems: ['no_such_job', 'wrong_site'],
      },
      async ({ params: { job }, principal }) => {
        everySite(principal)
        return existing(await desk.jobs.get(job), job)
      },
    ),
    endpoint(
      {
        id: 'listExecutions',
        method: 'get',
        path: '/v1/jobs/{job}/executions',
        tag: 'jobs',
        summary: 'What each device made of a job',
        role: 'viewer',
        params,
        query: z.strictObject({ limit: limitParameter(100), cursor: cursorParameter }),
        answers: [{ status: 200, description: 'A page of executions', schema: pageSchema(execution) }],
        problems: ['no_such_job', 'wrong_site', 'bad_cursor'],
      },
      async ({ params: { job }, query: { cursor, limit }, principal, context }) => {
        everySite(principal)
        existing(await desk.jobs.get(job), job)
        const from = decodeCursor(cursor, idCursor)
        const page = await desk.jobs.executions(job, given({ cursor: from, limit }))
        return pageOf(context.req.url, page.items, page.cursor === null ? null : { cursor: page.cursor })
      },
    ),
    change('pauseJob', 'pause', 'Stop releasing and starting a job', desk.jobs.pause),
    change(
      'resumeJob',
      'resume',
      'Go on with a paused job; its failures until now are excused',
      desk.jobs.resume,
    ),
    change('cancelJob', 'cancel', 'End a job; what devices have finished stays', desk.jobs.cancel),
    change('rollBackJob', 'rollback', 'End a job and send its rollback to every device that began it', desk.jobs.rollBack), // prettier-ignore
  ]
}

async function selected(
  ports: ApiPorts,
  filter: Pick<DeviceQuery, 'trade' | 'type' | 'group' | 'site'>,
): Promise<string[]> {
  const things: string[] = []
  for (let cursor: string | undefined; ;) {
    const page = await ports.devices.list(
      given({ ...filter, status: 'active' as const, cursor, limit: 1000 }),
    )
    things.push(...page.map(({ thing }) => thing))
    if (things.length > MOST_TARGETS) throw new ApiProblem('bad_plan', `more than ${MOST_TARGETS} devices`)
    if (page.length < 1000) return things
    cursor = page.at(-1)!.thing
  }
}

/** A selection in an order of the job's own, so that the first to be updated are not the same devices every time. */
function spread(job: string, things: readonly string[]): string[] {
  const order = new Map(things.map((thing) => [thing, hashOf(`${job}/${thing}`)]))
  return [...things].sort((a, b) => order.get(a)! - order.get(b)! || (a < b ? -1 : 1))
}

/** FNV-1a (Fowler, Noll, Vo), with the finalizer of MurmurHash3 (Appleby): names that differ in their last letter end far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
