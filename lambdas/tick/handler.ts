import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { S3Client } from '@aws-sdk/client-s3'
import { SNSClient } from '@aws-sdk/client-sns'
import { dynamoAlarmBook } from '../../src/adapters/aws/dynamo/dynamo-alarm-book.ts'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { number, text } from '../../src/adapters/aws/dynamo/item.ts'
import { scanAll } from '../../src/adapters/aws/dynamo/read-all.ts'
import { BARRIERS_A_LANE, putBarriers } from '../../src/adapters/aws/kinesis/barrier.ts'
import { passedBarriers } from '../../src/adapters/aws/kinesis/barrier-passed.ts'
import { rawStream } from '../../src/adapters/aws/kinesis/raw-stream.ts'
import { lakeFiles } from '../../src/adapters/aws/lake/lake-files.ts'
import { snsNotifier } from '../../src/adapters/aws/sns-notifier.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import type { Transition } from '../../src/core/alarm/transition.ts'
import { receiptOf } from '../../src/core/telemetry/device-state.ts'
import { devicePlace } from '../../src/pipeline/device-place.ts'
import { foldedUntil } from '../jobs/store-passed.ts'
import { currentConfiguration } from '../middleware/current-configuration.ts'
import { observed } from '../middleware/observed.ts'
import { PRESENCE_SNAPSHOT, type KnownLink } from '../middleware/presence-snapshot.ts'
import { parseEnv } from './env.ts'
import { presenceMinute, type Sighting } from './presence-minute.ts'
import { sweep } from './sweep.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const kinesis = new KinesisClient()
const files = lakeFiles(new S3Client(), env.LAKE_BUCKET)
const sns = new SNSClient()
const clock = systemClock()
const alarmBook = dynamoAlarmBook(dynamo, env.ALARM_TABLE)
const configuration = currentConfiguration(dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock), clock)
const passed = passedBarriers(dynamo, env.PROGRESS_TABLE)
/** A pipeline that is further behind than this would make everybody look silent. */
const LAG_MS = 150_000

/**
 * Every minute puts a tick for each device that needs one into its trade's stream, behind the data that is there, and
 * looks who is there by the same states.
 */
export const handler = observed(({ logger }) => {
  let sightings = new Map<string, Sighting>()
  const tick = sweep({
    dynamo,
    stateTable: env.STATE_TABLE,
    configuration,
    put: async (trade, messages, keyOf) => {
      const stream = env.TRADE_STREAMS.get(trade)
      if (stream !== undefined) await rawStream(kinesis, stream)(messages, keyOf)
    },
    seen: (state) => void sightings.set(state.thing, { receivedAt: receiptOf(state), place: devicePlace(state) }),
  })

  async function deliver(transitions: readonly Transition[]): Promise<void> {
    const config = await configuration()
    const about = (thing: string) => {
      const device = config.profile(thing, clock.now())?.device
      return { ...(device && { trade: device.trade }), ...(device?.site !== undefined && { site: device.site }) }
    }
    const notifier = snsNotifier({ sns, topicArn: env.ALERT_TOPIC, about })
    for (const transition of await alarmBook.apply(transitions, clock.now(), () => true)) {
      await notifier.notify(transition)
      await alarmBook.told([transition.id])
    }
  }

  async function links(): Promise<KnownLink[]> {
    const found: KnownLink[] = []
    for await (const item of scanAll(dynamo, { TableName: env.PRESENCE_TABLE }))
      found.push({ thing: text(item, 'thing'), connected: item['connected']?.BOOL === true, at: number(item, 'at') })
    return found
  }

  return async (): Promise<void> => {
    const now = clock.now()
    sightings = new Map()
    const ticks = await tick(now)
    // Behind the ticks: whoever has passed these has closed the minute.
    for (const stream of env.TRADE_STREAMS.values())
      await putBarriers(kinesis, stream, now, env.PARALLELIZATION * BARRIERS_A_LANE)
    const folded = await foldedUntil({ kinesis, passed, tradeStreams: env.TRADE_STREAMS, parallelization: env.PARALLELIZATION })
    const looked = folded > now - LAG_MS
    if (looked)
      await presenceMinute({ load: async () => files.find(PRESENCE_SNAPSHOT), save: async (bytes) => files.put(PRESENCE_SNAPSHOT, bytes), links, alarms: alarmBook, configuration: await configuration(), deliver }, sightings, now)
    logger.info('swept', { ticks, looked })
  }
}) // prettier-ignore
