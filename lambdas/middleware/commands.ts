import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { PublishCommand } from '@aws-sdk/client-iot-data-plane'
import { dynamoCommandBook } from '../../src/adapters/aws/dynamo/dynamo-command-book.ts'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import type { IotData } from '../../src/adapters/aws/iot/iot-data.ts'
import { createCommandDesk, type CommandDeskPorts, type DurableCommandDesk } from '../../src/pipeline/devices/command-desk.ts' // prettier-ignore
import { actuatorOf } from '../../src/core/device/profile.ts'
import type { Configuration } from '../../src/pipeline/configuration.ts'
import type { Audit } from '../../src/ports/audit.ts'
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

export interface OwnCommandParts extends Omit<CommandParts, 'device' | 'actuator' | 'audit'> {
  audit: Audit
  configuration(): Promise<Configuration> | Configuration
}

/** The same for what the pipeline and the jobs command, with the registry as their configuration has it; audited before it is done. */
export function ownCommands({ configuration, audit, ...parts }: OwnCommandParts): Pick<DurableCommandDesk, 'accept' | 'sweep'> {
  const profileOf = async (thing: string) => (await configuration()).profile(thing, parts.clock.now())
  const desk = awsCommands({
    ...parts,
    audit,
    device: async (thing) => (await profileOf(thing))?.device ?? null,
    actuator: async ({ thing }, name) => actuatorOf((await profileOf(thing))?.type ?? null, name),
  })
  return {
    accept: async (commands) => {
      try {
        await desk.accept(commands)
      } finally {
        await audit.flush()
      }
    },
    sweep: async () => {
      try {
        await desk.sweep()
      } finally {
        await audit.flush()
      }
    },
  }
} // prettier-ignore
