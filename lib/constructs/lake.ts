import { Duration, type RemovalPolicy } from 'aws-cdk-lib'
import { StorageClass, type IBucket, type LifecycleRule } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Deployment } from '../deployment.ts'
import { privateBucket } from './private-bucket.ts'

export interface LakeProps {
  retentionDays: Deployment['retentionDays']
  removalPolicy: RemovalPolicy
  accessLogs: IBucket
}

/** Standard-IA and Glacier Instant Retrieval bill a smaller object as this much, so moving it costs more than it saves. */
const SMALLEST_MOVED_BYTES = 128 * 1024

/**
 * The lake: published days under `readings/` and `windows/`, raw envelopes under `raw/`, what waits to be published
 * under `landing/`. A published file is never written again (its generation is part of the key), hence no versions.
 */
export class Lake extends Construct {
  readonly bucket: IBucket

  constructor(scope: Construct, id: string, props: LakeProps) {
    super(scope, id)
    const { hot, warm, cold, landing } = props.retentionDays
    const tiers = (prefix: string): LifecycleRule => ({
      id: `${prefix}-tiers`,
      prefix: `${prefix}/`,
      objectSizeGreaterThan: SMALLEST_MOVED_BYTES,
      transitions: [
        { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(hot) },
        { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(warm) },
        { storageClass: StorageClass.DEEP_ARCHIVE, transitionAfter: Duration.days(cold) },
      ],
    })
    this.bucket = privateBucket(this, 'Bucket', {
      removalPolicy: props.removalPolicy,
      accessLogs: props.accessLogs,
      lifecycleRules: [
        tiers('readings'),
        tiers('windows'),
        tiers('raw'),
        { id: 'landing', prefix: 'landing/', expiration: Duration.days(landing) },
      ],
    })
  }
}
