import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { GetThingConnectivityDataCommand, IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { systemClock } from '../../src/adapters/aws/system-clock.ts'
import type { Device } from '../../src/core/device/profile.ts'
import { awsCommands } from '../middleware/commands.ts'
import { observed } from '../middleware/observed.ts'
import { parseEnv } from './env.ts'
import { deviceEvent } from './device-event.ts'
import { presenceOf } from './presence-of.ts'

const env = parseEnv(process.env)
const iot = new IoTClient()
const dynamo = new DynamoDBClient()
const handle = deviceEvent({
  settle: presenceOf({
    dynamo,
    presenceTable: env.PRESENCE_TABLE,
    registryTable: env.REGISTRY_TABLE,
    connectivity: async (thing) => iot.send(new GetThingConnectivityDataCommand({ thingName: thing })),
  }),
  commands: awsCommands({
    dynamo,
    data: new IoTDataPlaneClient(),
    commandsTable: env.COMMANDS_TABLE,
    presenceTable: env.PRESENCE_TABLE,
    clock: systemClock(),
    device: async (thing) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: env.REGISTRY_TABLE, Key: { thing: { S: thing } } }),
      )
      return item ? (JSON.parse(item['device']?.S ?? 'null') as Device) : null
    },
    // Nothing is given here, only sent and answered, of which neither is audited.
    actuator: () => null,
    audit: { record: () => {} },
  }),
})

/** Connects and disconnects, after the dust has settled: what counts is how things stand now. And answers to commands. */
export const handler = observed(({ logger }) => async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  const failed: { itemIdentifier: string }[] = []
  for (const { messageId, body } of Records)
    try {
      await handle(body)
    } catch (error) {
      logger.warn('an event comes again', error as Error)
      failed.push({ itemIdentifier: messageId })
    }
  return { batchItemFailures: failed }
})
