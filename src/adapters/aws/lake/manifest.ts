import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { isConflict, number, text, toItem, type Dynamo } from '../dynamo/item.ts'

export interface PublishedDay {
  /** Rises with every publication. */
  generation: number
  /** Keys of the files that make up the day. */
  files: string[]
}

/** Which files make up a published day. */
export interface Manifest {
  get(table: string, day: string): Promise<PublishedDay | null>
  /** Shows the day as it is now, only if it still shows the given generation (0: none). */
  publish(table: string, day: string, published: PublishedDay, over: number): Promise<boolean>
}

export function dynamoManifest(dynamo: Dynamo, tableName: string): Manifest {
  return {
    get: async (table, day) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: tableName, Key: toItem({ table, day }), ConsistentRead: true }),
      )
      return item ? { generation: number(item, 'generation'), files: text(item, 'files').split('\n') } : null
    },
    publish: async (table, day, { generation, files }, over) => {
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: tableName,
            Item: toItem({ table, day, generation, files: files.join('\n') }),
            ConditionExpression: over === 0 ? 'attribute_not_exists(generation)' : 'generation = :g',
            ...(over > 0 && { ExpressionAttributeValues: { ':g': { N: String(over) } } }),
          }),
        )
        return true
      } catch (error) {
        if (isConflict(error)) return false
        throw error
      }
    },
  }
}
