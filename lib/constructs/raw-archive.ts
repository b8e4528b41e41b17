import { Duration } from 'aws-cdk-lib'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Env as RawEnv } from '../../lambdas/raw/env.ts'
import { streamMap, type TradeStreams } from './jobs.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { feedFromStream } from './stream-source.ts'

export interface RawArchiveProps {
  streams: TradeStreams
  lake: IBucket
  failures: IBucket
  ops: Operations
}

/** What devices sent, kept untouched. It shares each stream's plain reads, so it takes nothing from the pipeline's fan-out. */
export class RawArchive extends Construct {
  constructor(scope: Construct, id: string, props: RawArchiveProps) {
    super(scope, id)
    const fn = new NodeFunction<RawEnv>(this, 'Function', {
      name: 'raw',
      description: 'Keeps what devices sent, untouched',
      memoryMiB: 512,
      timeout: Duration.minutes(2),
      ops: props.ops,
      env: { LAKE_BUCKET: props.lake.bucketName, TRADE_STREAMS: streamMap(props.streams) },
    })
    fn.allow(['s3:PutObject'], [props.lake.arnForObjects('raw/*')])
    for (const [trade, stream] of Object.entries(props.streams))
      feedFromStream(fn, trade[0]!.toUpperCase() + trade.slice(1), {
        stream,
        consumer: null,
        failures: props.failures,
        batchSize: 10_000,
        parallelization: 1,
        gatherFor: Duration.minutes(5),
        lateAfter: Duration.minutes(30),
        ops: props.ops,
      })
  }
}
