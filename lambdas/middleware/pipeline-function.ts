import { randomUUID } from 'node:crypto'
import { MetricUnit } from '@aws-lambda-powertools/metrics'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { SNSClient } from '@aws-sdk/client-sns'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoQuarantineWriter } from '../../src/adapters/aws/dynamo/dynamo-quarantine.ts'
import { dynamoStateStore } from '../../src/adapters/aws/dynamo/dynamo-state-store.ts'
import { iotPublish } from '../../src/adapters/aws/iot/iot-data.ts'
import { passedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { kinesisOutput } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { snsNotifier } from '../../src/adapters/aws/sns-notifier.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import type { DeviceState } from '../../src/core/telemetry/device-state.ts'
import type { Layout } from '../../src/core/telemetry/layout.ts'
import type { Trade } from '../../src/core/telemetry/reading.ts'
import { createRequestDesk, type Answerer } from '../../src/pipeline/devices/request-desk.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { ownCommands } from './commands.ts'
import { currentConfiguration } from './current-configuration.ts'
import { observed } from './observed.ts'
import type { pipelineVariables } from './pipeline-variables.ts'
import { pipelineHandler } from './pipeline.ts'
import type { Parsed } from './variables.ts'

const DAY_MS = 86_400_000

/** What a trade answers its devices, given where to look up their state. */
export type AnswerersOf = (parts: {
  state(thing: string): Promise<DeviceState>
  layout: Layout
  clock: Clock
}) => Readonly<Record<string, Answerer>>

/** The function of one trade, wired to AWS. */
export function pipelineFunction(
  trade: Trade,
  env: Parsed<typeof pipelineVariables>,
  answerersOf: AnswerersOf = () => ({}),
) {
  const dynamo = new DynamoDBClient()
  const sns = new SNSClient()
  const clock = systemClock()
  const pipelines = tradePipelines()
  const data = new IoTDataPlaneClient()
  const publish = iotPublish(data)
  const audit = dynamoAudit(dynamo, env.AUDIT_TABLE, randomUUID().slice(0, 8), clock)
  const { layout } = pipelines[trade]
  const states = dynamoStateStore({
    dynamo,
    stateTable: env.STATE_TABLE,
    birthsTable: env.BIRTHS_TABLE,
    layouts: Object.values(pipelines).map((pipeline) => pipeline.layout),
    fresh: layout,
  })
  const state = async (thing: string): Promise<DeviceState> => (await states.load([thing]))[0]!
  const answerers = answerersOf({ state, layout, clock })
  return observed(({ logger, metrics, tracer }) => {
    tracer.captureAWSv3Client(dynamo)
    return pipelineHandler({
      pipelines,
      configuration: currentConfiguration(dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock), clock),
      states,
      output: kinesisOutput(
        new KinesisClient(),
        env.OUTPUT_STREAM,
        dynamoQuarantineWriter(dynamo, env.QUARANTINE_TABLE, env.QUARANTINE_DAYS),
      ),
      alarmBook: dynamoAlarmBook(dynamo, env.ALARM_TABLE),
      notifier: (config) =>
        snsNotifier({
          sns,
          topicArn: env.ALERT_TOPIC,
          about: (thing) => {
            const device = config.profile(thing, clock.now())?.device
            return { trade, ...(device?.site !== undefined && { site: device.site }) }
          },
        }),
      commands: (config) =>
        ownCommands({
          dynamo,
          data,
          commandsTable: env.COMMANDS_TABLE,
          presenceTable: env.PRESENCE_TABLE,
          clock,
          audit,
          configuration: () => config,
        }),
      requests: (commands) => createRequestDesk({ answerers, commands, clock }),
      publish,
      passed: passedBarriers(dynamo, env.PROGRESS_TABLE).note,
      trade,
      hotMs: env.HOT_DAYS * DAY_MS,
      clock,
      count: (name, value) =>
        metrics.addMetric(name, name === 'AlarmLatency' ? MetricUnit.Milliseconds : MetricUnit.Count, value),
      warn: (message, error) => logger.warn(message, error as Error),
    })
  })
}
