import { DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { dateOf, type LakeKind } from '../../../core/history/lake-layout.ts'
import type { RetentionPolicy } from '../../../core/retention/retention.ts'
import { isConflict, number, text, toItem, type Dynamo, type Item } from '../dynamo/item.ts'
import { queryList } from '../dynamo/read-all.ts'

export interface PublishedDay {
  /** Rises with every publication. */
  generation: number
  /** Keys of the files that make up the day; a day of windows has its quarter-hours and days, too. */
  files: string[]
  /** Rows of each of them. */
  rows: number[]
}

/** Which files make up a published day, and which days have rows that wait to be published. */
export interface Manifest {
  get(table: string, date: string): Promise<PublishedDay | null>
  /** Published days [from, until), ascending; days since the epoch. */
  between(table: string, from: number, until: number): Promise<(PublishedDay & { day: number })[]>
  /** The first published day, null before there is one. */
  first(table: string): Promise<number | null>
  /** Shows the day as it is now, only if it still shows the given generation (0: none). */
  publish(table: string, date: string, published: PublishedDay, over: number): Promise<boolean>
  /** Notes that rows of this day have landed after it was over. */
  waits(day: number, stamp: string): Promise<void>
  waiting(): Promise<{ day: number; stamp: string }[]>
  /** Forgets that a day waits, unless something has landed since. */
  published(day: number, stamp: string): Promise<void>
  /** From this day on nothing is published for certain; days before it are complete, but for those that wait. */
  openFrom: { get(): Promise<number>; set(day: number): Promise<void> }
  /** How far retention has come. */
  expired: { get(): Promise<Expired>; set(expired: Expired): Promise<void> }
  /** What somebody has put; null where nobody has. */
  policy: { get(): Promise<RetentionPolicy | null>; put(policy: RetentionPolicy): Promise<void> }
}

/** First day that is kept of each kind, and the day on which that was last looked at. */
export type Expired = Record<LakeKind | 'lookedOn', number>

/** Partition of the table that lists days whose rows wait. */
const WAITING = 'waiting'
/** A day of which everything was erased has no file. */
const linesOf = (item: Item, name: string): string[] =>
  text(item, name) === '' ? [] : text(item, name).split('\n')
const stateKey = (day: string): Item => toItem({ table: 'state', day })
const OPEN_FROM = stateKey('openFrom')
const EXPIRED = stateKey('expired')
const POLICY = stateKey('retention')
const nothingExpired: Expired = { readings: 0, windows: 0, quarters: 0, days: 0, lookedOn: 0 }

export function dynamoManifest(dynamo: Dynamo, tableName: string): Manifest {
  const dayOf = (item: Item): number => Date.parse(text(item, 'day')) / 86_400_000
  const publishedOf = (item: Item): PublishedDay => ({
    generation: number(item, 'generation'),
    files: linesOf(item, 'files'),
    rows: linesOf(item, 'rows').map(Number),
  })
  const noted = new Map<number, string>()
  /** What a state's item holds as text. */
  const stateOf = async (Key: Item): Promise<string | null> => {
    const { Item: item } = await dynamo.send(new GetItemCommand({ TableName: tableName, Key }))
    return item ? text(item, 'value') : null
  }
  const setState = async (key: Item, value: object): Promise<void> => {
    const item = { ...key, ...toItem({ value: JSON.stringify(value) }) }
    await dynamo.send(new PutItemCommand({ TableName: tableName, Item: item }))
  }
  return {
    get: async (table, day) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: tableName, Key: toItem({ table, day }), ConsistentRead: true }),
      )
      return item ? publishedOf(item) : null
    },
    between: async (table, from, until) => {
      // DynamoDB refuses bounds in the wrong order.
      if (until <= from) return []
      const items = await queryList(dynamo, {
        TableName: tableName,
        KeyConditionExpression: '#t = :t AND #d BETWEEN :f AND :u',
        ExpressionAttributeNames: { '#t': 'table', '#d': 'day' },
        ExpressionAttributeValues: { ':t': { S: table }, ':f': { S: dateOf(from) }, ':u': { S: dateOf(until - 1) } }, // prettier-ignore
        ConsistentRead: true,
      })
      return items.map((item) => ({ ...publishedOf(item), day: dayOf(item) }))
    },
    first: async (table) => {
      const { Items: items = [] } = await dynamo.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: '#t = :t',
          ExpressionAttributeNames: { '#t': 'table' },
          ExpressionAttributeValues: { ':t': { S: table } },
          Limit: 1,
        }),
      )
      return items[0] ? dayOf(items[0]) : null
    },
    publish: async (table, day, { generation, files, rows }, over) => {
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: tableName,
            Item: toItem({ table, day, generation, files: files.join('\n'), rows: rows.join('\n') }),
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
    waits: async (day, stamp) => {
      if (noted.get(day) === stamp) return
      await dynamo.send(
        new PutItemCommand({
          TableName: tableName,
          Item: toItem({ table: WAITING, day: dateOf(day), stamp }),
        }),
      )
      noted.set(day, stamp)
    },
    waiting: async () => {
      const items = await queryList(dynamo, {
        TableName: tableName,
        KeyConditionExpression: '#t = :t',
        ExpressionAttributeNames: { '#t': 'table' },
        ExpressionAttributeValues: { ':t': { S: WAITING } },
        ConsistentRead: true,
      })
      return items.map((item) => ({ day: dayOf(item), stamp: text(item, 'stamp') }))
    },
    published: async (day, stamp) => {
      try {
        await dynamo.send(
          new DeleteItemCommand({
            TableName: tableName,
            Key: toItem({ table: WAITING, day: dateOf(day) }),
            ConditionExpression: 'stamp = :s',
            ExpressionAttributeValues: { ':s': { S: stamp } },
          }),
        )
      } catch (error) {
        if (!isConflict(error)) throw error
      }
    },
    openFrom: {
      get: async () => {
        const { Item: item } = await dynamo.send(new GetItemCommand({ TableName: tableName, Key: OPEN_FROM }))
        return item ? number(item, 'value') : 0
      },
      set: async (value) => {
        await dynamo.send(
          new PutItemCommand({ TableName: tableName, Item: { ...OPEN_FROM, ...toItem({ value }) } }),
        )
      },
    },
    expired: {
      get: async () => ({ ...nothingExpired, ...(JSON.parse((await stateOf(EXPIRED)) ?? '{}') as Expired) }),
      set: async (expired) => setState(EXPIRED, expired),
    },
    policy: {
      get: async () => JSON.parse((await stateOf(POLICY)) ?? 'null') as RetentionPolicy | null,
      put: async (policy) => setState(POLICY, policy),
    },
  }
}
