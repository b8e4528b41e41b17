import { Duration, Stack, Validations } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnTopicRule } from 'aws-cdk-lib/aws-iot'
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Queue, QueueEncryption, type IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Env as PresenceEnv } from '../../lambdas/presence/env.ts'
import { publishCommands, useTable } from './grants.ts'
import { NodeFunction } from './node-function.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'

export interface PresenceProps {
  presence: ITableV2
  registry: ITableV2
  commands: ITableV2
  trades: readonly string[]
  failures: IBucket
  ops: Operations
}

/**
 * Connects and disconnects of devices. AWS sends them out of order and twice, and a reconnect under the same client id
 * sends its disconnect after its connect: so each waits in a queue before the function asks whether it still holds.
 */
export class Presence extends Construct {
  readonly events: IQueue

  constructor(scope: Construct, id: string, props: PresenceProps) {
    super(scope, id)
    const { ops } = props
    const dead = new Queue(this, 'Dead', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const queue = new Queue(this, 'Events', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deliveryDelay: Duration.seconds(5),
      // AWS: at least six times the function's timeout.
      visibilityTimeout: Duration.seconds(180),
      deadLetterQueue: { queue: dead, maxReceiveCount: 5 },
    })
    this.events = queue
    this.rule(
      'Rule',
      queue,
      props,
      'connects and disconnects of devices',
      "SELECT * FROM '$aws/events/presence/+/+'",
    )
    this.rule(
      'AnswerRule',
      queue,
      props,
      'answers to commands',
      "SELECT encode(*, 'base64') AS data, topic() AS topic FROM 'cmd/+/+/+/response'",
    )
    const fn = new NodeFunction<PresenceEnv>(this, 'Function', {
      name: 'presence',
      description:
        'Who is connected, after the dust has settled; sends what waits, takes answers to commands',
      memoryMiB: 256,
      timeout: Duration.seconds(30),
      ops,
      env: {
        PRESENCE_TABLE: props.presence.tableName,
        REGISTRY_TABLE: props.registry.tableName,
        COMMANDS_TABLE: props.commands.tableName,
      },
    })
    fn.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [props.presence.tableArn])
    fn.allow(['dynamodb:GetItem'], [props.registry.tableArn])
    useTable(fn, props.commands, 'query', 'put', 'delete')
    publishCommands(fn, props.trades)
    const things = Stack.of(this).formatArn({ service: 'iot', resource: 'thing', resourceName: '*' })
    fn.allow(['iot:GetThingConnectivityData'], [things])
    fn.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn])
    const mapping = new EventSourceMapping(fn, 'Events', {
      target: fn.lambda,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: 10,
    })
    mapping.node.addDependency(fn.role)
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason:
        'a queue’s failures go to its dead letter queue; its event source mapping has no other destination',
    })
    Validations.of(dead).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'this is the dead letter queue',
    })
    raiseAlarm(this, 'DeadLetters', ops, {
      metric: dead.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: 'max' }),
      description:
        'connection events could not be handled: start a redrive of this queue once the cause is gone',
      threshold: 1,
    })
  }

  private rule(id: string, queue: Queue, { failures, ops }: PresenceProps, about: string, sql: string): void {
    const role = new Role(this, `${id}Role`, { assumedBy: new ServicePrincipal('iot.amazonaws.com') })
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }))
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [failures.arnForObjects('rule/presence/*')],
      }),
    )
    const rule = new CfnTopicRule(this, id, {
      topicRulePayload: {
        description: `Telltale: ${about}`,
        sql,
        awsIotSqlVersion: '2016-03-23',
        actions: [{ sqs: { queueUrl: queue.queueUrl, roleArn: role.roleArn, useBase64: false } }],
        errorAction: {
          s3: {
            bucketName: failures.bucketName,
            key: 'rule/presence/${parse_time("yyyy/MM/dd/HH", timestamp())}/${newuuid()}.json',
            roleArn: role.roleArn,
          },
        },
      },
    })
    rule.node.addDependency(role)
    for (const metricName of ['Failure', 'ErrorActionFailure'])
      raiseAlarm(this, `${id}${metricName}`, ops, {
        metric: new Metric({
          namespace: 'AWS/IoT',
          metricName,
          dimensionsMap: { RuleName: rule.ref, ActionType: metricName === 'Failure' ? 'Sqs' : 'S3' },
          period: MINUTE,
          statistic: 'sum',
        }),
        description:
          'connection events do not reach their queue: they lie in the failure bucket under rule/presence, redrive them',
        threshold: 1,
      })
  }
}
