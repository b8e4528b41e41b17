import { describe, expect, it } from 'vitest'
import { createPipelineLoop } from '../../local/pipeline-loop.ts'
import type { RawRecord } from '../../src/ports/raw-record.ts'
import type { Runner } from '../../src/pipeline/runner.ts'

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
  const faults: unknown[] = []
  const loop = createPipelineLoop({
    runner: { run },
    start: 0,
    onTick: (at) => ticks.push(at),
    elapsed,
    onFault: (error) => faults.push(error),
  })
  return { loop, ticks, faults }
}

const counted = (n: number) => ({ readings: n, quarantined: 0 })

describe('createPipelineLoop', () => {
  it('folds everything in order, in batches', async () => {
    const seen: number[] = []
    const { loop } = loopOver(async (batch) => {
      expect(batch.length).toBeLessThanOrEqual(300)
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

  it('folds all but a few before sockets get their turn, so that reading never outruns folding', async () => {
    const left: number[] = []
    const { loop } = loopOver(async (batch) => counted(batch.length))
    const turn = (): void => {
      left.push(loop.waiting())
      if (loop.waiting() > 0) setImmediate(turn)
    }
    loop.push(records(1, 20_001))
    setImmediate(turn)
    await loop.settled()
    expect(Math.max(...left)).toBeLessThanOrEqual(1000)
  })

  it('folds history in the turns that live records leave', async () => {
    let turns = 0
    const { loop } = loopOver(async (batch) => counted(batch.length))
    const turn = (): void => {
      turns++
      if (loop.waiting() > 0) setImmediate(turn)
    }
    loop.push(records(1, 10_001, 'dt/plant/pump-1/backfill'))
    setImmediate(turn)
    await loop.settled()
    expect(turns).toBeGreaterThan(10)
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

  it('tells of a batch that could not be run, and goes on', async () => {
    const { loop, faults } = loopOver(async (batch) => {
      if (batch[0]!.position === 1n) throw new Error('a bug')
      return counted(batch.length)
    })
    loop.push([record(1)])
    await loop.settled()
    loop.push([record(2)])
    await loop.settled()
    expect(faults).toHaveLength(1)
    expect(loop.counts).toMatchObject({ readings: 1, records: 2 })
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
