import { MINUTE } from '../core/telemetry/reading.ts'

export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
