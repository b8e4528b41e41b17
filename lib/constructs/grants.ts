import { Stack } from 'aws-cdk-lib'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { AlertTopics } from './alert-topics.ts'
import { lakeKinds, type Catalog } from './catalog.ts'
import type { NodeFunction } from './node-function.ts'

const verbs = {
  get: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
  query: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
  scan: ['dynamodb:Scan'],
  put: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  /** New items only: nothing that is there can be changed in part, and what overwrites is refused by its condition. */
  append: ['dynamodb:PutItem'],
  delete: ['dynamodb:DeleteItem'],
} as const

/** Lets a function do named things with a table; queries reach its indexes too. */
export function useTable(fn: NodeFunction, table: ITableV2, ...uses: (keyof typeof verbs)[]): void {
  const resources = [table.tableArn]
  if (uses.includes('query')) resources.push(`${table.tableArn}/index/*`)
  fn.allow([...new Set(uses.flatMap((use) => verbs[use]))], resources)
}

export function putRecords(fn: NodeFunction, streams: readonly IStream[]): void {
  fn.allow(
    ['kinesis:PutRecord', 'kinesis:PutRecords'],
    streams.map((stream) => stream.streamArn),
  )
}

export function publishAlerts(fn: NodeFunction, topics: AlertTopics): void {
  fn.allow(['sns:Publish'], [topics.alerts.topicArn])
  fn.allow(['kms:Decrypt', 'kms:GenerateDataKey'], [topics.key.keyArn])
}

/** Athena acts with its caller's rights: on the catalogue, on what it reads and on where its answers go. */
export function queryLake(fn: NodeFunction, lake: IBucket, catalog: Catalog): void {
  const stack = Stack.of(fn)
  const glue = (resource: string, resourceName?: string) =>
    stack.formatArn({ service: 'glue', resource, ...(resourceName !== undefined && { resourceName }) })
  fn.allow(
    [
      'athena:StartQueryExecution',
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:StopQueryExecution',
    ],
    [stack.formatArn({ service: 'athena', resource: 'workgroup', resourceName: catalog.workGroupName })],
  )
  fn.allow(
    ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'],
    [glue('catalog'), glue('database', catalog.databaseName), glue('table', `${catalog.databaseName}/*`)],
  )
  fn.allow(['s3:ListBucket', 's3:GetBucketLocation'], [lake.bucketArn])
  fn.allow(
    ['s3:GetObject'],
    lakeKinds.map((kind) => lake.arnForObjects(`${kind}/*`)),
  )
  fn.allow(
    ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
    [lake.arnForObjects(`${catalog.resultsPrefix}*`)],
  )
}

/** Plants are steered by the desired state of their shadows. */
export function writeShadows(fn: NodeFunction): void {
  fn.allow(
    ['iot:GetThingShadow', 'iot:UpdateThingShadow'],
    [Stack.of(fn).formatArn({ service: 'iot', resource: 'thing', resourceName: '*' })],
  )
}

/** Commands go to any device of these trades. */
export function publishCommands(fn: NodeFunction, trades: readonly string[]): void {
  fn.allow(
    ['iot:Publish'],
    trades.map((trade) =>
      Stack.of(fn).formatArn({ service: 'iot', resource: 'topic', resourceName: `cmd/${trade}/*` }),
    ),
  )
}
