import { classOf, type RetentionPolicy } from '../../core/retention/retention.ts'
import type { ApiClient } from './api-client.ts'
import type { Recording } from './recording.ts'

export interface ExpiredRows {
  rows: number
  keptDays: number
}

const DAY_MS = 86_400_000

/** Rows older than what the installation keeps of any of their measures: it takes them and deletes them again. */
export async function expiredRows(
  api: Pick<ApiClient, 'find'>,
  { at, columns }: Pick<Recording, 'at' | 'columns'>,
  now: number,
): Promise<ExpiredRows | null> {
  const kept = await api.find<{ policy: RetentionPolicy }>('/v1/retention')
  if (kept === null) return null
  const keptDays = Math.min(...columns.map(({ measure }) => classOf(kept.policy, measure).days.readings))
  const rows = at.filter((time) => time < now - keptDays * DAY_MS).length
  return rows === 0 ? null : { rows, keptDays }
}
