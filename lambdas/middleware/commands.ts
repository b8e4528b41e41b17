import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { PublishCommand } from '@aws-sdk/client-iot-data-plane'
import { dynamoCommandBook } from '../../src/adapters/aws/dynamo/dynamo-command-book.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import type { IotData } from '../../src/adapters/aws/iot/iot-command-desk.ts'
import { createCommandDesk, type CommandDeskPorts, type DurableCommandDesk } from '../../src/pipeline/devices/command-desk.ts' // prettier-ignore
import type { CommandBook } from '../../src/ports/command-book.ts'

export interface CommandParts extends Pick<CommandDeskPorts, 'clock' | 'audit' | 'device' | 'actuator'> {
  dynamo: Dynamo
  data: IotData
  commandsTable: string
  presenceTable: string
}

/** Commands that survive, on AWS: kept in DynamoDB, published by IoT Core's data plane while the device is connected. */
export function awsCommands(parts: CommandParts): DurableCommandDesk & Pick<CommandBook, 'get' | 'list'> {
  const { dynamo, data, commandsTable, presenceTable, ...ports } = parts
  const book = dynamoCommandBook(dynamo, commandsTable)
  const desk = createCommandDesk({
    ...ports,
    book,
    link: {
      publish: async (topic, payload, qos) => {
        await data.send(new PublishCommand({ topic, payload, qos }))
      },
    },
    // What waits is sent when the device connects.
    listens: async (thing) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: presenceTable, Key: { thing: { S: thing } }, ConsistentRead: true }),
      )
      return item?.['connected']?.BOOL === true
    },
  })
  return { ...desk, get: book.get, list: book.list }
}
