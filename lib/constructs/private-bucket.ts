import { Validations, type RemovalPolicy } from 'aws-cdk-lib'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  TransitionDefaultMinimumObjectSize,
  type IBucket,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import { Duration } from 'aws-cdk-lib'

export interface PrivateBucketProps {
  removalPolicy: RemovalPolicy
  lifecycleRules: LifecycleRule[]
  /** Where accesses are logged; null for the bucket that takes those logs. */
  accessLogs: IBucket | null
  versioned?: boolean
}

/** A bucket that only our own roles reach, over TLS only, and that never keeps the parts of a broken upload. */
export function privateBucket(scope: Construct, id: string, props: PrivateBucketProps): IBucket {
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: props.removalPolicy,
    versioned: props.versioned ?? false,
    transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
    lifecycleRules: [
      ...props.lifecycleRules,
      { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    ...(props.accessLogs && {
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: `${id.toLowerCase()}/`,
    }),
  })
  if (!props.accessLogs)
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'this bucket takes the access logs of the others; logging it into itself would never end',
    })
  if (props.lifecycleRules.some((rule) => rule.objectSizeGreaterThan !== undefined))
    Validations.of(bucket).acknowledge({
      id: 'CloudFormation-Validate::W9003',
      reason:
        'the CDK writes ObjectSizeGreaterThan as a number; CloudFormation takes it for the text S3 wants',
    })
  return bucket as IBucket
}
