import type { DatabaseSync } from 'node:sqlite'
import type { JobLedger } from '../../../ports/job-ledger.ts'

export function sqliteJobLedger(db: DatabaseSync): JobLedger {
  const select = db.prepare('SELECT minute FROM job_done WHERE job = ?')
  const upsert = db.prepare(
    `INSERT INTO job_done VALUES (?, ?)
     ON CONFLICT (job) DO UPDATE SET minute = max(minute, excluded.minute)`,
  )
  return {
    last: async (job) => (select.get(job)?.['minute'] as number | undefined) ?? null,
    finish: async (job, minute) => void upsert.run(job, minute),
  }
}
