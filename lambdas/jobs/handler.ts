import { randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client } from '@aws-sdk/client-s3'
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime'
import { SNSClient } from '@aws-sdk/client-sns'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoAudit } from '../../src/adapters/aws/dynamo/dynamo-audit.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoFacts } from '../../src/adapters/aws/dynamo/dynamo-facts.ts'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import { dynamoRepairBound } from '../../src/adapters/aws/dynamo/dynamo-repair-bound.ts'
import { hotQueryReader } from '../../src/adapters/aws/hot/hot-query.ts'
import { passedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { kinesisOutput } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { snsNotifier } from '../../src/adapters/aws/sns-notifier.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { dynamoJobLedger } from '../../src/adapters/aws/trades/dynamo-job-ledger.ts'
import { dynamoWorkOrders } from '../../src/adapters/aws/trades/dynamo-work-orders.ts'
import { s3ModelRegistry } from '../../src/adapters/aws/trades/s3-model-registry.ts'
import { httpWeather } from '../../src/adapters/portable/http-weather.ts'
import { machineWatch } from '../../src/pipeline/machine-watch.ts'
import { tradePipelines } from '../../src/pipeline/trades.ts'
import { windowHours } from '../../src/pipeline/window-hours.ts'
import type { Weather } from '../../src/ports/weather.ts'
import { ownCommands } from '../middleware/commands.ts'
import { currentConfiguration } from '../middleware/current-configuration.ts'
import { observed } from '../middleware/observed.ts'
import { iotSetPoints } from '../middleware/shadow-set-points.ts'
import { STORE } from '../store/store-effects.ts'
import { parseEnv } from './env.ts'
import { modelHostOf } from './model-host.ts'
import { refoldLate } from './refold-late.ts'
import { runMinute } from './run-minute.ts'
import { foldedUntil, storeCaughtUp } from './store-passed.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const kinesis = new KinesisClient()
const sns = new SNSClient()
const clock = systemClock()
const config = dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock)
const configuration = currentConfiguration(config, clock)
const facts = dynamoFacts(dynamo, env.FACTS_TABLE)
const telemetry = { ...hotQueryReader(new LambdaClient(), env.HOTQUERY_FUNCTION), facts: facts.facts }
const things = new IoTDataPlaneClient()
const commands = ownCommands({
  dynamo,
  data: things,
  commandsTable: env.COMMANDS_TABLE,
  presenceTable: env.PRESENCE_TABLE,
  clock,
  audit: dynamoAudit(dynamo, env.AUDIT_TABLE, randomUUID().slice(0, 8), clock),
  configuration,
})
const { fleet } = tradePipelines()
const noWeather: Weather = { forecast: async () => ({ source: 'none', stale: false, hours: [] }) }
const weather = env.WEATHER_URL === '' ? noWeather : httpWeather({ url: env.WEATHER_URL, clock, fallback: noWeather }) // prettier-ignore
const registry = s3ModelRegistry({ s3: new S3Client(), bucket: env.LAKE_BUCKET, dynamo, table: env.CONFIG_TABLE }) // prettier-ignore
const models = modelHostOf(env.MODEL_ENDPOINT, registry, () => new SageMakerRuntimeClient())
const store = {
  kinesis,
  passed: passedBarriers(dynamo, env.PROGRESS_TABLE),
  tradeStreams: env.TRADE_STREAMS,
  outputStream: env.OUTPUT_STREAM,
  parallelization: env.PARALLELIZATION,
  now: clock.now,
  patienceMs: 30_000,
}

/** Every minute does what is done by the clock on closed minutes. Idempotent by (job, minute): a run that died is made up for. */
export const handler = observed(({ logger }) => async (): Promise<void> => {
  const current = await configuration()
  const deviceOf = (thing: string) => current.profile(thing, clock.now())?.device
  const done = await runMinute({
    sources: {
      reader: telemetry,
      alarms: dynamoAlarmBook(dynamo, env.ALARM_TABLE),
      configuration: current,
      orders: dynamoWorkOrders(dynamo, env.WORK_ORDERS_TABLE),
      weather,
      models,
      machines: machineWatch({ ...telemetry, hours: windowHours(telemetry) }),
    },
    ledger: dynamoJobLedger(dynamo, env.PROGRESS_TABLE),
    marks: dynamoMarkBook(dynamo, env.MARKS_TABLE),
    bound: dynamoRepairBound(dynamo, env.PROGRESS_TABLE),
    output: kinesisOutput(kinesis, env.OUTPUT_STREAM, () => {}),
    facts,
    alarmBook: dynamoAlarmBook(dynamo, env.ALARM_TABLE),
    notifier: snsNotifier({
      sns,
      topicArn: env.ALERT_TOPIC,
      about: (thing) => {
        const device = deviceOf(thing)
        return {
          ...(device && { trade: device.trade }),
          ...(device?.site !== undefined && { site: device.site }),
        }
      },
    }),
    commands,
    setPoints: iotSetPoints(things, clock),
    config,
    clock,
    foldedUntil: async () => foldedUntil(store),
    storeCaughtUp: async () => storeCaughtUp(store, STORE),
    afterRepair: async (now) =>
      refoldLate({ dynamo, stateTable: env.STATE_TABLE, pipeline: fleet, telemetry, write: facts.write, configuration: current }, now), // prettier-ignore
    warn: (message, error) => logger.warn(message, error as Error),
  })
  try {
    await commands.sweep()
  } catch (error) {
    logger.warn('overdue commands could not be ended; the next minute does', error as Error)
  }
  logger.info('minute done', { ...done })
})
