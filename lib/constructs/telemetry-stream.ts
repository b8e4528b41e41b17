import { Duration, type RemovalPolicy } from 'aws-cdk-lib'
import { Stream, StreamConsumer, StreamEncryption, StreamMode, type IStream } from 'aws-cdk-lib/aws-kinesis'
import { Construct } from 'constructs'
import type { Streams } from '../deployment.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'

/** Name of the one fan-out consumer of a trade's stream. */
export const CONSUMER = 'pipeline'

export interface TelemetryStreamProps {
  streams: Streams
  ops: Operations
  /** Name of the one enhanced fan-out consumer, if the stream has one. */
  fanOut: boolean
  removalPolicy: RemovalPolicy
}

/** A Kinesis stream, on demand or provisioned, with at most one enhanced fan-out consumer. */
export class TelemetryStream extends Construct {
  readonly stream: IStream
  readonly consumer: StreamConsumer | null

  constructor(scope: Construct, id: string, props: TelemetryStreamProps) {
    super(scope, id)
    const { streams } = props
    const stream = new Stream(this, 'Stream', {
      ...(streams.mode === 'onDemand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: streams.shards }),
      encryption: StreamEncryption.MANAGED,
      retentionPeriod: Duration.hours(24),
      removalPolicy: props.removalPolicy,
    })
    this.stream = stream
    this.consumer = props.fanOut
      ? new StreamConsumer(this, 'Consumer', { stream: this.stream, streamConsumerName: CONSUMER })
      : null
    raiseAlarm(this, 'Full', props.ops, {
      metric: stream.metric('WriteProvisionedThroughputExceeded', { period: MINUTE, statistic: 'sum' }),
      description: 'the stream refuses records: more shards, or wait for an on-demand stream to grow',
      threshold: 1,
      minutes: 2,
    })
  }

  /** Feeds graphs and alarms of others. */
  metric(name: string, statistic: string) {
    return (this.stream as Stream).metric(name, { period: MINUTE, statistic })
  }
}
