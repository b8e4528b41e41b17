import { signal } from '@preact/signals'
import { call } from '../api/client.ts'
import { asProblem, type Problem } from '../api/problem.ts'
import type { Health } from '../api/types.ts'
import { clockSkewMs } from './clock.ts'

export const health = signal<Health | null>(null)
export const healthProblem = signal<Problem | null>(null)

/** Readings and records a second, one point a look, oldest first. */
export interface Throughput {
  at: number[]
  readings: number[]
}
export const throughput = signal<Throughput>({ at: [], readings: [] })
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
    count(found)
  } catch (error) {
    healthProblem.value = asProblem(error)
  }
}

function count({ now, gauges }: Health): void {
  const readings = gauges['readings_total']
  if (readings === undefined) return
  if (before && now > before.at && readings >= before.readings) {
    const { at, readings: rates } = throughput.peek()
    throughput.value = {
      at: [...at, now].slice(-KEPT),
      readings: [...rates, ((readings - before.readings) * 1000) / (now - before.at)].slice(-KEPT),
    }
  }
  before = { at: now, readings }
}
