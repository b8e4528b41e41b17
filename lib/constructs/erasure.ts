import { Duration, Stack } from 'aws-cdk-lib'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Env as EraseEnv, ErasedTable } from '../../lambdas/erase/env.ts'
import type { Env as HotEraseEnv } from '../../lambdas/hot-erase/env.ts'
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

/** How what a table holds of a device is found, and that it may be removed. */
const uses: Readonly<Record<ErasedTable, ('query' | 'scan' | 'put' | 'delete')[]>> = {
  State: ['delete'],
  Registry: ['delete'],
  Presence: ['delete'],
  Marks: ['query', 'delete'],
  Commands: ['query', 'delete'],
  Groups: ['query', 'delete'],
  WorkOrders: ['query', 'delete'],
  AlarmBook: ['query', 'delete'],
  Config: ['query', 'delete'],
  Births: ['query', 'scan', 'put', 'delete'],
  Jobs: ['scan', 'put', 'delete'],
  Facts: ['scan', 'delete'],
  Retirements: ['scan', 'delete'],
  Quarantine: ['scan', 'delete'],
  Provisioning: ['scan', 'delete'],
}
const erased = Object.keys(uses) as ErasedTable[]

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
        TABLES: erased.map((name) => `${name}=${tables.of[name].tableName}`).join(','),
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
    for (const name of erased) useTable(fn, tables.of[name], ...uses[name])
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
