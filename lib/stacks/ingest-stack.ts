import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { DeviceIdentity } from '../constructs/device-identity.ts'
import type { Operations } from '../constructs/operations.ts'
import { Presence } from '../constructs/presence.ts'
import type { TelemetryStream } from '../constructs/telemetry-stream.ts'
import { TradeIngest } from '../constructs/trade-ingest.ts'
import type { Deployment, TradeName } from '../deployment.ts'
import type { StorageStack } from './storage-stack.ts'

export interface IngestStackProps extends StackProps {
  deployment: Deployment
  storage: StorageStack
  ops: Operations
}

/** How devices come in: who they are, what they may say, where it goes, and whether they are there. */
export class IngestStack extends Stack {
  readonly devicePolicy: string
  readonly identity: DeviceIdentity
  readonly presenceEvents: IQueue
  readonly telemetry: ReadonlyMap<TradeName, TelemetryStream>

  constructor(scope: Construct, id: string, props: IngestStackProps) {
    super(scope, id, props)
    const { deployment, storage, ops } = props
    const { trades, streams } = deployment
    const { Registry: registry, Presence: presence } = storage.tables.of
    const identity = new DeviceIdentity(this, 'Devices', { trades, tables: storage.tables, ops })
    this.identity = identity
    this.devicePolicy = identity.policyName
    this.telemetry = new Map(
      trades.map((trade) => {
        const id = trade[0]!.toUpperCase() + trade.slice(1)
        const ingest = new TradeIngest(this, id, {
          trade,
          streams,
          failures: storage.failures,
          emulated: deployment.target === 'emulator',
          ops,
        })
        return [trade, ingest.telemetry]
      }),
    )
    this.presenceEvents = new Presence(this, 'Presence', {
      presence,
      registry,
      commands: storage.tables.of.Commands,
      trades: deployment.trades,
      failures: storage.failures,
      ops,
    }).events
    new CfnOutput(this, 'ProvisioningTemplate', { value: identity.templateName })
  }
}
