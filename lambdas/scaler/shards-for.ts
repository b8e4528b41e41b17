import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { nextShardCount, shardsNeeded } from '../../src/core/scaling/workers-needed.ts'

/** What a batch costs the pipeline, from the bench (bench/lambda.ts) and the stores' latencies. */
const BATCH_MS = 60
const RECORD_MS = 0.5
const BATCH_SIZE = 1000
/** Records that wait longer than this mean that the load is higher than what comes in says. */
const BEHIND_MS = 30_000
const MINUTE_S = 60

/** Records and bytes that came in, and how long the oldest waited, by the minute. */
export const loadQueries = (stream: string): MetricDataQuery[] =>
  [
    ['records', 'IncomingRecords', 'Sum'],
    ['bytes', 'IncomingBytes', 'Sum'],
    ['age', 'GetRecords.IteratorAgeMilliseconds', 'Maximum'],
  ].map(([Id, MetricName, Stat]) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/Kinesis', MetricName, Dimensions: [{ Name: 'StreamName', Value: stream }] },
      Period: MINUTE_S,
      Stat,
    },
  }))

export interface ScalerLimits {
  MIN_SHARDS: number
  MAX_SHARDS: number
  TARGET_LATENCY_MS: number
  PARALLELIZATION: number
}

/** The shard count to set, from the last quarter of an hour; the busiest minute counts. */
export function shardsFor(
  series: ReadonlyMap<string, readonly number[]>,
  current: number,
  limits: ScalerLimits & { trade: string },
): number {
  const most = (name: string): number => (series.get(name) ?? []).reduce((a, b) => Math.max(a, b), 0)
  const values = series.get('records') ?? []
  if (values.length === 0) return current // no metrics yet: nothing to go by
  const load = {
    recordsPerSecond: most('records') / MINUTE_S,
    bytesPerSecond: most('bytes') / MINUTE_S,
    burst: 2,
    batchMs: BATCH_MS,
    recordMs: RECORD_MS,
    batchSize: BATCH_SIZE,
  }
  const needed = shardsNeeded(load, limits.TARGET_LATENCY_MS, limits.PARALLELIZATION)
  const behind = most('age') > BEHIND_MS ? current + 1 : 0
  return nextShardCount(current, Math.max(needed, behind), { min: limits.MIN_SHARDS, max: limits.MAX_SHARDS })
}
