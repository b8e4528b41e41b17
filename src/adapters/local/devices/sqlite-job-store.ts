import type { DatabaseSync } from 'node:sqlite'
import type { ExecutionStatus, JobExecution } from '../../../core/device/job-execution.ts'
import type { RolloutStatus } from '../../../core/device/rollout.ts'
import type { ExecutionStore, Job, JobStore } from '../../../ports/job-desk.ts'
import type { Commit } from './schema.ts'

type Fixed = Omit<Job, 'id' | 'status' | 'released' | 'finishedAt' | 'excused' | 'reason'>

/** Jobs and executions in SQLite. */
export function sqliteJobStore(db: DatabaseSync, commit: Commit): JobStore & ExecutionStore {
  const insert = db.prepare(
    'INSERT OR IGNORE INTO job (id, status, released, finished, excused, reason, fixed) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const addTarget = db.prepare('INSERT INTO job_target VALUES (?, ?, ?)')
  const one = db.prepare('SELECT * FROM job WHERE id = ?')
  const page = db.prepare(
    `SELECT * FROM job WHERE seq < coalesce((SELECT seq FROM job WHERE id = ?1), 9007199254740991)
     ORDER BY seq DESC LIMIT ?2`,
  )
  const running = db.prepare(`SELECT * FROM job WHERE status = 'running' ORDER BY seq`)
  const save = db.prepare(
    `UPDATE job SET status = ?2, released = ?3, finished = ?4, excused = ?5, reason = ?6
     WHERE id = ?1 AND status = ?7 AND released = ?8 AND finished IS ?9 AND excused = ?10`,
  )
  const queue = db.prepare(
    `INSERT OR IGNORE INTO execution
     SELECT thing, job, 'QUEUED', '{}', ?4, NULL, ?4, 1, 1, NULL FROM job_target WHERE job = ?1 AND seq >= ?2 AND seq < ?3`,
  )
  const targets = db.prepare('SELECT thing FROM job_target WHERE job = ? AND seq >= ? AND seq < ?')
  const counts = db.prepare('SELECT status, count(*) AS n FROM execution WHERE job = ? GROUP BY status')
  const list = db.prepare(
    `SELECT * FROM execution WHERE job = ?1 AND (?2 IS NULL OR status = ?2) AND thing > ?3 ORDER BY thing LIMIT ?4`,
  )
  const execution = db.prepare('SELECT * FROM execution WHERE thing = ? AND job = ?')
  const pending = db.prepare(
    `SELECT e.* FROM execution e JOIN job j ON j.id = e.job
     WHERE e.thing = ? AND e.status IN ('QUEUED', 'IN_PROGRESS') AND (j.status != 'paused' OR e.status = 'IN_PROGRESS')
     ORDER BY e.status = 'QUEUED', j.seq`,
  )
  const put = db.prepare(
    `UPDATE execution SET status = ?4, details = ?5, started = ?6, updated = ?7, version = ?8, times_out = ?9
     WHERE thing = ?1 AND job = ?2 AND version = ?3`,
  )
  const open = db.prepare(
    `UPDATE execution SET status = 'CANCELED', updated = ?2, version = version + 1, times_out = NULL
     WHERE job = ?1 AND status IN ('QUEUED', 'IN_PROGRESS') RETURNING thing`,
  )
  const late = db.prepare(
    `UPDATE execution SET status = 'TIMED_OUT', updated = ?1, version = version + 1, times_out = NULL
     WHERE times_out <= ?1 AND status = 'IN_PROGRESS' RETURNING job, thing`,
  )
  const remove = db.prepare(
    `UPDATE execution SET status = 'REMOVED', updated = ?2, version = version + 1, times_out = NULL
     WHERE thing = ?1 AND status IN ('QUEUED', 'IN_PROGRESS') RETURNING job`,
  )

  return {
    create: ({ id, status, released, finishedAt, excused, reason, ...fixed }, things) =>
      commit(() => {
        const row = [id, status, released, finishedAt, excused, reason, JSON.stringify(fixed)]
        if (insert.run(...row).changes === 0) return false
        things.forEach((thing, i) => addTarget.run(id, i, thing))
        return true
      }),
    get: async (id) => {
      const row = one.get(id)
      return row ? toJob(row) : null
    },
    list: async ({ cursor, limit }) => page.all(cursor ?? null, limit).map(toJob),
    running: async () => running.all().map(toJob),
    save: (from, { status, released, finishedAt, excused, reason }) =>
      commit(
        () =>
          save.run(from.id, status, released, finishedAt, excused, reason, from.status, from.released, from.finishedAt, from.excused).changes === 1, // prettier-ignore
      ),
    release: ({ id }, from, upTo, now) =>
      commit(() => {
        queue.run(id, from, upTo, now)
        return targets.all(id, from, upTo).map((row) => row['thing'] as string)
      }),
    counts: async (id) =>
      Object.fromEntries(counts.all(id).map((r) => [r['status'] as string, r['n'] as number])),
    executions: async (id, { status, cursor, limit }) => {
      const items = list.all(id, status ?? null, cursor ?? '', limit).map(toExecution)
      return { items, cursor: items.length < limit ? null : items.at(-1)!.thing }
    },
    execution: async (thing, id) => {
      const row = execution.get(thing, id)
      return row ? toExecution(row) : null
    },
    pending: async (thing) => pending.all(thing).map(toExecution),
    put: (e, version) =>
      commit(
        () =>
          put.run(
            e.thing,
            e.job,
            version,
            e.status,
            JSON.stringify(e.statusDetails),
            e.startedAt,
            e.lastUpdatedAt,
            e.versionNumber,
            e.timesOutAt,
          ).changes === 1,
      ),
    cancel: (id, now) => commit(() => open.all(id, now).map((row) => row['thing'] as string)),
    timeOut: (now) =>
      commit(() => late.all(now).map((r) => ({ job: r['job'] as string, thing: r['thing'] as string }))),
    forget: (thing, now) => commit(() => remove.all(thing, now).map((row) => row['job'] as string)),
  }
}

const toJob = (r: Record<string, unknown>): Job => ({
  ...(JSON.parse(r['fixed'] as string) as Fixed),
  id: r['id'] as string,
  status: r['status'] as RolloutStatus,
  released: r['released'] as number,
  finishedAt: r['finished'] as number | null,
  excused: r['excused'] as number,
  reason: r['reason'] as string | null,
})

const toExecution = (r: Record<string, unknown>): JobExecution => ({
  job: r['job'] as string,
  thing: r['thing'] as string,
  status: r['status'] as ExecutionStatus,
  statusDetails: JSON.parse(r['details'] as string) as Record<string, string>,
  queuedAt: r['queued'] as number,
  startedAt: r['started'] as number | null,
  lastUpdatedAt: r['updated'] as number,
  versionNumber: r['version'] as number,
  executionNumber: r['number'] as number,
  timesOutAt: r['times_out'] as number | null,
})
