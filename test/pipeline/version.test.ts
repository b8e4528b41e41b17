import { describe, expect, it } from 'vitest'
import { createHarness, deviceType, plantDevice, T0 } from '../support/harness.ts'

describe('a window’s version', () => {
  it('is the newest receipt that went in, also when a pack both fills and closes it', async () => {
    const harness = createHarness([plantDevice('p1'), deviceType({})])
    const send = (at: number, values: number[], receivedAt: number) =>
      harness.send({
        topic: 'dt/plant/p1/telemetry',
        payload: { at, step: 20_000, measures: { m: values } },
        at: receivedAt,
      })
    await send(T0, [1], T0 + 1000)
    await send(T0 + 20_000, [2, 3, 4], T0 + 90_000)
    expect(harness.windows('p1')).toMatchObject([
      { minute: T0 / 60_000, n: 3, last: 3, version: T0 + 90_000 },
    ])
  })
})
