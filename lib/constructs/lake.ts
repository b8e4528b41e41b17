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
 * The lake: published days under `readings/` and `windows/`, their roll-ups under `quarters/` and `days/`, raw envelopes
 * under `raw/`, model files under `models/`, and under `landing/` what waits to be published: it goes when it is, and
 * never by age. A published file is never written again (its generation is part of the key), hence no versions.
 */
export class Lake extends Construct {
  readonly bucket: IBucket

  constructor(scope: Construct, id: string, props: LakeProps) {
    super(scope, id)
    const { hot, warm, cold, raw } = props.retentionDays
    const queryable = [
      { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(hot) },
      { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(warm) },
    ]
    const archived = [
      ...queryable,
      { storageClass: StorageClass.DEEP_ARCHIVE, transitionAfter: Duration.days(cold) },
    ]
    const tiers = (prefix: string, transitions: LifecycleRule['transitions']): LifecycleRule => ({
      id: `${prefix}-tiers`,
      prefix: `${prefix}/`,
      objectSizeGreaterThan: SMALLEST_MOVED_BYTES,
      ...(transitions && { transitions }),
    })
    this.bucket = privateBucket(this, 'Bucket', {
      removalPolicy: props.removalPolicy,
      accessLogs: props.accessLogs,
      lifecycleRules: [
        tiers('readings', archived),
        tiers('windows', archived),
        // Roll-ups are small, and answer for the years whose minutes nobody can ask any more.
        tiers('quarters', queryable),
        tiers('days', queryable),
        // Standard-IA bills thirty days at least.
        ...(raw >= hot + 30 ? [tiers('raw', queryable.slice(0, 1))] : []),
        // Answers are read once, at once.
        { id: 'athena', prefix: 'athena/', expiration: Duration.days(1) },
        { id: 'raw', prefix: 'raw/', expiration: Duration.days(raw) },
      ],
    })
  }
}
