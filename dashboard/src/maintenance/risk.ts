import { duration } from '../data/format.ts'

/** What the platform thinks of a machine. */
export interface Risk {
  thing: string
  at: number
  machine?: string
  modelVersion?: number | null
  failure_probability: number | null
  /** 100 as in its healthy period, 50 at that period's limit. */
  health_index: number | null
  evidence: string[]
  estimated_time_to_failure?: { p10: number; p50: number; p90: number }
  recommended_maintenance?: { action: string; component: string }
}

export const ALARM_PROBABILITY = 0.7
export const UNHEALTHY = 50

const hours = (n: number): string => duration(n * 3_600_000)
export const timeText = ({ estimated_time_to_failure: found }: Risk): string =>
  found ? `${hours(found.p50)} (${hours(found.p10)} to ${hours(found.p90)})` : '–'
