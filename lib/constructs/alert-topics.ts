import { Duration, Stack, Validations, type RemovalPolicy } from 'aws-cdk-lib'
import { PolicyDocument, PolicyStatement, AccountRootPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key, type IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs'
import { SubscriptionFilter, Topic, type ITopic, type ITopicSubscription } from 'aws-cdk-lib/aws-sns'
import {
  EmailSubscription,
  SqsSubscription,
  UrlSubscription,
  type SubscriptionProps,
} from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { Subscriber } from '../deployment.ts'
import { MINUTE, raiseAlarm } from './operations.ts'

/** What a key's account may do with it, spelled out: policies then decide who in the account may. */
const keyAdministration = [
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:PutKeyPolicy',
  'kms:ListKeyPolicies',
  'kms:GetKeyRotationStatus',
  'kms:EnableKeyRotation',
  'kms:DisableKeyRotation',
  'kms:ListResourceTags',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:CreateGrant',
  'kms:ListGrants',
  'kms:RevokeGrant',
  'kms:Decrypt',
  'kms:GenerateDataKey',
]

export interface AlertTopicsProps {
  subscribers: readonly Subscriber[]
  logDays: number
  removalPolicy: RemovalPolicy
}

/**
 * Two encrypted topics: `alerts` carries the alarms of devices, with attributes to filter by (severity, trade, site,
 * thing, rule); `operations` carries what CloudWatch says about the platform itself.
 */
export class AlertTopics extends Construct {
  readonly key: IKey
  readonly alerts: ITopic
  readonly operations: ITopic

  constructor(scope: Construct, id: string, props: AlertTopicsProps) {
    super(scope, id)
    this.key = new Key(this, 'Key', {
      description: 'Telltale alerts',
      enableKeyRotation: true,
      removalPolicy: props.removalPolicy,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            principals: [new AccountRootPrincipal()],
            actions: keyAdministration,
            resources: ['*'],
          }),
          // AWS: alarms publish to an encrypted topic only if its key lets CloudWatch use it.
          new PolicyStatement({
            principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: ['*'],
            conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
          }),
        ],
      }),
    })
    const topic = (name: string, displayName: string) =>
      new Topic(this, name, { masterKey: this.key, enforceSSL: true, displayName })
    const alerts = topic('Alerts', 'Telltale alarm')
    const operations = topic('Operations', 'Telltale platform')
    operations.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [operations.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    )
    this.alerts = alerts
    this.operations = operations
    if (props.subscribers.length === 0) return
    const dead = this.undelivered(props)
    props.subscribers.forEach((subscriber, i) => {
      const { severities } = subscriber
      alerts.addSubscription(
        this.subscription(`Alerts${i}`, subscriber, {
          deadLetterQueue: dead,
          ...(severities && {
            filterPolicy: { severity: SubscriptionFilter.stringFilter({ allowlist: [...severities] }) },
          }),
        }),
      )
      if (subscriber.operations)
        operations.addSubscription(this.subscription(`Operations${i}`, subscriber, { deadLetterQueue: dead }))
    })
  }

  /** What no subscriber took, after the retries of SNS. */
  private undelivered({ logDays, removalPolicy }: AlertTopicsProps): IQueue {
    const dead = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    Validations.of(dead).acknowledge(
      { id: 'AwsSolutions-SQS3', reason: 'this is the dead letter queue' },
      { id: 'Serverless-SQSRedrivePolicy', reason: 'this is the dead letter queue' },
    )
    raiseAlarm(
      this,
      'UndeliveredAlarm',
      { topic: this.operations, logDays, removalPolicy },
      {
        metric: dead.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'max' }),
        description: 'an alert reached none of its subscriber: check the subscription, then read the queue',
        threshold: 1,
      },
    )
    return dead
  }

  private subscription(id: string, subscriber: Subscriber, props: SubscriptionProps): ITopicSubscription {
    const { protocol, endpoint } = subscriber
    if (protocol === 'email') return new EmailSubscription(endpoint, props)
    if (protocol === 'https') return new UrlSubscription(endpoint, props)
    const queue = Queue.fromQueueArn(this, id, endpoint)
    return new SqsSubscription(queue, { ...props, rawMessageDelivery: true })
  }
}
