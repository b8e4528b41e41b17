import { describe, expect, it, vi } from 'vitest'
import { createBoxStates } from '../../local/box-states.ts'
import { createPipelineLoop } from '../../local/pipeline-loop.ts'
import { configuration } from '../../src/pipeline/configuration.ts'
import { createFold } from '../../src/pipeline/fold.ts'
import { createRunner, type Runner } from '../../src/pipeline/runner.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import type { RawRecord } from '../../src/ports/raw-record.ts'
import { deviceType, plantDevice, T0 } from '../support/harness.ts'

const record = (position: number, topic = 'dt/plant/pump-1/telemetry'): RawRecord => ({
  topic,
  client: 'pump-1',
  receivedAt: position,
  payload: new Uint8Array(),
  position: BigInt(position),
})
const records = (from: number, to: number, topic?: string): RawRecord[] =>
  Array.from({ length: to - from }, (_, i) => record(from + i, topic))

function loopOver(run: Runner['run'], elapsed = () => 0) {
  const ticks: number[] = []
  const loop = createPipelineLoop({
    runner: { run, flush: async () => [] },
    start: 0,
    onTick: (at) => ticks.push(at),
    elapsed,
    retryMs: 1,
  })
  return { loop, ticks }
}

const counted = (n: number) => ({ readings: n, quarantined: 0 })

describe('createPipelineLoop', () => {
  it('folds everything in order, in batches', async () => {
    const seen: number[] = []
    const { loop } = loopOver(async (batch) => {
      expect(batch.length).toBeLessThanOrEqual(500)
      seen.push(...batch.map((r) => Number(r.position)))
      return counted(batch.length)
    })
    loop.push(records(1, 700))
    loop.push(records(700, 1501))
    await loop.settled()
    expect(seen).toEqual(Array.from({ length: 1500 }, (_, i) => i + 1))
    expect(loop.foldedThrough()).toBe(1500)
    expect(loop.counts.readings).toBe(1500)
  })

  it('folds all that was durable before sockets get their turn, so that reading never outruns folding', async () => {
    let turns = 0
    const { loop } = loopOver(async (batch) => counted(batch.length))
    const turn = (): void => {
      turns++
      if (loop.waiting() > 0) setImmediate(turn)
    }
    loop.push(records(1, 5001))
    setImmediate(turn)
    await loop.settled()
    expect(turns).toBeLessThanOrEqual(1)
  })

  it('gives sockets their turn within bounded time whatever is waiting', async () => {
    let now = 0
    let longest = 0
    let since = 0
    const { loop } = loopOver(
      async (batch) => {
        now += 40
        longest = Math.max(longest, now - since)
        return counted(batch.length)
      },
      () => now,
    )
    const turn = (): void => {
      since = now
      if (loop.waiting() > 0) setImmediate(turn)
    }
    setImmediate(turn)
    loop.push(records(1, 10_001))
    await loop.settled()
    expect(longest).toBeGreaterThan(0)
    expect(longest).toBeLessThanOrEqual(160)
  })

  it('folds live records before history, and calls folded only what has no older record waiting', async () => {
    const seen: string[] = []
    const { loop } = loopOver(async (batch) => {
      seen.push(batch[0]!.topic.split('/')[3]!)
      return counted(batch.length)
    })
    const resume = await loop.pause()
    loop.push([record(1, 'dt/plant/pump-1/backfill'), record(2)])
    resume()
    await loop.settled()
    expect(seen).toEqual(['telemetry', 'backfill'])
    expect(loop.foldedThrough()).toBe(2)
  })

  it('stops between two batches while it is paused', async () => {
    let runs = 0
    const { loop } = loopOver(async (batch) => {
      runs++
      return counted(batch.length)
    })
    const resume = await loop.pause()
    loop.push(records(1, 10))
    await new Promise(setImmediate)
    expect(runs).toBe(0)
    resume()
    await loop.settled()
    expect(runs).toBe(1)
  })
})

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
  const loop = createPipelineLoop({ runner, start: 0, onTick: () => {}, elapsed: () => 0, retryMs: 1000 })
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
