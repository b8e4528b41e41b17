import { describe, expect, it } from 'vitest'
import { createThroughputMeter } from '../../local/throughput.ts'

describe('createThroughputMeter', () => {
  it('gives the rate between two looks, whatever their distance', () => {
    let [count, at] = [100, 1000]
    const meter = createThroughputMeter(() => count, () => at) // prettier-ignore
    for (const [more, later] of [
      [50, 5000],
      [0, 5000],
      [30, 10_000],
    ] as const) {
      // prettier-ignore
      count += more
      at += later
      meter.sample()
    }
    expect(meter.recent()).toEqual({ at: [6000, 11_000, 21_000], readingsPerSecond: [10, 0, 3] })
  })

  it('leaves a point out when the clock was set back, and goes on', () => {
    let [count, at] = [0, 10_000]
    const meter = createThroughputMeter(() => count, () => at) // prettier-ignore
    at = 4000
    meter.sample()
    count = 40
    at = 8000
    meter.sample()
    expect(meter.recent()).toEqual({ at: [8000], readingsPerSecond: [10] })
  })

  it('forgets what is older than a quarter of an hour', () => {
    let at = 0
    const meter = createThroughputMeter(() => at, () => at) // prettier-ignore
    for (let i = 0; i < 500; i++) {
      at += 5000
      meter.sample()
    }
    expect(meter.recent().at).toHaveLength(180)
    expect(meter.recent().at.at(-1)).toBe(at)
  })
})
