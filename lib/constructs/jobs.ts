import { Duration, Stack } from 'aws-cdk-lib'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Env as CompactEnv } from '../../lambdas/compact/env.ts'
import type { Env as JobsEnv } from '../../lambdas/jobs/env.ts'
import type { Env as RedriveEnv } from '../../lambdas/redrive/env.ts'
import type { Env as TickEnv } from '../../lambdas/tick/env.ts'
import type { TradeName } from '../deployment.ts'
import type { AlertTopics } from './alert-topics.ts'
import type { Catalog } from './catalog.ts'
import { publishAlerts, putRecords, queryLake, useTable } from './grants.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { Schedule } from './schedule.ts'
import type { Tables } from './tables.ts'

export type TradeStreams = Readonly<Partial<Record<TradeName, IStream>>>

export interface JobsProps {
  streams: TradeStreams
  output: IStream
  hotquery: NodeFunction
  lake: IBucket
  failures: IBucket
  catalog: Catalog
  tables: Tables
  topics: AlertTopics
  ops: Operations
}

/** `plant=<stream>,fleet=<stream>` for a function that writes to the streams of all trades. */
export const streamMap = (streams: TradeStreams): string =>
  Object.entries(streams)
    .map(([trade, stream]) => `${trade}=${stream.streamName}`)
    .join(',')

/** What runs by the clock and not by data: the minute sweep, the jobs, compaction; and redrive, by hand. */
export class Jobs extends Construct {
  constructor(scope: Construct, id: string, props: JobsProps) {
    super(scope, id)
    this.tick(props)
    this.jobs(props)
    this.compact(props)
    this.redrive(props)
  }

  private tick({ streams, tables, ops }: JobsProps): void {
    const fn = new NodeFunction<TickEnv>(this, 'Tick', {
      name: 'tick',
      description: 'Every minute puts a tick record for each device that needs one into its stream',
      memoryMiB: 1024,
      timeout: Duration.seconds(55),
      // Two sweeps at once would only double the reads.
      concurrency: 1,
      ops,
      env: {
        STATE_TABLE: tables.of.State.tableName,
        CONFIG_TABLE: tables.of.Config.tableName,
        TRADE_STREAMS: streamMap(streams),
      },
    })
    useTable(fn, tables.of.State, 'scan')
    useTable(fn, tables.of.Config, 'query')
    putRecords(fn, Object.values(streams))
    // A sweep of a minute ago is of no use: the next one covers it.
    new Schedule(this, 'TickSchedule', {
      fn,
      jobs: { tick: 'rate(1 minute)' },
      staleAfter: Duration.minutes(1),
    })
  }

  private jobs(props: JobsProps): void {
    const { tables, ops } = props
    const table = tables.of
    const fn = new NodeFunction<JobsEnv>(this, 'Jobs', {
      name: 'jobs',
      description: 'Repair, roll-ups, learning and presence, by name, on closed minutes',
      memoryMiB: 1769,
      timeout: Duration.minutes(10),
      ops,
      env: {
        HOTQUERY_FUNCTION: props.hotquery.lambda.functionName,
        OUTPUT_STREAM: props.output.streamName,
        TRADE_STREAMS: streamMap(props.streams),
        STATE_TABLE: table.State.tableName,
        MARKS_TABLE: table.Marks.tableName,
        PROGRESS_TABLE: table.Progress.tableName,
        CONFIG_TABLE: table.Config.tableName,
        REGISTRY_TABLE: table.Registry.tableName,
        ALARM_TABLE: table.AlarmBook.tableName,
        QUARANTINE_TABLE: table.Quarantine.tableName,
        PRESENCE_TABLE: table.Presence.tableName,
        MANIFEST_TABLE: table.Manifest.tableName,
        ALERT_TOPIC: props.topics.alerts.topicArn,
        LAKE_BUCKET: props.lake.bucketName,
        ATHENA_WORKGROUP: props.catalog.workGroupName,
        GLUE_DATABASE: props.catalog.databaseName,
      },
    })
    fn.allow(['lambda:InvokeFunction'], [props.hotquery.lambda.functionArn])
    putRecords(fn, [props.output, ...Object.values(props.streams)])
    useTable(fn, table.State, 'get', 'scan')
    useTable(fn, table.Marks, 'query', 'scan', 'delete')
    useTable(fn, table.Progress, 'query', 'put')
    useTable(fn, table.Config, 'query', 'scan', 'put')
    useTable(fn, table.Registry, 'query', 'scan')
    useTable(fn, table.AlarmBook, 'query', 'put')
    useTable(fn, table.Quarantine, 'put')
    useTable(fn, table.Presence, 'get', 'scan')
    useTable(fn, table.Manifest, 'query')
    publishAlerts(fn, props.topics)
    queryLake(fn, props.lake, props.catalog)
    const topic = (name: string) =>
      Stack.of(this).formatArn({ service: 'iot', resource: 'topic', resourceName: name })
    fn.allow(
      ['iot:Publish'],
      Object.keys(props.streams).map((trade) => topic(`cmd/${trade}/*`)),
    )
    new Schedule(this, 'JobSchedule', {
      fn,
      jobs: {
        repair: 'rate(1 minute)',
        presence: 'rate(1 minute)',
        rollups: 'rate(15 minutes)',
        learn: 'cron(20 2 * * ? *)',
      },
      staleAfter: Duration.minutes(30),
    })
  }

  private compact({ lake, tables, ops }: JobsProps): void {
    const fn = new NodeFunction<CompactEnv>(this, 'Compact', {
      name: 'compact',
      description: 'Makes one published day of the lake from what landed',
      memoryMiB: 3008,
      timeout: Duration.minutes(15),
      concurrency: 1,
      ops,
      env: {
        LAKE_BUCKET: lake.bucketName,
        MANIFEST_TABLE: tables.of.Manifest.tableName,
        PROGRESS_TABLE: tables.of.Progress.tableName,
      },
    })
    const below = (...prefixes: string[]) => prefixes.map((prefix) => lake.arnForObjects(`${prefix}/*`))
    fn.allow(['s3:ListBucket'], [lake.bucketArn])
    fn.allow(['s3:GetObject', 's3:DeleteObject'], below('landing', 'readings', 'windows'))
    fn.allow(['s3:PutObject', 's3:AbortMultipartUpload'], below('readings', 'windows'))
    useTable(fn, tables.of.Manifest, 'query', 'put')
    useTable(fn, tables.of.Progress, 'query', 'put')
    new Schedule(this, 'CompactSchedule', {
      fn,
      jobs: { compact: 'rate(1 hour)' },
      staleAfter: Duration.minutes(30),
    })
  }

  private redrive({ failures, output, streams, ops }: JobsProps): void {
    const fn = new NodeFunction<RedriveEnv>(this, 'Redrive', {
      name: 'redrive',
      description: 'Puts what the failure bucket holds back into its stream, when somebody invokes it',
      memoryMiB: 1024,
      timeout: Duration.minutes(15),
      concurrency: 1,
      ops,
      env: {
        FAILURES_BUCKET: failures.bucketName,
        OUTPUT_STREAM: output.streamName,
        TRADE_STREAMS: streamMap(streams),
      },
    })
    fn.allow(['s3:ListBucket'], [failures.bucketArn])
    fn.allow(['s3:GetObject', 's3:DeleteObject'], [failures.arnForObjects('*')])
    putRecords(fn, [output, ...Object.values(streams)])
  }
}
