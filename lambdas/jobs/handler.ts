import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { SNSClient } from '@aws-sdk/client-sns'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { dynamoMarkBook } from '../../src/adapters/aws/dynamo/dynamo-mark-book.ts'
import { hotQueryReader } from '../../src/adapters/aws/hot/hot-query.ts'
import { kinesisOutput } from '../../src/adapters/aws/kinesis/kinesis-output.ts'
import { snsNotifier } from '../../src/adapters/aws/sns-notifier.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { repair } from '../../src/pipeline/jobs/repair.ts'
import { currentConfiguration } from '../middleware/current-configuration.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { tellUntold } from './tell-untold.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const sns = new SNSClient()
const clock = systemClock()
const configuration = currentConfiguration(dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock), clock)
const alarmBook = dynamoAlarmBook(dynamo, env.ALARM_TABLE)
const repairPorts = {
  marks: dynamoMarkBook(dynamo, env.MARKS_TABLE),
  telemetry: hotQueryReader(new LambdaClient(), env.HOTQUERY_FUNCTION),
  output: kinesisOutput(new KinesisClient(), env.OUTPUT_STREAM, () => {}),
}
/** Minutes that one run repairs; a minute later comes the next. */
const REPAIRS_A_RUN = 20_000

/** What is done by the clock. A job that this release does not have is said, not failed: its schedule may be newer. */
export const handler = observed(
  ({ logger }) =>
    async ({ job, scheduledAt }: { job: string; scheduledAt: string }) => {
      const now = Date.parse(scheduledAt)
      if (job === 'repair') {
        const config = await configuration()
        const notifier = snsNotifier({
          sns,
          topicArn: env.ALERT_TOPIC,
          about: (thing) => {
            const device = config.profile(thing, now)?.device
            return {
              ...(device && { trade: device.trade }),
              ...(device?.site !== undefined && { site: device.site }),
            }
          },
        })
        const told = await tellUntold(alarmBook, notifier, now)
        logger.info('repaired', { minutes: await repair(repairPorts, now, REPAIRS_A_RUN), told })
      } else logger.info('nothing to do for this job', { job })
    },
)
