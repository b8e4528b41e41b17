import { beforeEach, describe, expect, it } from 'vitest'
import { deskJobs } from '../../lambdas/desk/jobs.ts'
import type { Standing } from '../../lambdas/desk/standing.ts'
import type { DeviceCondition } from '../../src/core/device/status.ts'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { transition } from '../contracts/alarm-book.ts'
import { job } from '../contracts/job-store.ts'
import { dynamoDouble } from '../aws/dynamo-double.ts'
import { T0 } from '../support/harness.ts'

type Input = Record<string, string>
const named = (name: string) => Object.assign(new Error(name), { name })

/** AWS IoT Jobs, as far as continuous jobs on groups go. */
function iotJobs(now: () => number) {
  const groups = new Map<string, string[]>()
  const made = new Map<string, { cancelled: boolean; states: Map<string, { status: string; at: number }> }>()
  const jobOf = (id: string) => made.get(id) ?? (() => { throw named('ResourceNotFoundException') })() // prettier-ignore
  const answers: Record<string, (input: Input) => unknown> = {
    CreateThingGroupCommand: ({ thingGroupName: name }) => {
      if (groups.has(name!)) throw named('ResourceAlreadyExistsException')
      groups.set(name!, [])
      return { thingGroupArn: `arn:${name}` }
    },
    DescribeThingGroupCommand: ({ thingGroupName }) => ({ thingGroupArn: `arn:${thingGroupName}` }),
    CreateJobCommand: ({ jobId }) => {
      if (made.has(jobId!)) throw named('ResourceAlreadyExistsException')
      made.set(jobId!, { cancelled: false, states: new Map() })
    },
    AddThingToThingGroupCommand: ({ thingGroupName, thingName }) => {
      const { states } = jobOf(thingGroupName!.replace('telltale-job-', ''))
      if (!states.has(thingName!)) states.set(thingName!, { status: 'QUEUED', at: now() })
    },
    DescribeJobCommand: ({ jobId }) => {
      const all = [...jobOf(jobId!).states.values()]
      const count = (status: string) => all.filter((state) => state.status === status).length
      return { job: { jobProcessDetails: { numberOfQueuedThings: count('QUEUED'), numberOfSucceededThings: count('SUCCEEDED'), numberOfFailedThings: count('FAILED'), numberOfCanceledThings: count('CANCELED') } } } // prettier-ignore
    },
    ListJobExecutionsForJobCommand: ({ jobId, status }) => ({
      executionSummaries: [...jobOf(jobId!).states]
        .filter(([, state]) => status === undefined || state.status === status)
        .map(([thing, state]) => ({
          thingArn: `arn:aws:iot:::thing/${thing}`,
          jobExecutionSummary: {
            status: state.status,
            lastUpdatedAt: new Date(state.at),
            ...(state.status !== 'QUEUED' &&
              state.status !== 'CANCELED' && { startedAt: new Date(state.at) }),
          },
        })),
    }),
    CancelJobCommand: ({ jobId }) => {
      const found = jobOf(jobId!)
      found.cancelled = true
      for (const state of found.states.values()) if (state.status === 'QUEUED') state.status = 'CANCELED'
    },
    DeleteThingGroupCommand: ({ thingGroupName }) => void groups.delete(thingGroupName!),
  }
  return {
    client: { send: async (command: { constructor: { name: string }; input: Input }) => answers[command.constructor.name]!(command.input) ?? {} } as never, // prettier-ignore
    report: (id: string, thing: string, status: string): void => {
      made.get(id)!.states.set(thing, { status, at: now() })
    },
    offered: (id: string) => [...(made.get(id)?.states ?? [])].filter(([, { status }]) => status === 'QUEUED').map(([thing]) => thing), // prettier-ignore
    made,
    groups,
  }
}

const things = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
const plan = { cohorts: [0.2, 1], soakMs: 60_000, maxFailureShare: 0.1, minExecuted: 2, finishedShare: 1 }
const wanted = job('v2', { plan, targets: things.length, createdAt: T0 })

describe('deskJobs: roll-outs on AWS', () => {
  let now: number
  let iot: ReturnType<typeof iotJobs>
  let conditions: Record<string, DeviceCondition>
  let desk: ReturnType<typeof deskJobs>
  let book: ReturnType<typeof dynamoAlarmBook>
  let said: string[]
  beforeEach(() => {
    now = T0
    iot = iotJobs(() => now)
    conditions = {}
    said = []
    const dynamo = dynamoDouble().client
    book = dynamoAlarmBook(dynamo, 'AlarmBook')
    desk = deskJobs({
      dynamo,
      iot: iot.client,
      jobsTable: 'Jobs',
      alarmTable: 'AlarmBook',
      joinsARelease: 1000,
      standing: async () => ({ condition: (thing: string) => conditions[thing] ?? 'online' }) as Standing,
      audit: { record: ({ action, subject }) => void said.push(`${action} ${subject}`) },
      clock: { now: () => now, elapsed: () => now },
    })
  })
  const minute = async (): Promise<void> => {
    now += 60_000
    await desk.sweep()
  }
  const succeed = (...done: string[]): void => {
    for (const thing of done) iot.report('v2', thing, 'SUCCEEDED')
  }

  it('goes from cohort to cohort while those before finish and stay well, and ends', async () => {
    expect(await desk.create(wanted, things)).toBe(true)
    expect(iot.offered('v2')).toEqual(['a', 'b'])
    await minute()
    expect(iot.offered('v2')).toEqual(['a', 'b'])
    succeed('a', 'b')
    for (let m = 0; m < 4; m++) await minute()
    expect(iot.offered('v2')).toEqual(things.slice(2))
    succeed(...things.slice(2))
    for (let m = 0; m < 4; m++) await minute()
    expect(await desk.get('v2')).toMatchObject({ status: 'completed', counts: { SUCCEEDED: 10 } })
    expect(iot.groups.size).toBe(0)
    expect(said).toEqual(['job.create v2', 'job.release v2', 'job.release v2', 'job.complete v2'])
  })

  it('pauses by itself when updated devices fall silent, or raise an alarm of weight', async () => {
    await desk.create(wanted, things)
    succeed('a', 'b')
    now += 1000
    conditions['a'] = 'silent'
    await book.apply([transition({ thing: 'b', at: now, severity: 'major' })], now, () => true)
    for (let m = 0; m < 4; m++) await minute()
    expect(await desk.get('v2')).toMatchObject({ status: 'paused', released: 1 })
    expect(iot.offered('v2')).toEqual([])
    expect(await desk.resume('v2', 'ada')).toMatchObject({ status: 'running', excused: 2 })
  })

  it('pauses when too many fail, and rolls back those that had begun by a job of their own', async () => {
    await desk.create(wanted, things)
    iot.report('v2', 'a', 'FAILED')
    succeed('b')
    for (let m = 0; m < 3; m++) await minute()
    expect(await desk.get('v2')).toMatchObject({ status: 'paused' })
    expect(await desk.rollBack('v2', 'ada')).toMatchObject({ status: 'rolled back' })
    expect(iot.made.get('v2')!.cancelled).toBe(true)
    expect(iot.offered('v2-rollback')).toEqual(['a', 'b'])
    expect((await desk.list({ limit: 10 })).map(({ id }) => id)).toContain('v2-rollback')
    expect(await desk.rollBack('v2', 'ada')).toBe('the job is rolled back')
    expect(await desk.cancel('nobody', 'ada')).toBeNull()
  })
})
