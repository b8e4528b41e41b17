import { Duration, Stack } from 'aws-cdk-lib'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Env as EraseEnv } from '../../lambdas/erase/env.ts'
import type { Env as HotEraseEnv } from '../../lambdas/hot-erase/env.ts'
import { erasedTables } from '../../src/adapters/aws/dynamo/erase-items.ts'
import { useTable } from './grants.ts'
import type { HotStore } from './hot-store.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { Schedule } from './schedule.ts'
import type { Tables } from './tables.ts'

export interface ErasureProps {
  tables: Tables
  lake: IBucket
  failures: IBucket
  hotStore: HotStore
  hotDays: number
  output: IStream
  /** Queue of the one worker that may change a bucket of a day. */
  publish: IQueue
  ops: Operations
}

/** Erases devices in the background: everything at once, and again when nothing of before can still arrive. */
export class Erasure extends Construct {
  readonly fn: NodeFunction

  constructor(scope: Construct, id: string, props: ErasureProps) {
    super(scope, id)
    const { tables, lake, failures, hotStore, ops } = props
    const hot = new NodeFunction<HotEraseEnv>(this, 'Hot', {
      name: 'hot-erase',
      description: 'Removes a device from the hot store',
      memoryMiB: 256,
      timeout: Duration.minutes(5),
      place: hotStore.place,
      ops,
      env: hotStore.env,
    })
    hotStore.open(hot, 'write')
    this.fn = new NodeFunction<EraseEnv>(this, 'Erase', {
      name: 'erase',
      description: 'Erases devices from tables, archive, lake, failure bucket and hot store',
      memoryMiB: 1769,
      timeout: Duration.minutes(15),
      // Two runs at once would do the same work.
      concurrency: 1,
      ops,
      env: {
        ERASURES_TABLE: tables.of.Erasures.tableName,
        TABLES: erasedTables.map((name) => `${name}=${tables.of[name].tableName}`).join(','),
        LAKE_BUCKET: lake.bucketName,
        FAILURES_BUCKET: failures.bucketName,
        PUBLISH_QUEUE: props.publish.queueUrl,
        HOT_ERASE_FUNCTION: hot.lambda.functionName,
        OUTPUT_STREAM: props.output.streamName,
        HOT_DAYS: String(props.hotDays),
      },
    })
    this.grant(props, hot)
    new Schedule(this, 'Schedule', {
      fn: this.fn,
      jobs: { erase: 'rate(5 minutes)' },
      staleAfter: Duration.minutes(5),
      ops,
    })
  }

  private grant({ tables, lake, failures, publish }: ErasureProps, hot: NodeFunction): void {
    const { fn } = this
    const byKey = ['State', 'Registry', 'Presence'] as const
    const byScan = ['Facts', 'Retirements', 'Quarantine'] as const
    const byQuery = ['Marks', 'Commands', 'Groups', 'WorkOrders', 'AlarmBook', 'Config'] as const
    for (const name of byKey) useTable(fn, tables.of[name], 'delete')
    for (const name of byScan) useTable(fn, tables.of[name], 'scan', 'delete')
    for (const name of byQuery) useTable(fn, tables.of[name], 'query', 'delete')
    useTable(fn, tables.of.Births, 'query', 'scan', 'put', 'delete')
    useTable(fn, tables.of.Jobs, 'scan', 'put', 'delete')
    useTable(fn, tables.of.Erasures, 'query', 'put')
    fn.allow(['s3:ListBucket'], [lake.bucketArn, failures.bucketArn])
    fn.allow(
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      [lake.arnForObjects('raw/*'), failures.arnForObjects('*')],
    )
    fn.allow(
      ['s3:GetObject', 's3:DeleteObject'],
      ['athena/*', 'reports/*'].map((keys) => lake.arnForObjects(keys)),
    )
    fn.allow(['sqs:SendMessage'], [publish.queueArn])
    fn.allow(['lambda:InvokeFunction'], [hot.lambda.functionArn])
    fn.allow(
      ['iot:GetThingShadow', 'iot:DeleteThingShadow', 'iot:ListNamedShadowsForThing'],
      [Stack.of(fn).formatArn({ service: 'iot', resource: 'thing', resourceName: '*' })],
    )
  }
}
