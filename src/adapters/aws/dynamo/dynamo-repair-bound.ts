import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { RepairBound } from '../../../ports/mark-book.ts'
import { isConflict, number, toItem, type Dynamo } from './item.ts'

const KEY = toItem({ name: 'repair', minute: 'bound' })

/** How far repair has come, one item in the table of progress. */
export function dynamoRepairBound(dynamo: Dynamo, table: string): RepairBound {
  return {
    get: async () => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: table, Key: KEY, ConsistentRead: true }),
      )
      return item ? number(item, 'value') : 0
    },
    raise: async (minute) => {
      try {
        await dynamo.send(
          new UpdateItemCommand({
            TableName: table,
            Key: KEY,
            UpdateExpression: 'SET #v = :v',
            ConditionExpression: 'attribute_not_exists(#v) OR #v < :v',
            ExpressionAttributeNames: { '#v': 'value' },
            ExpressionAttributeValues: { ':v': { N: String(minute) } },
          }),
        )
      } catch (error) {
        if (!isConflict(error)) throw error // it is as high already
      }
    },
  }
}
