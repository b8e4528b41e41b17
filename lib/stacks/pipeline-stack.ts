import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { bulkFunction } from '../constructs/bulk-function.ts'
import { Compaction } from '../constructs/compaction.ts'
import { deskFunction } from '../constructs/desk-function.ts'
import { Erasure } from '../constructs/erasure.ts'
import { hotQuery } from '../constructs/hot-query.ts'
import { Jobs, type TradeStreams } from '../constructs/jobs.ts'
import { ModelEndpoint } from '../constructs/model-endpoint.ts'
import type { NodeFunction } from '../constructs/node-function.ts'
import { Output } from '../constructs/output.ts'
import { planFunction } from '../constructs/plan-function.ts'
import { RawArchive } from '../constructs/raw-archive.ts'
import { Scaler } from '../constructs/scaler.ts'
import type { TelemetryStream } from '../constructs/telemetry-stream.ts'
import { TradePipeline } from '../constructs/trade-pipeline.ts'
import type { Deployment, TradeName } from '../deployment.ts'
import type { AlertingStack } from './alerting-stack.ts'
import type { IngestStack } from './ingest-stack.ts'
import type { StorageStack } from './storage-stack.ts'

export interface PipelineStackProps extends StackProps {
  deployment: Deployment
  alerting: AlertingStack
  storage: StorageStack
  ingest: IngestStack
}

/** What happens to a record: one function a trade, the output that stores hang on, and what runs by the clock. */
export class PipelineStack extends Stack {
  readonly hotquery: NodeFunction
  readonly plan: NodeFunction
  readonly desk: NodeFunction
  readonly erase: NodeFunction
  readonly bulk: NodeFunction
  readonly output: TelemetryStream
  readonly trades: ReadonlyMap<TradeName, NodeFunction>
  readonly streams: TradeStreams

  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props)
    const { deployment, alerting, storage, ingest } = props
    const { failures, lake, tables, hotStore } = storage
    const { ops, topics } = alerting
    this.streams = Object.fromEntries([...ingest.telemetry].map(([trade, t]) => [trade, t.stream]))
    this.output = new Output(this, 'Output', {
      streams: { mode: 'provisioned', ...deployment.output },
      hotStore,
      lake,
      tables,
      failures,
      ops,
    }).telemetry
    const output = this.output.stream
    new RawArchive(this, 'Raw', { streams: this.streams, lake, failures, ops })
    this.trades = new Map(
      [...ingest.telemetry].map(([trade, telemetry]) => {
        const id = trade[0]!.toUpperCase() + trade.slice(1)
        const props = { trade, deployment, telemetry, output, tables, topics, failures, ops }
        return [trade, new TradePipeline(this, id, props).fn]
      }),
    )
    this.hotquery = hotQuery(this, 'HotQuery', hotStore, ops)
    const shared = { streams: this.streams, output, hotquery: this.hotquery, lake, failures }
    const { modelEndpoint: setting, stage, target } = deployment
    const models =
      setting && target === 'aws' ? new ModelEndpoint(this, 'Models', { stage, setting, lake, ops }) : null
    new Jobs(this, 'Jobs', {
      ...shared,
      models,
      presenceEvents: ingest.presenceEvents,
      deployment,
      tables,
      topics,
      ops,
    })
    this.plan = planFunction(this, 'Plan', {
      deployment,
      hotquery: this.hotquery,
      tables,
      ops,
    })
    this.desk = deskFunction(this, 'Desk', { tables, lake, identity: ingest.identity, ops })
    const { queue: publish } = new Compaction(this, 'Compaction', { lake, tables, ops })
    const hotDays = deployment.retentionDays.hot
    this.erase = new Erasure(this, 'Erasure', {
      tables,
      lake,
      failures,
      hotStore,
      hotDays,
      output,
      publish,
      ops,
    }).fn
    this.bulk = bulkFunction(this, 'Bulk', {
      deployment,
      storage,
      streams: this.streams,
      hotquery: this.hotquery,
      publish,
      ops,
    })
    new Scaler(this, 'Scaler', { deployment, streams: this.streams, output, ops })
  }
}
