import { Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import type { Operations } from '../constructs/operations.ts'
import { TradeDashboard } from '../constructs/trade-dashboard.ts'
import type { Deployment } from '../deployment.ts'
import type { IngestStack } from './ingest-stack.ts'
import type { PipelineStack } from './pipeline-stack.ts'
import type { StorageStack } from './storage-stack.ts'

export interface ObservabilityStackProps extends StackProps {
  deployment: Deployment
  storage: StorageStack
  ingest: IngestStack
  pipeline: PipelineStack
  ops: Operations
}

/** One dashboard a trade. The constructs raise their own alarms; here are only those that look across them. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props)
    const { deployment, storage, ingest, pipeline, ops } = props
    for (const trade of deployment.trades)
      new TradeDashboard(this, trade[0]!.toUpperCase() + trade.slice(1), {
        trade,
        telemetry: ingest.telemetry.get(trade)!,
        fn: pipeline.trades.get(trade)!,
        tables: storage.tables,
        deployment,
        ops,
      })
  }
}
