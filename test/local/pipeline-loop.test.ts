import { expect, describe, it, vi } from 'vitest'
import { createBoxStates } from '../../local/box-states.ts'
import { createPipelineLoop } from '../../local/pipeline-loop.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { createFold } from '../../src/pipeline/fold.ts'
import { createRunner } from '../../src/pipeline/runner.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import type { RawRecord } from '../../src/ports/raw-record.ts'
import { deviceType, plantDevice, T0 } from '../support/harness.ts'

/** A loop over the real fold whose deliveries fail this many times. */
function loopWithFailingDelivery(failures: number) {
  const { plant, fleet, building } = tradePipelines()
  const stored: number[] = []
  const delivered: string[] = []
  const states = createBoxStates([plant.layout], () => plant.layout, [], [])
  const runner = createRunner({
    fold: createFold({
      stages: { plant: plant.stages, fleet: fleet.stages, building: building.stages },
      configuration: configuration([plantDevice('p1'), deviceType({ m: { high: 100 } })]),
    }),
    states,
    output: {
      write: (effects) => {
        for (const effect of effects)
          if (effect.kind === 'readings') stored.push(effect.batch.columns[0]!.value[0]!)
      },
      quarantine: () => {},
    },
    deliver: async (entries) => {
      if (failures-- > 0) throw new Error('database or disk is full')
      for (const entry of entries) if (entry.kind === 'transition') delivered.push(entry.transition.to)
    },
    requestRebirth: () => {},
  })
  const loop = createPipelineLoop({ runner, start: 0, onTick: () => {}, retryMs: 1000 })
  let position = 0n
  const push = (value: number) => {
    const at = T0 + Number(++position) * 1000
    const payload = Buffer.from(JSON.stringify({ at, measures: { m: value } }))
    loop.push([
      { topic: 'dt/plant/p1/telemetry', client: 'p1', receivedAt: at, payload, position } satisfies RawRecord,
    ])
  }
  return { loop, push, stored, delivered }
}

describe('an alarm book that refuses', () => {
  it('stops the pipeline without passing over a record, and all goes on where it takes them again', async () => {
    vi.useFakeTimers()
    try {
      const { loop, push, stored, delivered } = loopWithFailingDelivery(3)
      push(500)
      await vi.advanceTimersByTimeAsync(0)
      push(1)
      push(600)
      await vi.advanceTimersByTimeAsync(2500)
      expect(loop.trouble()).toBe('database or disk is full')
      expect(loop.foldedThrough()).toBe(0)
      expect(loop.waitingBytes()).toBeGreaterThan(0)
      const settled = loop.settled()
      await vi.advanceTimersByTimeAsync(5000)
      await settled
      expect(loop.trouble()).toBeNull()
      expect(stored).toEqual([500, 1, 600])
      expect(delivered).toEqual(['active', 'clear', 'active'])
      expect(loop.foldedThrough()).toBe(3)
      expect(loop.waitingBytes()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })
})
