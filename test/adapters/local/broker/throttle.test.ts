import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createThrottle } from '../../../../src/adapters/local/broker/throttle.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})
const clock = { elapsed: () => Date.now() }

describe('createThrottle', () => {
  it('runs a burst of one second at once and the rest at the rate, in order', () => {
    const throttle = createThrottle(10, clock)
    const done: number[] = []
    for (let i = 0; i < 30; i++) throttle.run(() => done.push(i))
    expect(done).toHaveLength(10)
    vi.advanceTimersByTime(1_000)
    expect(done.length).toBeGreaterThanOrEqual(19)
    expect(done.length).toBeLessThanOrEqual(20)
    vi.advanceTimersByTime(1_100)
    expect(done).toEqual(Array.from({ length: 30 }, (_, i) => i))
  })

  it('forgets what waits when it is stopped', () => {
    const throttle = createThrottle(1, clock)
    const done: number[] = []
    for (let i = 0; i < 3; i++) throttle.run(() => done.push(i))
    throttle.stop()
    vi.advanceTimersByTime(10_000)
    expect(done).toEqual([0])
  })
})
