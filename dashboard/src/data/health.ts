import { signal } from '@preact/signals'
import { call } from '../api/client.ts'
import { asProblem, type Problem } from '../api/problem.ts'
import type { Health } from '../api/types.ts'
import { clockSkewMs } from './clock.ts'

export const health = signal<Health | null>(null)
export const healthProblem = signal<Problem | null>(null)

/** Readings a second, oldest first. */
export interface Throughput {
  at: readonly number[]
  readings: readonly number[]
}
export const throughput = signal<Throughput>({ at: [], readings: [] })
/** What comes in now, readings a second: the end of the record, so that figure and line say the same. */
export const throughputNow = signal<number | null>(null)
const KEPT = 450

let before: { at: number; readings: number } | null = null

export async function lookAtHealth(): Promise<void> {
  try {
    const sentAt = Date.now()
    const found = await call<Health>('/v1/health')
    const skew = found.now - (sentAt + Date.now()) / 2
    if (Math.abs(skew - clockSkewMs.peek()) > 250) clockSkewMs.value = skew
    health.value = found
    healthProblem.value = null
    follow(found)
  } catch (error) {
    healthProblem.value = asProblem(error)
  }
}

/** The platform's own record of its throughput, or what this page has seen where it keeps none. */
function follow({ now, gauges, throughput: kept }: Health): void {
  const readings = gauges['readings_total']
  let rate: number | null = null
  if (readings !== undefined) {
    if (before && now > before.at && readings >= before.readings)
      rate = ((readings - before.readings) * 1000) / (now - before.at)
    before = { at: now, readings }
  }
  throughputNow.value = (kept && endOf(kept.readingsPerSecond)) ?? rate ?? throughputNow.peek()
  if (kept) throughput.value = { at: kept.at, readings: kept.readingsPerSecond }
  else if (rate !== null) {
    const { at, readings: rates } = throughput.peek()
    throughput.value = { at: [...at, now].slice(-KEPT), readings: [...rates, rate].slice(-KEPT) }
  }
}

/** The mean of the last few: devices send in beats, and a single one of them is high or low. */
function endOf(rates: readonly number[]): number | null {
  const last = rates.slice(-5)
  return last.length === 0 ? null : last.reduce((a, b) => a + b, 0) / last.length
}
