import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { PublishCommand, type IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import type { Command } from '../../../core/alarm/transition.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { CommandDesk } from '../../../ports/command-desk.ts'
import { isConflict, toItem, type Dynamo, type Item } from '../dynamo/item.ts'

export type IotData = Pick<IoTDataPlaneClient, 'send'>

/** Publishes to devices through IoT Core's data plane, QoS 1. */
export const iotPublish =
  (iot: IotData) =>
  async (topic: string, payload: Uint8Array): Promise<void> => {
    await iot.send(new PublishCommand({ topic, payload, qos: 1 }))
  }

export interface IotCommandDeskOptions {
  dynamo: Dynamo
  /** The alarm book's table: commands are kept beside alarms, under their device. */
  table: string
  publish(topic: string, payload: Uint8Array): Promise<void>
  tradeOf(thing: string): string | undefined
  clock: Pick<Clock, 'now'>
}

/** Takes each command once: one that must not run twice is marked before it is published, any other after. */
export function iotCommandDesk({
  dynamo,
  table,
  publish,
  tradeOf,
  clock,
}: IotCommandDeskOptions): CommandDesk {
  const keyOf = ({ id, thing }: Command): Item =>
    toItem({ alarm: `command/${thing}`, entry: `command#${id}` })

  /** False if it was there before. */
  async function mark(command: Command): Promise<boolean> {
    try {
      await dynamo.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...keyOf(command), ...toItem({ sentAt: clock.now(), name: command.name }) },
          ConditionExpression: 'attribute_not_exists(alarm)',
        }),
      )
      return true
    } catch (error) {
      if (isConflict(error)) return false
      throw error
    }
  }

  async function isMarked(command: Command): Promise<boolean> {
    const { Item: item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: keyOf(command), ConsistentRead: true }),
    )
    return item !== undefined
  }

  return {
    accept: async (commands) => {
      for (const command of commands) {
        const { id, thing, name, payload, expiresAt, atMostOnce } = command
        const trade = tradeOf(thing)
        if (trade === undefined || clock.now() >= expiresAt) continue
        if (atMostOnce ? !(await mark(command)) : await isMarked(command)) continue
        const body = Buffer.from(JSON.stringify({ id, expiresAt, payload }))
        await publish(`cmd/${trade}/${thing}/${name}/request`, body)
        if (!atMostOnce) await mark(command)
      }
    },
  }
}
