import { Stack, type Duration } from 'aws-cdk-lib'
import type { IUserPool } from 'aws-cdk-lib/aws-cognito'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Env as ApiEnv } from '../../lambdas/api/env.ts'
import type { Deployment } from '../deployment.ts'
import type { Catalog } from './catalog.ts'
import { putRecords, queryLake, useTable } from './grants.ts'
import { streamMap, type TradeStreams } from './jobs.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import type { Tables } from './tables.ts'

export interface ApiFunctionProps {
  storage: { tables: Tables; lake: IBucket; catalog: Catalog }
  pipeline: {
    hotquery: NodeFunction
    plan: NodeFunction
    desk: NodeFunction
    erase: NodeFunction
    bulk: NodeFunction
    streams: TradeStreams
  }
  devicePolicy: string
  people: IUserPool
  /** Ages at which data moves to the next tier. */
  days: Pick<Deployment['retentionDays'], 'hot' | 'warm' | 'cold'>
  timeout: Duration
  ops: Operations
}

/** The function behind the API: it reads everything, writes what people decide, and issues certificates. */
export function apiFunction(scope: Construct, id: string, props: ApiFunctionProps): NodeFunction {
  const { storage, pipeline } = props
  const table = storage.tables.of
  const fn = new NodeFunction<ApiEnv>(scope, id, {
    name: 'api',
    description: 'The REST API',
    memoryMiB: 1024,
    timeout: props.timeout,
    ops: props.ops,
    env: {
      HOTQUERY_FUNCTION: pipeline.hotquery.lambda.functionName,
      PLAN_FUNCTION: pipeline.plan.lambda.functionName,
      DESK_FUNCTION: pipeline.desk.lambda.functionName,
      ERASE_FUNCTION: pipeline.erase.lambda.functionName,
      BULK_FUNCTION: pipeline.bulk.lambda.functionName,
      TRADE_STREAMS: streamMap(pipeline.streams),
      STATE_TABLE: table.State.tableName,
      CONFIG_TABLE: table.Config.tableName,
      REGISTRY_TABLE: table.Registry.tableName,
      GROUPS_TABLE: table.Groups.tableName,
      COMMANDS_TABLE: table.Commands.tableName,
      RETIREMENTS_TABLE: table.Retirements.tableName,
      TOKENS_TABLE: table.Tokens.tableName,
      USER_POOL: props.people.userPoolId,
      ALARM_TABLE: table.AlarmBook.tableName,
      QUARANTINE_TABLE: table.Quarantine.tableName,
      PRESENCE_TABLE: table.Presence.tableName,
      MANIFEST_TABLE: table.Manifest.tableName,
      MARKS_TABLE: table.Marks.tableName,
      ERASURES_TABLE: table.Erasures.tableName,
      FACTS_TABLE: table.Facts.tableName,
      WORK_ORDERS_TABLE: table.WorkOrders.tableName,
      AUDIT_TABLE: table.Audit.tableName,
      LAKE_BUCKET: storage.lake.bucketName,
      ATHENA_WORKGROUP: storage.catalog.workGroupName,
      GLUE_DATABASE: storage.catalog.databaseName,
      HOT_DAYS: String(props.days.hot),
      WARM_DAYS: String(props.days.warm),
      COLD_DAYS: String(props.days.cold),
      DEVICE_POLICY: props.devicePolicy,
    },
  })
  useTable(fn, table.State, 'get', 'scan')
  useTable(fn, table.Config, 'query', 'scan', 'put')
  useTable(fn, table.Registry, 'query', 'scan', 'put', 'delete')
  useTable(fn, table.Groups, 'query', 'put', 'delete')
  useTable(fn, table.Commands, 'query', 'put', 'delete')
  useTable(fn, table.Retirements, 'query', 'put', 'delete')
  useTable(fn, table.Tokens, 'get', 'scan', 'put')
  fn.allow(userVerbs, [props.people.userPoolArn])
  useTable(fn, table.AlarmBook, 'query', 'put')
  useTable(fn, table.Quarantine, 'query', 'put')
  useTable(fn, table.Presence, 'get')
  useTable(fn, table.Manifest, 'query')
  useTable(fn, table.Marks, 'query')
  useTable(fn, table.Erasures, 'query', 'put')
  useTable(fn, table.Facts, 'query', 'put')
  useTable(fn, table.WorkOrders, 'query', 'put')
  useTable(fn, table.Audit, 'query', 'append')
  fn.allow(
    ['lambda:InvokeFunction'],
    [pipeline.hotquery, pipeline.plan, pipeline.desk, pipeline.erase, pipeline.bulk].map(
      ({ lambda }) => lambda.functionArn,
    ),
  )
  putRecords(fn, Object.values(pipeline.streams))
  queryLake(fn, storage.lake, storage.catalog)
  fn.allow(['s3:GetObject', 's3:PutObject'], [storage.lake.arnForObjects('models/*')])
  allowDevices(fn, props)
  return fn
}

/** People are managed by the API, too; none of these tells or takes a password but the first one. */
const userVerbs = [
  'AdminAddUserToGroup',
  'AdminCreateUser',
  'AdminDeleteUser',
  'AdminGetUser',
  'AdminListGroupsForUser',
  'AdminRemoveUserFromGroup',
  'AdminSetUserPassword',
  'AdminUpdateUserAttributes',
  'AdminUserGlobalSignOut',
  'ListUsersInGroup',
].map((verb) => `cognito-idp:${verb}`)

function allowDevices(fn: NodeFunction, props: ApiFunctionProps): void {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(fn).formatArn({ service: 'iot', resource, resourceName })
  const [things, certificates, policy] = [
    arn('thing', '*'),
    arn('cert', '*'),
    arn('policy', props.devicePolicy),
  ]
  fn.allow(
    ['iot:CreateThing', 'iot:DescribeThing', 'iot:UpdateThing', 'iot:DeleteThing', 'iot:ListThingPrincipals'],
    [things],
  )
  fn.allow(['iot:CreateCertificateFromCsr', 'iot:DescribeEndpoint'], ['*'])
  fn.allow(['iot:DescribeCertificate', 'iot:UpdateCertificate', 'iot:DeleteCertificate'], [certificates])
  fn.allow(['iot:AttachThingPrincipal', 'iot:DetachThingPrincipal'], [things, certificates])
  fn.allow(['iot:AttachPolicy', 'iot:DetachPolicy'], [policy, certificates])
  fn.allow(
    [
      'iot:GetThingShadow',
      'iot:UpdateThingShadow',
      'iot:DeleteThingShadow',
      'iot:ListNamedShadowsForThing',
      'iot:GetThingConnectivityData',
    ],
    [things],
  )
  // Revoking a certificate does not end a session that it began.
  fn.allow(['iot:DeleteConnection'], [arn('client', '*')])
  fn.allow(
    ['iot:Publish'],
    Object.keys(props.pipeline.streams).map((trade) => arn('topic', `cmd/${trade}/*`)),
  )
}
