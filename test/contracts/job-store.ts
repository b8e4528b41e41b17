import { beforeAll, describe, expect, it } from 'vitest'
import { usualPlan } from '../../src/core/device/rollout.ts'
import type { ExecutionStatus } from '../../src/core/device/job-execution.ts'
import type { Job, JobStore } from '../../src/ports/job-desk.ts'

const T = 1_795_341_600_000

export interface JobStoreUnderTest {
  store: JobStore
  /** As the device: begins and ends its part. */
  report(thing: string, job: string, status: ExecutionStatus): Promise<void>
}

export const job = (id: string, over: Partial<Job> = {}): Job => ({
  id,
  document: { version: 2, list: [1, null] },
  plan: usualPlan,
  rollback: { version: 1 },
  timeoutMs: 600_000,
  status: 'running',
  released: 0,
  finishedAt: null,
  excused: 0,
  reason: null,
  targets: 3,
  createdAt: T,
  by: 'ada',
  ...over,
})

/** What every store of jobs promises. `make` gives one that knows no job whose id begins with `js-` and has things of these names. */
export function jobStoreContract(
  name: string,
  make: (things: readonly string[]) => Promise<JobStoreUnderTest>,
): void {
  describe(`job store: ${name}`, () => {
    const things = ['js-a', 'js-b', 'js-c']
    let under: JobStoreUnderTest
    let store: JobStore
    beforeAll(async () => {
      under = await make(things)
      store = under.store
    })

    it('takes an id once, and gives a job as it was made', async () => {
      expect(await store.create(job('js-1'), things)).toBe(true)
      expect(await store.create(job('js-1', { by: 'eve' }), things)).toBe(false)
      expect(await store.get('js-1')).toEqual(job('js-1'))
      expect(await store.get('js-0')).toBeNull()
    })

    it('moves a job on from what it was, and for one of two who try', async () => {
      await store.create(job('js-2'), things)
      const next = { ...job('js-2'), released: 1, finishedAt: T, excused: 2, reason: 'r' }
      expect(await store.save(job('js-2'), next)).toBe(true)
      expect(await store.save(job('js-2'), { ...next, status: 'paused' })).toBe(false)
      expect(await store.get('js-2')).toEqual(next)
      const both = await Promise.all([store.save(next, { ...next, status: 'paused' }), store.save(next, { ...next, status: 'cancelled' })]) // prettier-ignore
      expect(both.filter(Boolean)).toHaveLength(1)
    })

    it('queues each target once, and counts and lists what became of them', async () => {
      await store.create(job('js-3'), things)
      const made = (await store.get('js-3'))!
      expect(await store.release(made, 0, 1, T)).toEqual(['js-a'])
      await store.release(made, 0, 1, T)
      expect(await store.counts('js-3')).toEqual({ QUEUED: 1 })
      expect(await store.release(made, 1, 3, T)).toEqual(['js-b', 'js-c'])
      expect(await store.counts('js-3')).toEqual({ QUEUED: 3 })
      await under.report('js-b', 'js-3', 'SUCCEEDED')
      await under.report('js-c', 'js-3', 'FAILED')
      expect(await store.counts('js-3')).toEqual({ QUEUED: 1, SUCCEEDED: 1, FAILED: 1 })
      const all = (await store.executions('js-3', { limit: 10 })).items.sort((a, b) =>
        a.thing < b.thing ? -1 : 1,
      )
      expect(all.map((e) => [e.thing, e.status, e.job])).toEqual([['js-a', 'QUEUED', 'js-3'], ['js-b', 'SUCCEEDED', 'js-3'], ['js-c', 'FAILED', 'js-3']]) // prettier-ignore
      expect(all.map((e) => e.startedAt === null)).toEqual([true, false, false])
      const seen: string[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await store.executions('js-3', { limit: 2, ...(cursor !== '' && { cursor }) })
        expect(page.items.length).toBeLessThanOrEqual(2)
        seen.push(...page.items.map(({ thing }) => thing))
        cursor = page.cursor
      }
      expect(seen.sort()).toEqual(['js-a', 'js-b', 'js-c'])
      expect((await store.executions('js-0', { limit: 2 })).items).toEqual([])
      expect((await store.executions('js-3', { status: 'SUCCEEDED', limit: 9 })).items.map((e) => e.thing)).toEqual(['js-b']) // prettier-ignore
    })

    it('ends what is unfinished and leaves what is finished', async () => {
      await store.create(job('js-4'), things)
      await store.release((await store.get('js-4'))!, 0, 3, T)
      await under.report('js-b', 'js-4', 'SUCCEEDED')
      expect((await store.cancel('js-4', T)).sort()).toEqual(['js-a', 'js-c'])
      expect(await store.cancel('js-4', T)).toEqual([])
      expect(await store.counts('js-4')).toEqual({ CANCELED: 2, SUCCEEDED: 1 })
    })

    it('lists newest first and knows the ones that run', async () => {
      for (const n of [1, 2, 3]) await store.create(job(`js-list-${n}`, { createdAt: T + n }), things)
      const first = await store.list({ limit: 2 })
      expect(first.map(({ id }) => id)).toEqual(['js-list-3', 'js-list-2'])
      expect((await store.list({ limit: 1, cursor: 'js-list-2' })).map(({ id }) => id)).toEqual(['js-list-1'])
      const running = async () => (await store.running()).map(({ id }) => id).filter((id) => id.startsWith('js-list')).sort() // prettier-ignore
      expect(await running()).toEqual(['js-list-1', 'js-list-2', 'js-list-3'])
      const listed = (await store.get('js-list-2'))!
      await store.save(listed, { ...listed, status: 'completed' })
      expect(await running()).toEqual(['js-list-1', 'js-list-3'])
    })
  })
}
