import { beforeEach, describe, expect, it } from 'vitest'
import { groupCommit, openDeviceBook } from '../../../src/adapters/local/devices/schema.ts'
import { sqliteJobStore } from '../../../src/adapters/local/devices/sqlite-job-store.ts'
import type { JsonObject } from '../../../src/core/device/json.ts'
import { createJobDesk, type JobDesk } from '../../../src/pipeline/devices/job-desk.ts'
import { createJobTopics, type JobTopics } from '../../../src/pipeline/devices/job-topics.ts'
import type { AuditEntry } from '../../../src/ports/audit.ts'
import { job } from '../../contracts/job-store.ts'

const MINUTE = 60_000
let now: number
let ill: Set<string>
let told: { topic: string; body: JsonObject }[]
let audited: AuditEntry[]
let desk: JobDesk
let topics: JobTopics
let store: ReturnType<typeof sqliteJobStore>

beforeEach(() => {
  now = 1_795_341_600_000
  ill = new Set()
  told = []
  audited = []
  const db = openDeviceBook(':memory:')
  store = sqliteJobStore(db, groupCommit(db))
  const clock = { now: () => now, elapsed: () => now }
  desk = createJobDesk({
    store,
    clock,
    audit: { record: (entry) => void audited.push(entry) },
    changed: (things) => topics.changed(things),
    look: () => Promise.resolve((thing) => !ill.has(thing)),
  })
  topics = createJobTopics({
    store,
    clock,
    publish: (topic, body) => void told.push({ topic, body }),
    listens: () => true,
    finished: (id) => desk.finished(id),
    failed: (error) => {
      throw error
    },
  })
})

const plan = { cohorts: [0.1, 1], soakMs: 10 * MINUTE, maxFailureShare: 0.1, minExecuted: 1, finishedShare: 1 } // prettier-ignore
const fleet = (n: number): string[] => Array.from({ length: n }, (_, i) => `d${String(i).padStart(5, '0')}`)
const begin = (id: string, n: number, over: Partial<Parameters<typeof job>[1]> = {}) =>
  desk.create(job(id, { plan, targets: n, createdAt: now, ...over }), fleet(n))
const report = (thing: string, id: string, status: string): Promise<JsonObject> =>
  topics.update(thing, id, { status }) as unknown as Promise<JsonObject>
const finish = async (id: string, things: readonly string[], status = 'SUCCEEDED'): Promise<void> => {
  await Promise.all(things.map((thing) => report(thing, id, status)))
  await desk.finished(id)
}
const status = async (id: string) => (await store.get(id))!.status
const later = async (minutes: number): Promise<void> => {
  now += minutes * MINUTE
  await desk.sweep()
}

describe('createJobDesk', () => {
  it('goes to the next cohort only after the first finished and stayed well for the soak', async () => {
    await begin('j', 20)
    expect(await store.counts('j')).toEqual({ QUEUED: 2 })
    await finish('j', fleet(2))
    await later(9)
    expect(await store.counts('j')).toEqual({ SUCCEEDED: 2 })
    await later(1)
    expect(await store.counts('j')).toEqual({ SUCCEEDED: 2, QUEUED: 18 })
    await finish('j', fleet(20).slice(2))
    expect(await status('j')).toBe('completed')
  })

  it('pauses for a share of unwell devices, however many there are', async () => {
    const n = 2000
    await begin('j', n, { plan: { ...plan, cohorts: [0.75, 1] } })
    await finish('j', fleet(1500))
    // One in eight is ill, spread over all names.
    fleet(1500).forEach((thing, i) => i % 8 === 0 && ill.add(thing))
    await later(1)
    expect(await store.get('j')).toMatchObject({ status: 'paused', reason: expect.stringContaining('188 are unhealthy') as string }) // prettier-ignore
    expect(audited.map(({ action }) => action)).toContain('job.pause')
  })

  it('goes on when somebody resumes it, and pauses again for new failures only', async () => {
    await begin('j', 100, { plan: { ...plan, cohorts: [0.2, 1], soakMs: 0 } })
    await finish('j', fleet(3), 'FAILED')
    expect(await status('j')).toBe('paused')
    expect(await desk.resume('j', 'ada')).toMatchObject({ status: 'running', excused: 3 })
    await finish('j', fleet(20).slice(3))
    await later(1)
    expect(await store.counts('j')).toMatchObject({ QUEUED: 80 })
    await finish('j', fleet(40).slice(20), 'FAILED')
    expect(await status('j')).toBe('paused')
  })

  it('releases nobody once a person has paused it, whoever was counting', async () => {
    await begin('j', 20)
    await finish('j', fleet(2))
    now += 10 * MINUTE
    const [, paused] = await Promise.all([desk.sweep(), desk.pause('j', 'ada')])
    expect(paused).toMatchObject({ status: 'paused' })
    expect(await status('j')).toBe('paused')
    await later(60)
    const { status: still, released } = (await store.get('j'))!
    expect(still).toBe('paused')
    expect(await store.counts('j')).toEqual(released === 1 ? { SUCCEEDED: 2 } : { SUCCEEDED: 2, QUEUED: 18 })
    expect(await topics.pending('d00005')).toMatchObject({ queuedJobs: [] })
  })

  it('says what its state does not allow', async () => {
    await begin('j', 1)
    expect(await desk.resume('j', 'ada')).toBe('the job is running')
    expect(await desk.pause('nothing', 'ada')).toBeNull()
    await desk.cancel('j', 'ada')
    expect(await desk.cancel('j', 'ada')).toBe('the job is cancelled')
    expect(await desk.pause('j', 'ada')).toBe('the job is cancelled')
  })

  it('rolls back those who have begun, even under a name that is taken, and once', async () => {
    await begin('j-rollback', 1)
    await begin('j', 20, { plan: { ...plan, cohorts: [0.5, 1] } })
    await finish('j', fleet(3))
    await topics.startNext('d00003', {})
    expect(await desk.rollBack('j', 'ada')).toMatchObject({ status: 'rolled back' })
    const undone = (await store.executions('j-rollback-2', { limit: 100 })).items
    expect(undone.map(({ thing }) => thing)).toEqual(fleet(4))
    expect((await store.get('j-rollback-2'))!.document).toEqual({ version: 1 })
    expect(await desk.rollBack('j', 'ada')).toBe('the job is rolled back')
  })

  it('does not wait for a device that has left, nor for one that began and never finished', async () => {
    await begin('j', 3, { plan: { ...plan, cohorts: [1], maxFailureShare: 1 }, timeoutMs: 5 * MINUTE })
    await report('d00000', 'j', 'IN_PROGRESS')
    await report('d00001', 'j', 'SUCCEEDED')
    await topics.forget('d00002')
    now += 5 * MINUTE
    await topics.sweep()
    await later(0)
    expect(await store.counts('j')).toEqual({ TIMED_OUT: 1, SUCCEEDED: 1, REMOVED: 1 })
    expect(await status('j')).toBe('completed')
  })

  it('queues again what a crash came before', async () => {
    const made = job('j', { plan, targets: 20, createdAt: now })
    await store.create(made, fleet(20))
    await store.save(made, { ...made, released: 1 })
    await later(1)
    expect(await store.counts('j')).toEqual({ QUEUED: 2 })
  })
})

describe('createJobTopics', () => {
  it('keeps what a device says when it begins, and gives it the time that it asks for', async () => {
    await begin('j', 1, { timeoutMs: null })
    expect(await topics.startNext('d00000', { stepTimeoutInMinutes: 0 })).toMatchObject({ code: 'InvalidRequest' }) // prettier-ignore
    const begun = await topics.startNext('d00000', { statusDetails: { step: 'load' }, stepTimeoutInMinutes: 2 }) // prettier-ignore
    expect(begun).toMatchObject({ execution: { status: 'IN_PROGRESS', statusDetails: { step: 'load' }, jobDocument: { version: 2 } } }) // prettier-ignore
    now += 2 * MINUTE
    await topics.sweep()
    expect(await store.counts('j')).toEqual({ TIMED_OUT: 1 })
  })

  it('tells a device of its next job, and when there is none', async () => {
    await begin('j', 1)
    await finish('j', ['d00000'])
    await new Promise((resolve) => setTimeout(resolve, 20))
    const next = told.filter(({ topic }) => topic === '$aws/things/d00000/jobs/notify-next')
    expect(next.map(({ body }) => 'execution' in body)).toEqual([true, false])
    expect(told.find(({ topic }) => topic.endsWith('/notify'))!.body).toMatchObject({ jobs: { QUEUED: [{ jobId: 'j' }] } }) // prettier-ignore
  })

  it('answers for an execution number that is not', async () => {
    await begin('j', 1)
    expect(await topics.describe('d00000', 'j', { executionNumber: 2 })).toMatchObject({ code: 'ResourceNotFound' }) // prettier-ignore
    expect(await topics.describe('d00000', '$next', {})).toMatchObject({ execution: { jobId: 'j' } })
    expect(await topics.describe('d00009', '$next', {})).not.toHaveProperty('execution')
  })
})
