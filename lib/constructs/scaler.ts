import { Duration } from 'aws-cdk-lib'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import { Construct } from 'constructs'
import type { Env as ScalerEnv } from '../../lambdas/scaler/env.ts'
import type { Deployment } from '../deployment.ts'
import { streamMap, type TradeStreams } from './jobs.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { Schedule } from './schedule.ts'
import { CONSUMER } from './telemetry-stream.ts'

export interface ScalerProps {
  deployment: Pick<Deployment, 'streams' | 'output' | 'parallelization'>
  streams: TradeStreams
  output: IStream
  ops: Operations
}

/** Gives provisioned streams as many shards as their load needs; on-demand streams do that themselves. */
export class Scaler extends Construct {
  constructor(scope: Construct, id: string, props: ScalerProps) {
    super(scope, id)
    const { deployment, output } = props
    const { mode } = deployment.streams
    const trades = mode === 'provisioned' ? props.streams : {}
    const bounds = mode === 'provisioned' ? deployment.streams : deployment.output
    const fn = new NodeFunction<ScalerEnv>(this, 'Function', {
      name: 'scaler',
      description: 'Sets the shards of provisioned streams by load and by how far their consumer is behind',
      memoryMiB: 256,
      timeout: Duration.seconds(50),
      concurrency: 1,
      ops: props.ops,
      env: {
        STREAMS: [streamMap(trades), `output=${output.streamName}`].filter((pair) => pair !== '').join(','),
        MIN_SHARDS: String(bounds.shards),
        MAX_SHARDS: String(bounds.maxShards),
        OUTPUT_MIN_SHARDS: String(deployment.output.shards),
        OUTPUT_MAX_SHARDS: String(deployment.output.maxShards),
        CONSUMER,
        TARGET_LATENCY_MS: '500',
        PARALLELIZATION: String(deployment.parallelization),
      },
    })
    fn.allow(
      ['kinesis:DescribeStreamSummary', 'kinesis:UpdateShardCount'],
      [output, ...Object.values(trades)].map((stream) => stream.streamArn),
    )
    // AWS: reading metrics takes no resource.
    fn.allow(['cloudwatch:GetMetricData'], ['*'])
    new Schedule(this, 'Schedule', {
      fn,
      jobs: { scale: 'rate(5 minutes)' },
      staleAfter: Duration.minutes(2),
      ops: props.ops,
    })
  }
}
