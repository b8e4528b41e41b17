import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import { EventSourceMapping, MetricType, StartingPosition } from 'aws-cdk-lib/aws-lambda'
import type { IStream, StreamConsumer } from 'aws-cdk-lib/aws-kinesis'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { NodeFunction } from './node-function.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'

export interface StreamSourceProps {
  stream: IStream
  /** The stream's one enhanced fan-out consumer; null reads the shared throughput of two megabytes a second. */
  consumer: StreamConsumer | null
  failures: IBucket
  batchSize: number
  parallelization: number
  /** Waits this long for a fuller batch, where nobody waits for its outcome. */
  gatherFor?: Duration
  /** How old the oldest record may get before people hear of it. */
  lateAfter: Duration
  ops: Operations
}

/**
 * Feeds a function from a stream so that one bad record can neither stop its shard nor be lost: partial batch
 * response, bisection, a bounded number of retries, and what still fails goes to S3 with its payload.
 */
export function feedFromStream(fn: NodeFunction, id: string, props: StreamSourceProps): EventSourceMapping {
  const { stream, consumer, failures } = props
  fn.allow(
    [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ],
    [stream.streamArn],
  )
  if (consumer)
    fn.allow(['kinesis:SubscribeToShard', 'kinesis:DescribeStreamConsumer'], [consumer.streamConsumerArn])
  // AWS: for an S3 destination the role needs PutObject and ListBucket.
  fn.allow(['s3:PutObject'], [failures.arnForObjects('aws/lambda/*')])
  fn.allow(['s3:ListBucket'], [failures.bucketArn])

  const mapping = new EventSourceMapping(fn, id, {
    target: fn.lambda,
    eventSourceArn: consumer?.streamConsumerArn ?? stream.streamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: props.batchSize,
    maxBatchingWindow: props.gatherFor ?? Duration.seconds(0),
    parallelizationFactor: props.parallelization,
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    // Enough for a dependency's hiccup; throttling of the function itself does not count.
    retryAttempts: 20,
    // Well within the day that the stream keeps, so that what fails still reaches the bucket.
    maxRecordAge: Duration.hours(12),
    onFailure: { bind: () => ({ destination: failures.bucketArn }) },
    supportS3OnFailureDestination: true,
    // AWS: a mapping counts what it gave up only if it is asked to.
    metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
  })
  mapping.node.addDependency(fn.role)
  raiseAlarm(fn, `${id}Age`, props.ops, {
    metric: fn.lambda.metric('IteratorAge', { period: MINUTE, statistic: 'max' }),
    description: `records wait longer than ${props.lateAfter.toHumanString()}: more shards or parallelization, or a dependency fails (docs/operations.md, scale)`,
    threshold: props.lateAfter.toMilliseconds(),
    minutes: 3,
  })
  raiseAlarm(fn, `${id}Dropped`, props.ops, {
    metric: new Metric({
      namespace: 'AWS/Lambda',
      metricName: 'OnFailureDestinationDeliveredEventCount',
      dimensionsMap: {
        FunctionName: fn.lambda.functionName,
        EventSourceMappingUUID: mapping.eventSourceMappingId,
      },
      period: MINUTE,
      statistic: 'sum',
    }),
    description: 'a batch ran out of retries and lies in the failure bucket: find the cause, then redrive',
    threshold: 1,
  })
  return mapping
}
