import { Duration, Stack } from 'aws-cdk-lib'
import type { CfnTopicRule } from 'aws-cdk-lib/aws-iot'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { Env as PutRecordEnv } from '../lambdas/put-record/env.ts'
import { putRecords } from './constructs/grants.ts'
import { NodeFunction } from './constructs/node-function.ts'
import type { Operations } from './constructs/operations.ts'

export interface Difference {
  /** Stacks where it shows, by their name without the prefix. */
  stack: string
  /** Logical ids, or the beginning of them, of resources that only AWS has. */
  without?: readonly string[]
  /** The same for resources that only the emulator has. */
  with?: readonly string[]
  /** The same for resources that both have, with properties that differ. */
  changed?: Readonly<Record<string, readonly string[]>>
  why: string
}

/** All that the template for an emulator may change. A test compares both templates, resource by resource. */
export const emulatorDifferences: readonly Difference[] = [
  ...['ingest', 'pipeline', 'api'].map((stack) => ({
    stack,
    changed: { '': ['Code.S3Key'] },
    why: 'the runtime has no AWS SDK, so functions carry it',
  })),
  {
    stack: 'storage',
    without: [
      'HotStoreNetwork',
      'HotStoreInstance',
      'HotStoreAdmin',
      'HotStoreTokenFunction',
      'HotStoreTokenReady',
      'HotStoreDiskUtilization',
      'HotStoreCPUUtilization',
      'HotStoreMemoryUtilization',
    ],
    changed: { HotStoreToken: ['Description'] },
    why: 'there is no Timestream: an InfluxDB that runs already is used, whose token the test puts into the secret',
  },
  {
    stack: 'ingest',
    without: ['PlantTelemetryConsumer', 'FleetTelemetryConsumer', 'BuildingTelemetryConsumer'],
    why: 'there are no enhanced fan-out consumers',
  },
  {
    stack: 'ingest',
    with: ['PlantPutRecord', 'FleetPutRecord', 'BuildingPutRecord'],
    changed: {
      PlantRule: ['TopicRulePayload.Actions'],
      PlantSparkplugRule: ['TopicRulePayload.Actions'],
      FleetRule: ['TopicRulePayload.Actions'],
      FleetSparkplugRule: ['TopicRulePayload.Actions'],
      BuildingRule: ['TopicRulePayload.Actions'],
      BuildingSparkplugRule: ['TopicRulePayload.Actions'],
    },
    why: 'rules have no Kinesis action: a function puts the record instead',
  },
  {
    stack: 'pipeline',
    changed: {
      PlantFunction: ['EventSourceArn', 'PolicyDocument.Statement'],
      FleetFunction: ['EventSourceArn', 'PolicyDocument.Statement'],
      BuildingFunction: ['EventSourceArn', 'PolicyDocument.Statement'],
    },
    why: 'without a consumer the mapping reads the stream itself',
  },
  {
    stack: 'pipeline',
    changed: {
      OutputStore: ['VpcConfig', 'Environment.Variables', 'PolicyDocument.Statement'],
      HotQuery: ['VpcConfig', 'Environment.Variables', 'PolicyDocument.Statement'],
      ErasureHot: ['VpcConfig', 'Environment.Variables', 'PolicyDocument.Statement'],
    },
    why: 'the hot store is not in a network of its own',
  },
  {
    stack: 'pipeline',
    without: ['Models'],
    changed: { Jobs: ['PolicyDocument.Statement', 'Environment.Variables.MODEL_ENDPOINT'] },
    why: 'there is no SageMaker: the jobs function scores by itself, as it does on AWS unless told otherwise',
  },
  {
    stack: 'observability',
    without: ['PlantCostly', 'FleetCostly', 'BuildingCostly'],
    why: 'an alarm cannot be on a metric that is computed',
  },
  {
    stack: 'api',
    without: ['RestFirewall'],
    why: 'a firewall cannot be tied to an API',
  },
  {
    stack: 'page',
    without: [''],
    why: 'the page is the same files as on the box; its host is of no use here',
  },
  {
    stack: 'storage',
    changed: { AccessLogsPolicy: ['PolicyDocument.Statement'] },
    why: 'without the page its bucket logs nothing',
  },
]

/** The action of a rule that reaches the stream through a function. */
export function putRecordAction(
  scope: Construct,
  stream: IStream,
  ops: Operations,
): CfnTopicRule.ActionProperty {
  const fn = new NodeFunction<PutRecordEnv>(scope, 'PutRecord', {
    name: 'put-record',
    description: 'Stands in for the Kinesis action of a rule on an emulator',
    memoryMiB: 256,
    timeout: Duration.seconds(10),
    ops,
    env: { STREAM: stream.streamName },
  })
  putRecords(fn, [stream])
  new CfnPermission(fn, 'Rule', {
    action: 'lambda:InvokeFunction',
    principal: 'iot.amazonaws.com',
    functionName: fn.lambda.functionArn,
    sourceAccount: Stack.of(scope).account,
  })
  return { lambda: { functionArn: fn.lambda.functionArn } }
}
