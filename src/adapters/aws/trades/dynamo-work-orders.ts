import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { WorkOrder } from '../../../core/maintenance/work-order.ts'
import type { WorkOrders } from '../../../ports/work-orders.ts'
import { isConflict, text, toItem, type Dynamo, type Item } from '../dynamo/item.ts'
import { queryAll } from '../dynamo/read-all.ts'

const statuses: readonly WorkOrder['status'][] = ['open', 'inProgress', 'done', 'cancelled']

/** Work orders in DynamoDB, one item each. */
export function dynamoWorkOrders(dynamo: Dynamo, table: string): WorkOrders {
  async function put(order: WorkOrder, condition: string, values?: Item): Promise<boolean> {
    const { id, thing, status } = order
    try {
      await dynamo.send(
        new PutItemCommand({
          TableName: table,
          Item: toItem({ id, thing, status, order: JSON.stringify(order) }),
          ConditionExpression: condition,
          ...(values && {
            ExpressionAttributeNames: { '#s': 'status' },
            ExpressionAttributeValues: values,
          }),
        }),
      )
      return true
    } catch (error) {
      if (isConflict(error)) return false
      throw error
    }
  }

  async function find(index: string, key: string, value: string, cursor: string, passes: (order: WorkOrder) => boolean, limit: number): Promise<WorkOrder[]> {
    const found: WorkOrder[] = []
    const items = queryAll(dynamo, {
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#k = :k AND id > :c',
      ExpressionAttributeNames: { '#k': key },
      ExpressionAttributeValues: { ':k': { S: value }, ':c': { S: cursor } },
    })
    for await (const item of items) {
      const order = orderOf(item)
      if (passes(order)) found.push(order)
      if (found.length === limit) break
    }
    return found
  } // prettier-ignore

  return {
    open: async (order) => void (await put(order, 'attribute_not_exists(id)')),
    move: async (order, from) => put(order, '#s = :s', { ':s': { S: from } }),
    get: async (id) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: table, Key: { id: { S: id } }, ConsistentRead: true }),
      )
      return item ? orderOf(item) : null
    },
    list: async ({ thing, status, cursor = ' ', limit }) => {
      if (thing !== undefined)
        return find('byThing', 'thing', thing, cursor, (order) => status === undefined || order.status === status, limit) // prettier-ignore
      const wanted = status === undefined ? statuses : [status]
      const lists = await Promise.all(wanted.map((s) => find('byStatus', 'status', s, cursor, () => true, limit))) // prettier-ignore
      return lists
        .flat()
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
    },
  }
}

const orderOf = (item: Item): WorkOrder => JSON.parse(text(item, 'order')) as WorkOrder
