import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { Lake } from '../constructs/lake.ts'
import { privateBucket } from '../constructs/private-bucket.ts'
import type { Deployment } from '../deployment.ts'

export class StorageStack extends Stack {
  readonly accessLogs: IBucket
  readonly lake: Lake

  constructor(scope: Construct, id: string, props: StackProps & { deployment: Deployment }) {
    super(scope, id, props)
    const { retentionDays, stateful } = props.deployment
    const removalPolicy = stateful === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
    this.accessLogs = privateBucket(this, 'AccessLogs', {
      removalPolicy,
      accessLogs: null,
      lifecycleRules: [{ id: 'logs', expiration: Duration.days(retentionDays.logs) }],
    })
    this.lake = new Lake(this, 'Lake', { retentionDays, removalPolicy, accessLogs: this.accessLogs })
  }
}
