import { Duration } from 'aws-cdk-lib'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import type { Env as BulkEnv } from '../../lambdas/bulk/env.ts'
import type { Deployment } from '../deployment.ts'
import type { Catalog } from './catalog.ts'
import { putRecords, queryLake, useTable } from './grants.ts'
import { streamMap, type TradeStreams } from './jobs.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { Schedule } from './schedule.ts'
import type { Tables } from './tables.ts'

export interface BulkFunctionProps {
  deployment: Pick<Deployment, 'retentionDays' | 'reportZone'>
  storage: { tables: Tables; lake: IBucket; catalog: Catalog }
  streams: TradeStreams
  hotquery: NodeFunction
  /** Queue of the one worker that may change a bucket of a day. */
  publish: IQueue
  ops: Operations
}

/** What the API hands over, for it is a file or takes long: reports, export, import, refolding, retention. Makes reports by the clock, too. */
export function bulkFunction(scope: Construct, id: string, props: BulkFunctionProps): NodeFunction {
  const { deployment, storage, streams, hotquery, publish, ops } = props
  const { lake, catalog } = storage
  const { retentionDays: days } = deployment
  const table = storage.tables.of
  const fn = new NodeFunction<BulkEnv>(scope, id, {
    name: 'bulk',
    description: 'The part of the API that hands out and takes in files, and last week’s reports',
    memoryMiB: 1769,
    // A report of many machines may take minutes; the API does not wait for it.
    timeout: Duration.minutes(15),
    ops,
    env: {
      HOTQUERY_FUNCTION: hotquery.lambda.functionName,
      TRADE_STREAMS: streamMap(streams),
      CONFIG_TABLE: table.Config.tableName,
      REGISTRY_TABLE: table.Registry.tableName,
      TOKENS_TABLE: table.Tokens.tableName,
      ALARM_TABLE: table.AlarmBook.tableName,
      MANIFEST_TABLE: table.Manifest.tableName,
      MARKS_TABLE: table.Marks.tableName,
      FACTS_TABLE: table.Facts.tableName,
      WORK_ORDERS_TABLE: table.WorkOrders.tableName,
      AUDIT_TABLE: table.Audit.tableName,
      LAKE_BUCKET: lake.bucketName,
      ATHENA_WORKGROUP: catalog.workGroupName,
      GLUE_DATABASE: catalog.databaseName,
      PUBLISH_QUEUE: publish.queueUrl,
      HOT_DAYS: String(days.hot),
      WARM_DAYS: String(days.warm),
      COLD_DAYS: String(days.cold),
      REPORT_ZONE: deployment.reportZone,
    },
  })
  fn.allow(['lambda:InvokeFunction'], [hotquery.lambda.functionArn])
  useTable(fn, table.Config, 'query')
  useTable(fn, table.Registry, 'query')
  useTable(fn, table.Tokens, 'get')
  useTable(fn, table.AlarmBook, 'query')
  useTable(fn, table.Manifest, 'query', 'put')
  useTable(fn, table.Marks, 'query')
  useTable(fn, table.Facts, 'query')
  useTable(fn, table.WorkOrders, 'query')
  useTable(fn, table.Audit, 'append')
  putRecords(fn, Object.values(streams))
  queryLake(fn, lake, catalog)
  fn.allow(['s3:GetObject', 's3:PutObject'], [lake.arnForObjects('reports/*')])
  fn.allow(['s3:GetObject'], [lake.arnForObjects('raw/*')])
  fn.allow(['sqs:SendMessage'], [publish.queueArn])
  new Schedule(scope, `${id}Schedule`, {
    fn,
    jobs: { reports: 'rate(30 minutes)' },
    staleAfter: Duration.minutes(30),
    ops,
  })
  return fn
}
