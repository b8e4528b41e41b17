import { Duration, Stack } from 'aws-cdk-lib'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Env as JobsEnv } from '../../lambdas/jobs/env.ts'
import type { Env as RedriveEnv } from '../../lambdas/redrive/env.ts'
import type { Env as TickEnv } from '../../lambdas/tick/env.ts'
import type { Deployment, TradeName } from '../deployment.ts'
import type { AlertTopics } from './alert-topics.ts'
import { publishAlerts, putRecords, useTable, writeShadows } from './grants.ts'
import type { ModelEndpoint } from './model-endpoint.ts'
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
  /** Where models score; null lets the function do it. */
  models: ModelEndpoint | null
  failures: IBucket
  presenceEvents: IQueue
  deployment: Pick<Deployment, 'parallelization' | 'weatherUrl'>
  tables: Tables
  topics: AlertTopics
  ops: Operations
}

/** `plant=<stream>,fleet=<stream>` for a function that writes to the streams of all trades. */
export const streamMap = (streams: TradeStreams): string =>
  Object.entries(streams)
    .map(([trade, stream]) => `${trade}=${stream.streamName}`)
    .join(',')

/** What runs by the clock and not by data: the minute sweep and the jobs; and redrive, by hand. */
export class Jobs extends Construct {
  constructor(scope: Construct, id: string, props: JobsProps) {
    super(scope, id)
    this.tick(props)
    this.jobs(props)
    this.redrive(props)
  }

  private tick({ streams, tables, deployment, lake, topics, ops }: JobsProps): void {
    const fn = new NodeFunction<TickEnv>(this, 'Tick', {
      name: 'tick',
      description: 'Every minute ticks the devices that need it, and looks who is there',
      memoryMiB: 1024,
      timeout: Duration.seconds(55),
      // Two sweeps at once would only double the reads.
      concurrency: 1,
      ops,
      env: {
        STATE_TABLE: tables.of.State.tableName,
        PRESENCE_TABLE: tables.of.Presence.tableName,
        PROGRESS_TABLE: tables.of.Progress.tableName,
        ALARM_TABLE: tables.of.AlarmBook.tableName,
        ALERT_TOPIC: topics.alerts.topicArn,
        LAKE_BUCKET: lake.bucketName,
        CONFIG_TABLE: tables.of.Config.tableName,
        TRADE_STREAMS: streamMap(streams),
        PARALLELIZATION: String(deployment.parallelization),
      },
    })
    useTable(fn, tables.of.State, 'scan')
    useTable(fn, tables.of.Presence, 'scan')
    useTable(fn, tables.of.Progress, 'query')
    useTable(fn, tables.of.AlarmBook, 'query', 'put')
    publishAlerts(fn, topics)
    fn.allow(['s3:GetObject', 's3:PutObject'], [lake.arnForObjects('presence/*')])
    // Without it a missing object is an access denied, not a missing one.
    fn.allow(['s3:ListBucket'], [lake.bucketArn])
    useTable(fn, tables.of.Config, 'query')
    putRecords(fn, Object.values(streams))
    fn.allow(
      ['kinesis:ListShards'],
      Object.values(streams).map((stream) => stream.streamArn),
    )
    // A sweep of a minute ago is of no use: the next one covers it.
    new Schedule(this, 'TickSchedule', {
      fn,
      jobs: { tick: 'rate(1 minute)' },
      staleAfter: Duration.minutes(1),
      ops,
    })
  }

  private jobs(props: JobsProps): void {
    const { tables, lake, ops } = props
    const table = tables.of
    const fn = new NodeFunction<JobsEnv>(this, 'Jobs', {
      name: 'jobs',
      description: 'Every minute: repair, learning, zones, energy, plans and maintenance, on closed minutes',
      memoryMiB: 1769,
      timeout: Duration.minutes(10),
      // Two runs at once would do the same work; a later one makes up for what a long one left.
      concurrency: 1,
      ops,
      env: {
        HOTQUERY_FUNCTION: props.hotquery.lambda.functionName,
        OUTPUT_STREAM: props.output.streamName,
        TRADE_STREAMS: streamMap(props.streams),
        PARALLELIZATION: String(props.deployment.parallelization),
        STATE_TABLE: table.State.tableName,
        MARKS_TABLE: table.Marks.tableName,
        COMMANDS_TABLE: table.Commands.tableName,
        PRESENCE_TABLE: table.Presence.tableName,
        AUDIT_TABLE: table.Audit.tableName,
        PROGRESS_TABLE: table.Progress.tableName,
        CONFIG_TABLE: table.Config.tableName,
        ALARM_TABLE: table.AlarmBook.tableName,
        FACTS_TABLE: table.Facts.tableName,
        WORK_ORDERS_TABLE: table.WorkOrders.tableName,
        ALERT_TOPIC: props.topics.alerts.topicArn,
        LAKE_BUCKET: lake.bucketName,
        WEATHER_URL: props.deployment.weatherUrl ?? '',
        MODEL_ENDPOINT: props.models?.endpointName ?? '',
      },
    })
    fn.allow(['lambda:InvokeFunction'], [props.hotquery.lambda.functionArn])
    putRecords(fn, [props.output])
    fn.allow(
      ['kinesis:ListShards'],
      [props.output, ...Object.values(props.streams)].map((stream) => stream.streamArn),
    )
    useTable(fn, table.State, 'get')
    useTable(fn, table.Marks, 'scan', 'delete')
    useTable(fn, table.Commands, 'query', 'put', 'delete')
    useTable(fn, table.Presence, 'get')
    useTable(fn, table.Audit, 'append')
    useTable(fn, table.Progress, 'query', 'put')
    useTable(fn, table.Config, 'query', 'put')
    useTable(fn, table.AlarmBook, 'query', 'put')
    useTable(fn, table.Facts, 'query', 'put')
    useTable(fn, table.WorkOrders, 'query', 'put')
    fn.allow(['s3:GetObject'], [lake.arnForObjects('models/*')])
    props.models?.invokedBy(fn, 'failure')
    fn.allow(['s3:ListBucket'], [lake.bucketArn])
    publishAlerts(fn, props.topics)
    writeShadows(fn)
    const topic = (name: string) =>
      Stack.of(this).formatArn({ service: 'iot', resource: 'topic', resourceName: name })
    fn.allow(
      ['iot:Publish'],
      Object.keys(props.streams).map((trade) => topic(`cmd/${trade}/*`)),
    )
    new Schedule(this, 'JobSchedule', {
      fn,
      jobs: { jobs: 'rate(1 minute)' },
      staleAfter: Duration.minutes(1),
      ops,
    })
  }

  private redrive({ failures, lake, output, streams, presenceEvents, ops }: JobsProps): void {
    const fn = new NodeFunction<RedriveEnv>(this, 'Redrive', {
      name: 'redrive',
      description: 'Puts what the failure bucket holds back into its stream, when somebody invokes it',
      memoryMiB: 1024,
      timeout: Duration.minutes(15),
      concurrency: 1,
      ops,
      env: {
        FAILURES_BUCKET: failures.bucketName,
        LAKE_BUCKET: lake.bucketName,
        PRESENCE_QUEUE: presenceEvents.queueUrl,
        OUTPUT_STREAM: output.streamName,
        TRADE_STREAMS: streamMap(streams),
      },
    })
    fn.allow(['s3:ListBucket'], [failures.bucketArn, lake.bucketArn])
    fn.allow(['s3:GetObject'], [lake.arnForObjects('raw/*')])
    fn.allow(['sqs:SendMessage'], [presenceEvents.queueArn])
    fn.allow(['s3:GetObject', 's3:DeleteObject'], [failures.arnForObjects('*')])
    putRecords(fn, [output, ...Object.values(streams)])
  }
}
