import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { dynamoConfigStore } from '../../src/adapters/aws/dynamo/dynamo-config-store.ts'
import { BARRIERS_A_LANE, putBarriers } from '../../src/adapters/aws/kinesis/barrier.ts'
import { rawStream } from '../../src/adapters/aws/kinesis/raw-stream.ts'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import { currentConfiguration } from '../middleware/current-configuration.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { sweep } from './sweep.ts'

const env = parseEnv(process.env)
const dynamo = new DynamoDBClient()
const kinesis = new KinesisClient()
const clock = systemClock()

/** Every minute puts a tick for each device that needs one into its trade's stream, behind the data that is there. */
export const handler = observed(({ logger }) => {
  const tick = sweep({
    dynamo,
    stateTable: env.STATE_TABLE,
    configuration: currentConfiguration(dynamoConfigStore(dynamo, env.CONFIG_TABLE, clock), clock),
    put: async (trade, messages, keyOf) => {
      const stream = env.TRADE_STREAMS.get(trade)
      if (stream !== undefined) await rawStream(kinesis, stream)(messages, keyOf)
    },
  })
  return async (): Promise<void> => {
    const now = clock.now()
    const ticks = await tick(now)
    // Behind the ticks: whoever has passed these has closed the minute.
    for (const stream of env.TRADE_STREAMS.values())
      await putBarriers(kinesis, stream, now, env.PARALLELIZATION * BARRIERS_A_LANE)
    logger.info('swept', { ticks })
  }
})
