import {
  BatchGetItemCommand,
  QueryCommand,
  ScanCommand,
  type QueryCommandInput,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb'
import { backOff } from '../back-off.ts'
import type { Dynamo, Item } from './item.ts'

/** Every item of a query, page after page. */
export async function* queryAll(dynamo: Dynamo, input: QueryCommandInput): AsyncGenerator<Item> {
  let start: Item | undefined
  do {
    const page = await dynamo.send(new QueryCommand({ ...input, ...(start && { ExclusiveStartKey: start }) }))
    yield* page.Items ?? []
    start = page.LastEvaluatedKey
  } while (start)
}

/** The same as a list. */
export async function queryList(dynamo: Dynamo, input: QueryCommandInput): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of queryAll(dynamo, input)) items.push(item)
  return items
}

/** Every item of a scan, page after page. */
export async function* scanAll(dynamo: Dynamo, input: ScanCommandInput): AsyncGenerator<Item> {
  let start: Item | undefined
  do {
    const page = await dynamo.send(new ScanCommand({ ...input, ...(start && { ExclusiveStartKey: start }) }))
    yield* page.Items ?? []
    start = page.LastEvaluatedKey
  } while (start)
}

/** AWS: the most keys of one BatchGetItem. */
const KEYS_AT_ONCE = 100

/** The items of these keys that exist, in no order, read strongly consistent. */
export async function getAll(dynamo: Dynamo, table: string, keys: readonly Item[]): Promise<Item[]> {
  const chunks: Item[][] = []
  for (let i = 0; i < keys.length; i += KEYS_AT_ONCE) chunks.push(keys.slice(i, i + KEYS_AT_ONCE))
  const found = await Promise.all(chunks.map(async (chunk) => getChunk(dynamo, table, chunk)))
  return found.flat()
}

async function getChunk(dynamo: Dynamo, table: string, keys: Item[]): Promise<Item[]> {
  const found: Item[] = []
  for (let attempt = 0; keys.length > 0; attempt++) {
    // AWS: what a table had no capacity for comes back as unprocessed, not as an error.
    if (attempt > 0) await backOff(attempt, `table ${table} did not answer for ${keys.length} keys`)
    const answer = await dynamo.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    )
    found.push(...(answer.Responses?.[table] ?? []))
    keys = answer.UnprocessedKeys?.[table]?.Keys ?? []
  }
  return found
}
