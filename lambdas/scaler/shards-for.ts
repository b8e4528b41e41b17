import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import { pipelineLoad } from '../../src/core/scaling/pipeline-load.ts'
import { nextShardCount, shardsNeeded } from '../../src/core/scaling/workers-needed.ts'

/** Records that wait longer than this mean that the load is higher than what comes in says. */
const BEHIND_MS = 30_000
const MINUTE_S = 60

/**
 * Records and bytes that came in, and how far the pipeline is behind, by the minute. AWS: a fan-out consumer is not in
 * the metrics of GetRecords; its own metric has its name as a dimension. Others gather batches, so their age says nothing.
 */
export const loadQueries = (stream: string, consumer: string): MetricDataQuery[] =>
  [
    ['records', 'IncomingRecords', 'Sum', false] as const,
    ['bytes', 'IncomingBytes', 'Sum', false] as const,
    ['behind', 'SubscribeToShardEvent.MillisBehindLatest', 'Maximum', true] as const,
  ].map(([Id, MetricName, Stat, ofConsumer]) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Kinesis',
        MetricName,
        Dimensions: [
          { Name: 'StreamName', Value: stream },
          ...(ofConsumer ? [{ Name: 'ConsumerName', Value: consumer }] : []),
        ],
      },
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
  limits: ScalerLimits,
): number {
  const most = (name: string): number => (series.get(name) ?? []).reduce((a, b) => Math.max(a, b), 0)
  const values = series.get('records') ?? []
  if (values.length === 0) return current // no metrics yet: nothing to go by
  const load = {
    ...pipelineLoad,
    recordsPerSecond: most('records') / MINUTE_S,
    bytesPerSecond: most('bytes') / MINUTE_S,
  }
  const needed = shardsNeeded(load, limits.TARGET_LATENCY_MS, limits.PARALLELIZATION)
  const behind = most('behind') > BEHIND_MS ? current + 1 : 0
  return nextShardCount(current, Math.max(needed, behind), { min: limits.MIN_SHARDS, max: limits.MAX_SHARDS })
}
