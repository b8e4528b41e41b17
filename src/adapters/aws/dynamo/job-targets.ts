import { randomUUID } from 'node:crypto'
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { inParallel } from '../back-off.ts'
import { text, toItem, type Dynamo } from './item.ts'
import { queryAll } from './read-all.ts'

/** Names of one item: 128 bytes each at most, of 400 KB. */
const NAMES_AN_ITEM = 1000
const WRITES_AT_ONCE = 16

/**
 * The devices of a job, in order, a thousand names an item. They lie under a key of their own, so that another job's are
 * never overwritten; the job itself, which names the key, makes them real.
 */
export function jobTargets(dynamo: Dynamo, table: string) {
  return {
    /** Gives the key. */
    put: async (things: readonly string[]): Promise<string> => {
      const key = `targets/${randomUUID()}`
      const chunks: string[] = []
      for (let i = 0; i < things.length; i += NAMES_AN_ITEM)
        chunks.push(things.slice(i, i + NAMES_AN_ITEM).join(' '))
      await inParallel([...chunks.entries()], WRITES_AT_ONCE, async ([n, names]) => {
        const item = toItem({ job: key, entry: chunkEntry(n), things: names })
        await dynamo.send(new PutItemCommand({ TableName: table, Item: item }))
      })
      return key
    },
    /** From `from` to before `upTo`. */
    of: async function* (job: string, from: number, upTo: number): AsyncGenerator<string> {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: table, Key: toItem({ job, entry: 'job' }), ConsistentRead: true }),
      )
      if (!item) return
      const first = Math.floor(from / NAMES_AN_ITEM)
      const chunks = queryAll(dynamo, {
        TableName: table,
        KeyConditionExpression: 'job = :j AND #e BETWEEN :a AND :b',
        ExpressionAttributeNames: { '#e': 'entry' },
        ExpressionAttributeValues: {
          ':j': { S: text(item, 'targetsKey') },
          ':a': { S: chunkEntry(first) },
          ':b': { S: chunkEntry(Math.floor((upTo - 1) / NAMES_AN_ITEM)) },
        },
        ConsistentRead: true,
      })
      let n = first * NAMES_AN_ITEM
      for await (const chunk of chunks)
        for (const thing of text(chunk, 'things').split(' ')) {
          if (n >= from && n < upTo) yield thing
          n++
        }
    },
  }
}

const chunkEntry = (n: number): string => `chunk#${String(n).padStart(6, '0')}`
