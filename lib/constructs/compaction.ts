import { Duration, Validations } from 'aws-cdk-lib'
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Env as CompactEnv } from '../../lambdas/compact/env.ts'
import type { Env as PublishEnv } from '../../lambdas/publish/env.ts'
import { lakeKinds } from './catalog.ts'
import { useTable } from './grants.ts'
import { NodeFunction } from './node-function.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'
import { Schedule } from './schedule.ts'
import type { Tables } from './tables.ts'

export interface CompactionProps {
  lake: IBucket
  tables: Tables
  ops: Operations
}

/** A day and table has sixteen buckets of devices; more workers than this only wait for the manifest's item. */
const WORKERS = 16
const WORKER_TIMEOUT = Duration.minutes(14)

/**
 * Makes published days of what landed. `compact` looks every quarter of an hour what is due and asks for it bucket by
 * bucket; as many `publish` as there are buckets do it, one a bucket at a time.
 */
export class Compaction extends Construct {
  /** Whose worker alone may change a bucket of a day. */
  readonly queue: IQueue

  constructor(scope: Construct, id: string, props: CompactionProps) {
    super(scope, id)
    const dead = new Queue(this, 'Dead', {
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const queue = new Queue(this, 'Due', {
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // What failed is tried again after this; a longer one would hold its bucket up.
      visibilityTimeout: Duration.minutes(15),
      // Whatever is still due is asked for again.
      retentionPeriod: Duration.hours(2),
      deadLetterQueue: { queue: dead, maxReceiveCount: 3 },
    })
    Validations.of(dead).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'this is the dead letter queue',
    })
    this.queue = queue
    this.plan(queue, props)
    this.publish(queue, props)
    raiseAlarm(this, 'DeadLetters', props.ops, {
      metric: dead.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'max' }),
      description:
        'a bucket of a day could not be published three times: the log of publish says why; it is asked for again every quarter of an hour, so purge this queue once the cause is gone',
      threshold: 1,
    })
  }

  private plan(queue: Queue, { lake, tables, ops }: CompactionProps): void {
    const fn = new NodeFunction<CompactEnv>(this, 'Compact', {
      name: 'compact',
      description:
        'Looks which days of the lake are due and asks for their buckets to be published; takes away what is no longer kept',
      memoryMiB: 512,
      timeout: Duration.minutes(5),
      concurrency: 1,
      ops,
      env: {
        LAKE_BUCKET: lake.bucketName,
        MANIFEST_TABLE: tables.of.Manifest.tableName,
        PUBLISH_QUEUE: queue.queueUrl,
      },
    })
    fn.allow(['s3:ListBucket'], [lake.bucketArn])
    // What retention no longer keeps.
    fn.allow(['s3:DeleteObject'], lakeKinds.map((kind) => lake.arnForObjects(`${kind}/*`))) // prettier-ignore
    fn.allow(['sqs:SendMessage'], [queue.queueArn])
    useTable(fn, tables.of.Manifest, 'query', 'put', 'delete')
    new Schedule(this, 'CompactSchedule', {
      fn,
      jobs: { compact: 'rate(15 minutes)' },
      staleAfter: Duration.minutes(10),
      ops,
    })
  }

  private publish(queue: Queue, { lake, tables, ops }: CompactionProps): void {
    const fn = new NodeFunction<PublishEnv>(this, 'Publish', {
      name: 'publish',
      description:
        'Publishes one bucket of a day of the lake from what landed, takes a device out of it, or makes its windows again',
      memoryMiB: 4096,
      timeout: WORKER_TIMEOUT,
      ops,
      env: {
        LAKE_BUCKET: lake.bucketName,
        MANIFEST_TABLE: tables.of.Manifest.tableName,
        ERASURES_TABLE: tables.of.Erasures.tableName,
      },
    })
    const below = (...prefixes: string[]) => prefixes.map((prefix) => lake.arnForObjects(`${prefix}/*`))
    fn.allow(['s3:ListBucket'], [lake.bucketArn])
    fn.allow(['s3:GetObject', 's3:DeleteObject'], below('landing', ...lakeKinds))
    fn.allow(['s3:PutObject', 's3:AbortMultipartUpload'], below('landing', ...lakeKinds))
    // A device that is erased is taken out of files in Deep Archive, too.
    fn.allow(['s3:RestoreObject'], below(...lakeKinds))
    useTable(fn, tables.of.Erasures, 'delete')
    useTable(fn, tables.of.Manifest, 'get', 'put')
    fn.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn])
    const mapping = new EventSourceMapping(fn, 'Due', {
      target: fn.lambda,
      eventSourceArn: queue.queueArn,
      batchSize: 1,
      maxConcurrency: WORKERS,
    })
    mapping.node.addDependency(fn.role)
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason:
        'a queue’s failures go to its dead letter queue; its event source mapping has no other destination',
    })
  }
}
