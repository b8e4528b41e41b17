import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { toItem, type Dynamo } from '../../src/adapters/aws/dynamo/item.ts'

export interface PresenceParts {
  dynamo: Dynamo
  presenceTable: string
  registryTable: string
  /** What IoT Core says now. */
  connectivity(thing: string): Promise<{
    connected?: boolean | undefined
    timestamp?: Date | undefined
    disconnectReason?: string | undefined
  }>
}

/**
 * Settles one lifecycle event. AWS sends these out of order and twice, their version numbers may skip and start anew:
 * so an event only says whom to ask about, and the answer is stored unless a newer one is. Gives the thing if it is
 * connected.
 */
export function presenceOf({ dynamo, presenceTable, registryTable, connectivity }: PresenceParts) {
  return async (body: string): Promise<string | null> => {
    const { clientId } = JSON.parse(body) as { clientId?: unknown }
    if (typeof clientId !== 'string' || clientId === '') return null
    const { Item: device } = await dynamo.send(
      new GetItemCommand({ TableName: registryTable, Key: { thing: { S: clientId } } }),
    )
    if (!device) return null // a claim, or a person with a client
    const { connected = false, timestamp, disconnectReason } = await connectivity(clientId)
    const at = timestamp?.getTime() ?? 0
    try {
      await dynamo.send(
        new PutItemCommand({
          TableName: presenceTable,
          Item: toItem({
            thing: clientId,
            connected,
            at,
            reason: connected ? null : (disconnectReason ?? null),
          }),
          ConditionExpression: 'attribute_not_exists(thing) OR #a <= :a',
          ExpressionAttributeNames: { '#a': 'at' },
          ExpressionAttributeValues: { ':a': { N: String(at) } },
        }),
      )
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error
    }
    return connected ? clientId : null
  }
}
