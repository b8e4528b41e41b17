export type ExecutionStatus =
  'QUEUED' | 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'REJECTED' | 'REMOVED' | 'CANCELED'

/** Something that many devices are to do: new firmware, another configuration. */
export interface RollOut {
  id: string
  document: Record<string, unknown>
  rollback: Record<string, unknown> | null
  status: 'running' | 'paused' | 'completed' | 'cancelled' | 'rolled back'
  /** Why it is paused or ended. */
  reason: string | null
  plan: { cohorts: number[] }
  /** Cohorts that have begun. */
  released: number
  targets: number
  createdAt: number
  by: string
  counts?: Partial<Record<ExecutionStatus, number>>
}

export interface Execution {
  thing: string
  status: ExecutionStatus
  statusDetails: Record<string, string>
  lastUpdatedAt: number
}

const texts: Record<ExecutionStatus, string> = {
  QUEUED: 'waiting',
  IN_PROGRESS: 'at work',
  SUCCEEDED: 'done',
  FAILED: 'failed',
  TIMED_OUT: 'timed out',
  REJECTED: 'refused',
  REMOVED: 'removed',
  CANCELED: 'cancelled',
}
export const executionText = (status: ExecutionStatus): string => texts[status]

/** “120 done, 3 failed, 877 not yet told”. */
export function progressText({ counts = {}, targets }: RollOut): string {
  const told = Object.entries(counts) as [ExecutionStatus, number][]
  const untold = targets - told.reduce((sum, [, n]) => sum + n, 0)
  const parts = told.filter(([, n]) => n > 0).map(([status, n]) => `${n} ${texts[status]}`)
  return [...parts, ...(untold > 0 ? [`${untold} not yet told`] : [])].join(', ')
}

export const isOver = ({ status }: RollOut): boolean => status !== 'running' && status !== 'paused'
