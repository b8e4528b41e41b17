import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { DescribeStreamSummaryCommand, KinesisClient, UpdateShardCountCommand } from '@aws-sdk/client-kinesis'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { loadQueries, shardsFor, type ScalerLimits } from './shards-for.ts'

const env = parseEnv(process.env)
const kinesis = new KinesisClient()
const cloudwatch = new CloudWatchClient()

/** Batches of the output stream are handled whole, one a shard. */
const limitsOf = (name: string): ScalerLimits =>
  name === 'output'
    ? { ...env, MIN_SHARDS: env.OUTPUT_MIN_SHARDS, MAX_SHARDS: env.OUTPUT_MAX_SHARDS, PARALLELIZATION: 1 }
    : env

/** Every five minutes gives each provisioned stream as many shards as its load needs. */
export const handler = observed(
  ({ logger }) =>
    async ({ scheduledAt }: { scheduledAt: string }): Promise<void> => {
      const until = new Date(scheduledAt)
      for (const [name, stream] of env.STREAMS) {
        const { StreamDescriptionSummary: summary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream })) // prettier-ignore
        if (summary?.StreamStatus !== 'ACTIVE') continue // a reshard is under way
        const { MetricDataResults = [] } = await cloudwatch.send(
          new GetMetricDataCommand({
            StartTime: new Date(until.getTime() - 15 * 60_000),
            EndTime: until,
            MetricDataQueries: loadQueries(stream, env.CONSUMER),
          }),
        )
        const series = new Map(MetricDataResults.map(({ Id, Values }) => [Id ?? '', Values ?? []]))
        const current = summary.OpenShardCount ?? 1
        const next = shardsFor(series, current, limitsOf(name))
        if (next === current) continue
        await kinesis.send(
          new UpdateShardCountCommand({
            StreamName: stream,
            TargetShardCount: next,
            ScalingType: 'UNIFORM_SCALING',
          }),
        )
        logger.info('resharding', { name, from: current, to: next })
      }
    },
)
