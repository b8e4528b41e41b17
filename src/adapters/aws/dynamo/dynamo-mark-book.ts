import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Mark, MarkBook } from '../../../ports/mark-book.ts'
import { inParallel } from '../back-off.ts'
import { isConflict, padded, text, toItem, type Dynamo } from './item.ts'
import { queryList, scanAll } from './read-all.ts'

const WRITES_AT_ONCE = 32

export interface DynamoMarkBook extends MarkBook {
  /** Marked minutes of one device within [from, to). */
  of(thing: string, from: number, to: number): Promise<number[]>
}

/** Dirty minutes in DynamoDB, one item each. */
export function dynamoMarkBook(dynamo: Dynamo, table: string): DynamoMarkBook {
  return {
    of: async (thing, from, to) => {
      const items = await queryList(dynamo, {
        TableName: table,
        KeyConditionExpression: 'thing = :t AND #m BETWEEN :f AND :u',
        ExpressionAttributeNames: { '#m': 'minute' },
        ExpressionAttributeValues: {
          ':t': { S: thing },
          ':f': { S: padded(from) },
          ':u': { S: padded(to - 1) },
        },
        ConsistentRead: true,
      })
      return items.map((item) => Number(text(item, 'minute')))
    },
    put: async (marks) =>
      inParallel(marks, WRITES_AT_ONCE, async ({ thing, minute, stamp }) => {
        await dynamo.send(
          new PutItemCommand({ TableName: table, Item: toItem({ thing, minute: padded(minute), stamp }) }),
        )
      }),
    before: async (at, limit) => {
      const marks: Mark[] = []
      const items = scanAll(dynamo, {
        TableName: table,
        FilterExpression: '#m < :m',
        ExpressionAttributeNames: { '#m': 'minute' },
        ExpressionAttributeValues: { ':m': { S: padded(Math.floor(at / 60_000)) } },
      })
      for await (const item of items) {
        marks.push({
          thing: text(item, 'thing'),
          minute: Number(text(item, 'minute')),
          stamp: text(item, 'stamp'),
        })
        if (marks.length === limit) break
      }
      return marks
    },
    remove: async ({ thing, minute, stamp }) => {
      try {
        await dynamo.send(
          new DeleteItemCommand({
            TableName: table,
            Key: toItem({ thing, minute: padded(minute) }),
            ConditionExpression: 'stamp = :s',
            ExpressionAttributeValues: { ':s': { S: stamp } },
          }),
        )
      } catch (error) {
        if (!isConflict(error)) throw error
      }
    },
  }
}
