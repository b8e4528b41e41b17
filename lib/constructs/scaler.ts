import { Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import type { Env as ScalerEnv } from '../../lambdas/scaler/env.ts'
import { streamMap, type TradeStreams } from './jobs.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { Schedule } from './schedule.ts'

export interface ScalerProps {
  streams: TradeStreams
  shards: number
  maxShards: number
  parallelization: number
  ops: Operations
}

/** Gives provisioned streams as many shards as their load needs; on-demand streams do that themselves. */
export class Scaler extends Construct {
  constructor(scope: Construct, id: string, props: ScalerProps) {
    super(scope, id)
    const fn = new NodeFunction<ScalerEnv>(this, 'Function', {
      name: 'scaler',
      description: 'Sets the shards of provisioned streams by load, iterator age and the time a batch takes',
      memoryMiB: 256,
      timeout: Duration.seconds(50),
      concurrency: 1,
      ops: props.ops,
      env: {
        TRADE_STREAMS: streamMap(props.streams),
        MIN_SHARDS: String(props.shards),
        MAX_SHARDS: String(props.maxShards),
        TARGET_LATENCY_MS: '500',
        PARALLELIZATION: String(props.parallelization),
      },
    })
    fn.allow(
      ['kinesis:DescribeStreamSummary', 'kinesis:UpdateShardCount'],
      Object.values(props.streams).map((stream) => stream.streamArn),
    )
    // AWS: reading metrics takes no resource.
    fn.allow(['cloudwatch:GetMetricData'], ['*'])
    new Schedule(this, 'Schedule', {
      fn,
      jobs: { scale: 'rate(5 minutes)' },
      staleAfter: Duration.minutes(2),
    })
  }
}
