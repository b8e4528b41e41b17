import { tableShapes, type TableName } from '../../lib/constructs/tables.ts'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Dynamo } from '../../src/adapters/aws/dynamo/item.ts'
import { evaluate, update, type Item, type Names } from './dynamo-expressions.ts'

/** DynamoDB's answer to a refused write, as the SDK throws it. */
class Refused extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

interface Shape {
  partition: readonly [string, string]
  sort?: readonly [string, string]
  indexes?: Readonly<
    Record<string, { partition: readonly [string, string]; sort: readonly [string, string] }>
  >
}
type Input = Record<string, unknown> & {
  TableName: string
  Item: Item
  Key: Item
  ConditionExpression?: string
  ExpressionAttributeNames?: Names
  ExpressionAttributeValues?: Item
}

/**
 * DynamoDB's promises for the commands and expressions that adapters use, in memory: keys and indexes of the real table
 * shapes, conditions, pages, the item limit, and refusal of what the real one refuses (an empty key, a wrong type).
 * Test equipment; `before` lets a test fail or stop any call.
 */
export function dynamoDouble(
  options: { pageSize?: number; before?: (name: string, input: Input) => void | Promise<void> } = {},
) {
  const tables = new Map<string, Map<string, Item>>()
  const pageSize = options.pageSize ?? 3
  const calls: Record<string, number> = {}

  const shapeOf = (table: string): Shape => {
    const shape = (tableShapes as Readonly<Record<string, Shape>>)[table]
    if (!shape) throw new Refused('ResourceNotFoundException', `no table ${table}`)
    return shape
  }
  const rows = (table: string): Map<string, Item> => {
    shapeOf(table)
    let found = tables.get(table)
    if (!found) tables.set(table, (found = new Map<string, Item>()))
    return found
  }
  const keyOf = (table: string, item: Item): string => {
    const { partition, sort } = shapeOf(table)
    return [partition, ...(sort ? [sort] : [])]
      .map(([name, type]) => {
        const value = item[name]?.[type as 'S']
        if (value === undefined || value === '')
          throw new Refused('ValidationException', `key ${name} of ${table} must be ${type} and not empty`)
        return value
      })
      .join('\u0000')
  }

  function check(input: Input, current: Item | undefined): void {
    if (input.ConditionExpression === undefined) return
    if (
      !evaluate(
        input.ConditionExpression,
        current ?? {},
        input.ExpressionAttributeNames,
        input.ExpressionAttributeValues,
      )
    )
      throw new Refused('ConditionalCheckFailedException', 'The conditional request failed')
  }

  function put(input: Input): void {
    const key = keyOf(input.TableName, input.Item)
    check(input, rows(input.TableName).get(key))
    for (const { partition, sort } of Object.values(shapeOf(input.TableName).indexes ?? {}))
      for (const [name, type] of [partition, sort]) {
        const value = input.Item[name]
        if (value && (value[type as 'S'] === undefined || value.S === ''))
          throw new Refused('ValidationException', `index key ${name} must be ${type} and not empty`)
      }
    rows(input.TableName).set(key, copy(input.Item))
  }

  function page(input: Input, sorted: Item[], keyNames: string[]) {
    const start = input['ExclusiveStartKey'] as Item | undefined
    const limit = Math.min((input['Limit'] as number | undefined) ?? pageSize, pageSize)
    const from = start ? sorted.findIndex((item) => keyNames.every((k) => same(item[k], start[k]))) + 1 : 0
    const seen = sorted.slice(from, from + limit)
    const last = seen.at(-1)
    const filter = input['FilterExpression'] as string | undefined
    const passing = filter
      ? seen.filter((item) =>
          evaluate(filter, item, input.ExpressionAttributeNames, input.ExpressionAttributeValues),
        )
      : seen
    return {
      Items: passing.map(copy),
      Count: passing.length,
      ...(last && from + limit < sorted.length && { LastEvaluatedKey: pick(last, keyNames) }),
    }
  }

  const answers: Record<string, (input: Input) => object> = {
    PutItemCommand: (input) => (put(input), {}),
    GetItemCommand: (input) => {
      const item = rows(input.TableName).get(keyOf(input.TableName, input.Key))
      return item ? { Item: copy(item) } : {}
    },
    DeleteItemCommand: (input) => {
      const key = keyOf(input.TableName, input.Key)
      const current = rows(input.TableName).get(key)
      check(input, current)
      rows(input.TableName).delete(key)
      return current && input['ReturnValues'] === 'ALL_OLD' ? { Attributes: current } : {}
    },
    UpdateItemCommand: (input) => {
      const key = keyOf(input.TableName, input.Key)
      const current = rows(input.TableName).get(key)
      check(input, current)
      const next = update(
        input['UpdateExpression'] as string,
        copy(current ?? input.Key),
        input.ExpressionAttributeNames,
        input.ExpressionAttributeValues,
      )
      put({ TableName: input.TableName, Item: next, Key: {} })
      return input['ReturnValues'] === 'ALL_NEW' ? { Attributes: next } : {}
    },
    TransactWriteItemsCommand: (input) => {
      const items = input['TransactItems'] as Partial<Record<'Put' | 'Update' | 'Delete', Input>>[]
      const writes = items.map(({ Put, Update, Delete }) => ({ name: Put ? 'Put' : Update ? 'Update' : 'Delete', of: (Put ?? Update ?? Delete)! })) // prettier-ignore
      const keys = writes.map(({ of }) => `${of.TableName} ${keyOf(of.TableName, of.Item ?? of.Key)}`)
      if (new Set(keys).size < keys.length || keys.length > 100)
        throw new Refused('ValidationException', 'too many items, or one twice')
      try {
        for (const { of } of writes) check(of, rows(of.TableName).get(keyOf(of.TableName, of.Item ?? of.Key)))
      } catch (error) {
        if (error instanceof Refused && error.name === 'ConditionalCheckFailedException')
          throw new Refused('TransactionCanceledException', 'Transaction cancelled')
        throw error
      }
      for (const { name, of } of writes) answers[`${name}ItemCommand`]!(of)
      return {}
    },
    BatchGetItemCommand: (input) => {
      const requests = Object.entries(input['RequestItems'] as Record<string, { Keys: Item[] }>)
      const Responses: Record<string, Item[]> = {}
      for (const [table, { Keys }] of requests) {
        const keys = Keys.map((key) => keyOf(table, key))
        if (keys.length > 100 || new Set(keys).size < keys.length)
          throw new Refused('ValidationException', 'too many keys, or one twice')
        Responses[table] = keys.flatMap((key) => (rows(table).has(key) ? [copy(rows(table).get(key)!)] : []))
      }
      return { Responses }
    },
    ScanCommand: (input) => {
      const { partition, sort } = shapeOf(input.TableName)
      const keyNames = [partition[0], ...(sort ? [sort[0]] : [])]
      const sorted = [...rows(input.TableName)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
      return page(input, sorted, keyNames)
    },
    QueryCommand: (input) => {
      const shape = shapeOf(input.TableName)
      const index = input['IndexName'] === undefined ? shape : shape.indexes?.[input['IndexName'] as string]
      if (!index) throw new Refused('ValidationException', `no index ${String(input['IndexName'])}`)
      const names = [index.partition, ...(index.sort ? [index.sort] : [])]
      const matching = [...rows(input.TableName).values()].filter(
        (item) =>
          names.every(([name]) => item[name]) &&
          evaluate(
            input['KeyConditionExpression'] as string,
            item,
            input.ExpressionAttributeNames,
            input.ExpressionAttributeValues,
          ),
      )
      const order = input['ScanIndexForward'] === false ? -1 : 1
      const sort = index.sort
      if (sort) matching.sort((a, b) => order * compare(a[sort[0]], b[sort[0]]))
      const keyNames = [shape.partition[0], ...(shape.sort ? [shape.sort[0]] : []), ...names.map(([n]) => n)]
      return page(input, matching, [...new Set(keyNames)])
    },
  }

  return {
    client: {
      send: async (command: { constructor: { name: string }; input: Input }) => {
        const { name } = command.constructor
        await options.before?.(name, command.input)
        const answer = answers[name]
        if (!answer) throw new Error(`the double knows no ${name}`)
        calls[name] = (calls[name] ?? 0) + 1
        return answer(command.input)
      },
    } as unknown as Dynamo,
    calls,
    items: (table: TableName): Item[] => [...rows(table).values()],
    tables,
  }
}

const copy = (item: Item): Item => structuredClone(item)
const same = (a: AttributeValue | undefined, b: AttributeValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)
const pick = (item: Item, names: string[]): Item => Object.fromEntries(names.map((n) => [n, item[n]!]))
const compare = (a: AttributeValue | undefined, b: AttributeValue | undefined): number =>
  a?.N === undefined ? ((a?.S ?? '') < (b?.S ?? '') ? -1 : 1) : Number(a.N) - Number(b?.N)
