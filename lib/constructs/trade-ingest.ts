import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnTopicRule } from 'aws-cdk-lib/aws-iot'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import type { Streams, TradeName } from '../deployment.ts'
import { putRecordAction } from '../emulator.ts'
import { MINUTE, raiseAlarm, type Operations } from './operations.ts'
import { TelemetryStream } from './telemetry-stream.ts'

/** The raw record, DESIGN section 3: the untouched payload in base64, and what the broker knows about it. */
const SELECT =
  "SELECT encode(*, 'base64') AS data, topic() AS topic, clientid() AS client, timestamp() AS receivedAt"

export interface TradeIngestProps {
  trade: TradeName
  streams: Streams
  failures: IBucket
  /** Whether to do without what an emulator lacks. */
  emulated: boolean
  ops: Operations
}

/** One trade's way in: its rules, its stream with the one fan-out consumer, and where a failed action keeps the record. */
export class TradeIngest extends Construct {
  readonly telemetry: TelemetryStream

  constructor(scope: Construct, id: string, props: TradeIngestProps) {
    super(scope, id)
    const { trade, failures, ops } = props
    this.telemetry = new TelemetryStream(this, 'Telemetry', {
      streams: props.streams,
      ops,
      fanOut: !props.emulated,
      removalPolicy: ops.removalPolicy,
    })
    const role = new Role(this, 'RuleRole', { assumedBy: new ServicePrincipal('iot.amazonaws.com') })
    role.addToPolicy(
      new PolicyStatement({ actions: ['kinesis:PutRecord'], resources: [this.telemetry.stream.streamArn] }),
    )
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [failures.arnForObjects(`rule/${trade}/*`)],
      }),
    )

    const action = (partitionKey: string): CfnTopicRule.ActionProperty => ({
      kinesis: { streamName: this.telemetry.stream.streamName, partitionKey, roleArn: role.roleArn },
    })
    const standIn = props.emulated ? putRecordAction(this, this.telemetry.stream, ops) : null
    const rule = (ruleId: string, ruleName: string, from: string, partitionKey: string) => {
      const made = new CfnTopicRule(this, ruleId, {
        // The name is part of the topic that devices publish to (Basic Ingest).
        ruleName,
        topicRulePayload: {
          description: `Telltale ${trade}: every message of ${from}, untouched and in the order of its device`,
          sql: `${SELECT} FROM '${from}'`,
          awsIotSqlVersion: '2016-03-23',
          actions: [standIn ?? action(partitionKey)],
          errorAction: {
            s3: {
              bucketName: failures.bucketName,
              key: `rule/${trade}/\${parse_time("yyyy/MM/dd/HH", timestamp())}/\${newuuid()}.json`,
              roleArn: role.roleArn,
            },
          },
        },
      })
      // AWS: a rule may be made before its role's policy is there, and then refuses it.
      made.node.addDependency(role)
      for (const metricName of ['RuleMessageThrottled', 'ErrorActionFailure'])
        raiseAlarm(this, `${ruleId}${metricName}`, ops, {
          metric: new Metric({
            namespace: 'AWS/IoT',
            metricName,
            dimensionsMap: { RuleName: ruleName },
            period: MINUTE,
            statistic: 'sum',
          }),
          description: `rule ${ruleName} lost messages: raise the IoT rule quotas (telltale doctor --aws)`,
          threshold: 1,
        })
      raiseAlarm(this, `${ruleId}Failed`, ops, {
        metric: new Metric({
          namespace: 'AWS/IoT',
          metricName: 'Failure',
          dimensionsMap: { RuleName: ruleName, ActionType: 'Kinesis' },
          period: MINUTE,
          statistic: 'sum',
        }),
        description: `rule ${ruleName} could not reach its stream: its records lie in the failure bucket, redrive them`,
        threshold: 1,
      })
    }
    rule('Rule', `telltale_${trade}`, `dt/${trade}/+/#`, '${topic(3)}')
    rule('SparkplugRule', `telltale_${trade}_sparkplug`, `spBv1.0/${trade}/+/+/#`, '${topic(4)}')
  }
}
