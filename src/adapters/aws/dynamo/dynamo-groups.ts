import { DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import type { Groups } from '../../../ports/device-desk.ts'
import { inParallel } from '../back-off.ts'
import { text, toItem, type Dynamo, type Item } from './item.ts'
import { queryAll, queryList } from './read-all.ts'

export interface DynamoGroups extends Groups {
  /** Ascending, those after this name. */
  membersOf(group: string, after: string): AsyncGenerator<string>
  /** Takes a device that is no more out of every group. */
  forget(thing: string): Promise<void>
}

/** Partition of the groups' own names. A label is never empty, so that no group can be called this. */
const NAMES = '#'
const nameKey = (group: string): Item => toItem({ group: NAMES, thing: group })
const memberKey = (group: string, thing: string): Item => toItem({ group: `g${group}`, thing })
const AT_ONCE = 16

/** Groups of devices in DynamoDB: an item a member, and one for the group's name. */
export function dynamoGroups(dynamo: Dynamo, table: string): DynamoGroups {
  const put = async (item: Item): Promise<void> =>
    void (await dynamo.send(new PutItemCommand({ TableName: table, Item: item })))
  const drop = async (key: Item): Promise<void> =>
    void (await dynamo.send(new DeleteItemCommand({ TableName: table, Key: key })))

  async function* membersOf(group: string, after: string): AsyncGenerator<string> {
    const items = queryAll(dynamo, {
      TableName: table,
      KeyConditionExpression: '#g = :g AND thing > :a',
      ExpressionAttributeNames: { '#g': 'group' },
      ExpressionAttributeValues: { ':g': { S: `g${group}` }, ':a': { S: after } },
      ConsistentRead: true,
    })
    for await (const item of items) yield text(item, 'thing')
  }

  async function count(group: string): Promise<number> {
    let total = 0
    let start: Item | undefined
    do {
      const page = await dynamo.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: '#g = :g',
          ExpressionAttributeNames: { '#g': 'group' },
          ExpressionAttributeValues: { ':g': { S: `g${group}` } },
          ConsistentRead: true,
          Select: 'COUNT',
          ...(start && { ExclusiveStartKey: start }),
        }),
      )
      total += page.Count ?? 0
      start = page.LastEvaluatedKey
    } while (start)
    return total
  }

  async function of(thing: string): Promise<string[]> {
    const items = await queryList(dynamo, {
      TableName: table,
      IndexName: 'byThing',
      KeyConditionExpression: 'thing = :t',
      ExpressionAttributeValues: { ':t': { S: thing } },
    })
    return items.flatMap((item) => (text(item, 'group') === NAMES ? [] : [text(item, 'group').slice(1)])).sort() // prettier-ignore
  }

  async function remove(group: string, things: readonly string[]): Promise<void> {
    await inParallel(things, AT_ONCE, async (thing) => drop(memberKey(group, thing)))
    if ((await count(group)) === 0) await drop(nameKey(group))
  }

  return {
    list: async () => {
      const names = await queryList(dynamo, {
        TableName: table,
        KeyConditionExpression: '#g = :g',
        ExpressionAttributeNames: { '#g': 'group' },
        ExpressionAttributeValues: { ':g': { S: NAMES } },
        ConsistentRead: true,
      })
      return Promise.all(
        names.map(async (item) => ({ name: text(item, 'thing'), devices: await count(text(item, 'thing')) })),
      )
    },
    of,
    add: async (group, things) => {
      await put(nameKey(group))
      await inParallel(things, AT_ONCE, async (thing) => put(memberKey(group, thing)))
    },
    remove,
    membersOf,
    forget: async (thing) => {
      for (const group of await of(thing)) await remove(group, [thing])
    },
  }
}
