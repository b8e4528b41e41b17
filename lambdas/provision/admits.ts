import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { text, type Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import type { Device } from '../../src/core/device/profile.ts'

/** The part of the hook's event (payload version 2020-04-01) that decides. */
export interface HookEvent {
  parameters?: Readonly<Record<string, string | undefined>>
}

/** Only a device that is registered, in this trade, not retired, and that speaks for itself. */
export async function admits(
  dynamo: Dynamo,
  table: string,
  { parameters = {} }: HookEvent,
): Promise<boolean> {
  const { Thing, Trade } = parameters
  if (Thing === undefined || Thing === '') return false
  const { Item: item } = await dynamo.send(
    new GetItemCommand({ TableName: table, Key: { thing: { S: Thing } }, ConsistentRead: true }),
  )
  if (!item) return false
  const device = JSON.parse(text(item, 'device')) as Device
  return device.trade === Trade && device.status !== 'retired' && device.gateway === undefined
}
