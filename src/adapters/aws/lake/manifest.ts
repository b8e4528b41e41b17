import { DeleteItemCommand, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { dateOf } from '../../../core/history/lake-layout.ts'
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
}

/** Partition of the table that lists days whose rows wait. */
const WAITING = 'waiting'
/** A day of which everything was erased has no file. */
const linesOf = (item: Item, name: string): string[] =>
  text(item, name) === '' ? [] : text(item, name).split('\n')
const OPEN_FROM = toItem({ table: 'state', day: 'openFrom' })

export function dynamoManifest(dynamo: Dynamo, tableName: string): Manifest {
  const dayOf = (item: Item): number => Date.parse(text(item, 'day')) / 86_400_000
  const publishedOf = (item: Item): PublishedDay => ({
    generation: number(item, 'generation'),
    files: linesOf(item, 'files'),
    rows: linesOf(item, 'rows').map(Number),
  })
  const noted = new Map<number, string>()
  return {
    get: async (table, day) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: tableName, Key: toItem({ table, day }), ConsistentRead: true }),
      )
      return item ? publishedOf(item) : null
    },
    between: async (table, from, until) => {
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
  }
}
