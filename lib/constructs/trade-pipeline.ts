import { Duration, Stack } from 'aws-cdk-lib'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Env as BuildingEnv } from '../../lambdas/building/env.ts'
import type { Env as FleetEnv } from '../../lambdas/fleet/env.ts'
import type { Env as PlantEnv } from '../../lambdas/plant/env.ts'
import type { Deployment, TradeName } from '../deployment.ts'
import type { AlertTopics } from './alert-topics.ts'
import { publishAlerts, putRecords, useTable } from './grants.ts'
import { NodeFunction } from './node-function.ts'
import type { Operations } from './operations.ts'
import { feedFromStream } from './stream-source.ts'
import type { Tables } from './tables.ts'
import type { TelemetryStream } from './telemetry-stream.ts'

export interface TradePipelineProps {
  trade: TradeName
  deployment: Pick<Deployment, 'parallelization' | 'retentionDays'>
  telemetry: TelemetryStream
  output: IStream
  tables: Tables
  topics: AlertTopics
  failures: IBucket
  ops: Operations
}

/** A trade's list of stages in one function, fed by its own stream in the order of each device. */
export class TradePipeline extends Construct {
  readonly fn: NodeFunction

  constructor(scope: Construct, id: string, props: TradePipelineProps) {
    super(scope, id)
    const { trade, deployment, telemetry } = props
    const table = props.tables.of
    const fn = new NodeFunction<PlantEnv & FleetEnv & BuildingEnv>(this, 'Function', {
      name: trade,
      description: `Telltale ${trade} pipeline: decode, normalize, aggregate, detect, act`,
      memoryMiB: 1024,
      timeout: Duration.seconds(60),
      ops: props.ops,
      env: {
        STATE_TABLE: table.State.tableName,
        BIRTHS_TABLE: table.Births.tableName,
        CONFIG_TABLE: table.Config.tableName,
        REGISTRY_TABLE: table.Registry.tableName,
        ALARM_TABLE: table.AlarmBook.tableName,
        QUARANTINE_TABLE: table.Quarantine.tableName,
        QUARANTINE_DAYS: String(deployment.retentionDays.quarantine),
        PROGRESS_TABLE: table.Progress.tableName,
        COMMANDS_TABLE: table.Commands.tableName,
        PRESENCE_TABLE: table.Presence.tableName,
        AUDIT_TABLE: table.Audit.tableName,
        HOT_DAYS: String(deployment.retentionDays.hot),
        OUTPUT_STREAM: props.output.streamName,
        ALERT_TOPIC: props.topics.alerts.topicArn,
      },
    })
    useTable(fn, table.State, 'get', 'put')
    useTable(fn, table.Births, 'query', 'put')
    useTable(fn, table.Config, 'query', 'scan')
    useTable(fn, table.Registry, 'query', 'scan')
    useTable(fn, table.AlarmBook, 'query', 'put')
    useTable(fn, table.Quarantine, 'put')
    useTable(fn, table.Progress, 'put')
    useTable(fn, table.Commands, 'query', 'put', 'delete')
    useTable(fn, table.Presence, 'get')
    useTable(fn, table.Audit, 'append')
    putRecords(fn, [props.output])
    publishAlerts(fn, props.topics)
    const topic = (name: string) =>
      Stack.of(this).formatArn({ service: 'iot', resource: 'topic', resourceName: name })
    fn.allow(
      ['iot:Publish'],
      [topic(`cmd/${trade}/*`), topic(`spBv1.0/${trade}/NCMD/*`), topic(`spBv1.0/${trade}/DCMD/*`)],
    )
    // Routes that vehicles ask for; Amazon Location's maps are a resource of the provider's, not of an account's.
    if (trade === 'fleet')
      fn.allow(
        ['geo-routes:CalculateRoutes', 'geo-routes:CalculateRouteMatrix'],
        [
          Stack.of(this).formatArn({
            service: 'geo-routes',
            account: '',
            resource: 'provider',
            resourceName: 'default',
          }),
        ],
      )
    feedFromStream(fn, 'Telemetry', {
      stream: telemetry.stream,
      consumer: telemetry.consumer,
      failures: props.failures,
      // Packs of 50 in 6 MB: the payload limit closes a batch before this does.
      batchSize: 1000,
      parallelization: deployment.parallelization,
      lateAfter: Duration.seconds(30),
      ops: props.ops,
    })
    this.fn = fn
  }
}
