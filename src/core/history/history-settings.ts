import { defaultRetention, type RetentionPolicy } from '../retention/retention.ts'

/** What an operator may say about history on the box. */
export interface HistorySettings {
  retention: RetentionPolicy
  /** Zone of the days of devices whose site is unknown, or that have none. */
  zone: string
  /** An hour is sealed once it is this old. */
  sealAfterMs: number
  /** A sealed day takes late rows in at most this often. */
  resealAfterMs: number
  /** Raw envelopes are kept this long, compressed; 0 keeps none. */
  rawArchiveDays: number
}

const HOUR = 3_600_000

export const historyDefaults: HistorySettings = {
  retention: defaultRetention,
  zone: 'UTC',
  sealAfterMs: 2 * HOUR,
  resealAfterMs: 6 * HOUR,
  rawArchiveDays: 30,
}
