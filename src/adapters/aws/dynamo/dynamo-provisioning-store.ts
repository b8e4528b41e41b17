import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Claim, ProvisioningStore, ProvisioningTemplate } from '../../../ports/device-desk-store.ts'
import { inParallel } from '../back-off.ts'
import { text, toItem, type Dynamo, type Item } from './item.ts'
import { queryAll } from './read-all.ts'

export interface DynamoProvisioningStore extends ProvisioningStore {
  template(name: string): Promise<ProvisioningTemplate | null>
  claim(fingerprint: string): Promise<Claim | null>
}

const AT_ONCE = 16

/**
 * Templates, claims and allow-lists in DynamoDB: partitions `templates`, `claims` and `allowed/<template>`, sorted by the
 * name of what they hold. Read strongly consistent: who was taken off a list must not come in by an old copy of it.
 */
export function dynamoProvisioningStore(dynamo: Dynamo, table: string): DynamoProvisioningStore {
  const put = async (item: Item): Promise<void> =>
    void (await dynamo.send(new PutItemCommand({ TableName: table, Item: item })))
  const allowedIn = (template: string): string => `allowed/${template}`

  async function find(list: string, name: string): Promise<Item | null> {
    const { Item: item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: toItem({ list, name }), ConsistentRead: true }),
    )
    return item ?? null
  }

  const itemsOf = (list: string, after: string) =>
    queryAll(dynamo, {
      TableName: table,
      KeyConditionExpression: '#l = :l AND #n > :a',
      ExpressionAttributeNames: { '#l': 'list', '#n': 'name' },
      ExpressionAttributeValues: { ':l': { S: list }, ':a': { S: after } },
      ConsistentRead: true,
    })

  async function all<T>(list: string): Promise<T[]> {
    const found: T[] = []
    for await (const item of itemsOf(list, ' ')) found.push(JSON.parse(text(item, 'value')) as T)
    return found
  }

  async function one<T>(list: string, name: string): Promise<T | null> {
    const item = await find(list, name)
    return item && (JSON.parse(text(item, 'value')) as T)
  }

  return {
    templates: async () => all('templates'),
    template: async (name) => one('templates', name),
    putTemplate: async (template) => put(toItem({ list: 'templates', name: template.name, value: JSON.stringify(template) })), // prettier-ignore
    claims: async () => all('claims'),
    claim: async (fingerprint) => one('claims', fingerprint),
    putClaim: async (claim) => put(toItem({ list: 'claims', name: claim.fingerprint, value: JSON.stringify(claim) })), // prettier-ignore
    allow: async (template, things) =>
      inParallel(things, AT_ONCE, async (thing) => put(toItem({ list: allowedIn(template), name: thing }))),
    disallow: async (template, thing) => {
      const { Attributes } = await dynamo.send(
        new DeleteItemCommand({
          TableName: table,
          Key: toItem({ list: allowedIn(template), name: thing }),
          ReturnValues: 'ALL_OLD',
        }),
      )
      return Attributes !== undefined
    },
    isAllowed: async (template, thing) => (await find(allowedIn(template), thing)) !== null,
    allowed: async (template, { cursor, limit }) => {
      const found: string[] = []
      for await (const item of itemsOf(allowedIn(template), cursor ?? ' '))
        if (found.push(text(item, 'name')) === limit) break
      return found
    },
  }
}
