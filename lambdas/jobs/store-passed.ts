import { setTimeout as sleep } from 'node:timers/promises'
import {
  BARRIERS_A_LANE,
  barrierName,
  openShards,
  putBarriers,
} from '../../src/adapters/aws/kinesis/barrier.ts'
import type { PassedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import type { Kinesis } from '../../src/adapters/aws/kinesis/put-in-order.ts'
import type { EpochMs } from '../../src/core/telemetry/reading.ts'

export interface StorePassedParts {
  kinesis: Kinesis
  passed: Pick<PassedBarriers, 'newest'>
  /** Stream names by trade. */
  tradeStreams: ReadonlyMap<string, string>
  outputStream: string
  /** Batches of a shard that a pipeline handles at the same time. */
  parallelization: number
  now(): EpochMs
  /** How long the store is waited for. */
  patienceMs: number
}

const LOOK_EVERY_MS = 500

/** Until when everything that was received is folded: the oldest of the newest barriers that all lanes have passed. */
export async function foldedUntil({
  kinesis,
  passed,
  tradeStreams,
  parallelization,
}: Pick<StorePassedParts, 'kinesis' | 'passed' | 'tradeStreams' | 'parallelization'>): Promise<EpochMs> {
  let until = Infinity
  for (const [trade, stream] of tradeStreams) {
    const [shards, newest] = await Promise.all([openShards(kinesis, stream), passed.newest(trade)])
    for (const { ShardId = '' } of shards)
      for (let i = 0; i < parallelization * BARRIERS_A_LANE; i++)
        until = Math.min(until, newest.get(barrierName(ShardId, `barrier-${i}`)) ?? -Infinity)
  }
  return until
}

/** Resolves once the store holds all that was written to the output before this call; false where it takes too long. */
export async function storeCaughtUp(parts: StorePassedParts, store: string): Promise<boolean> {
  const { kinesis, passed, outputStream, now, patienceMs } = parts
  const at = now()
  const names = await putBarriers(kinesis, outputStream, at, 1)
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const newest = await passed.newest(store)
    if (names.every((name) => (newest.get(name) ?? -Infinity) >= at)) return true
    if (waited >= patienceMs) return false
    await sleep(LOOK_EVERY_MS)
  }
}
