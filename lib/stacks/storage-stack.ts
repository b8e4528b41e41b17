import { Duration, Stack, type StackProps } from 'aws-cdk-lib'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { Catalog } from '../constructs/catalog.ts'
import {
  ExternalInfluxStore,
  InfluxStore,
  LiveAnalyticsStore,
  type HotStore,
} from '../constructs/hot-store.ts'
import { Lake } from '../constructs/lake.ts'
import type { Operations } from '../constructs/operations.ts'
import { privateBucket } from '../constructs/private-bucket.ts'
import { Tables } from '../constructs/tables.ts'
import type { Deployment } from '../deployment.ts'

export interface StorageStackProps extends StackProps {
  deployment: Deployment
  ops: Operations
}

/** Everything that keeps data: tables, hot store, lake with its catalogue, and what failed and waits for a redrive. */
export class StorageStack extends Stack {
  readonly accessLogs: IBucket
  readonly failures: IBucket
  readonly lake: IBucket
  readonly catalog: Catalog
  readonly tables: Tables
  readonly hotStore: HotStore

  constructor(scope: Construct, id: string, props: StorageStackProps) {
    super(scope, id, props)
    const { deployment, ops } = props
    const { retentionDays } = deployment
    const { removalPolicy } = ops
    this.accessLogs = privateBucket(this, 'AccessLogs', {
      removalPolicy,
      accessLogs: null,
      lifecycleRules: [{ id: 'logs', expiration: Duration.days(retentionDays.logs) }],
    })
    // Nothing expires here: a redrive deletes what it has put back.
    this.failures = privateBucket(this, 'Failures', {
      removalPolicy,
      accessLogs: this.accessLogs,
      lifecycleRules: [],
    })
    this.lake = new Lake(this, 'Lake', { retentionDays, removalPolicy, accessLogs: this.accessLogs }).bucket
    this.catalog = new Catalog(this, 'Catalog', {
      lake: this.lake,
      removalPolicy,
      scanLimitBytes: 1024 ** 4,
    })
    this.tables = new Tables(this, 'Tables', { removalPolicy, state: deployment.state, ops })
    this.hotStore = this.hotStoreOf(props)
  }

  private hotStoreOf({ deployment, ops }: StorageStackProps): HotStore {
    const { retentionDays, influx } = deployment
    const { removalPolicy } = ops
    if (deployment.target === 'emulator')
      return new ExternalInfluxStore(this, 'HotStore', { url: deployment.emulatorInfluxUrl, removalPolicy })
    if (deployment.hotStore === 'liveanalytics')
      return new LiveAnalyticsStore(this, 'HotStore', {
        retentionDays,
        rejected: this.failures,
        removalPolicy,
        ops,
      })
    return new InfluxStore(this, 'HotStore', { influx, hotDays: retentionDays.hot, removalPolicy, ops })
  }
}
