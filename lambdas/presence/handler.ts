import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { GetThingConnectivityDataCommand, IoTClient } from '@aws-sdk/client-iot'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { presenceOf } from './presence-of.ts'

const env = parseEnv(process.env)
const iot = new IoTClient()
const settle = presenceOf({
  dynamo: new DynamoDBClient(),
  presenceTable: env.PRESENCE_TABLE,
  registryTable: env.REGISTRY_TABLE,
  connectivity: async (thing) => iot.send(new GetThingConnectivityDataCommand({ thingName: thing })),
})

/** Connects and disconnects, after the dust has settled: what counts is how things stand now. */
export const handler = observed(({ logger }) => async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  const failed: { itemIdentifier: string }[] = []
  for (const { messageId, body } of Records)
    try {
      await settle(body)
    } catch (error) {
      logger.warn('a connection event comes again', error as Error)
      failed.push({ itemIdentifier: messageId })
    }
  return { batchItemFailures: failed }
})
