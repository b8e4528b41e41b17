import { GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { Quarantined } from '../../../ports/output.ts'
import type { Quarantine, QuarantineEntry } from '../../../ports/quarantine.ts'
import { inParallel } from '../back-off.ts'
import { bytes, isConflict, number, text, toItem, type Dynamo, type Item } from './item.ts'

const WRITES_AT_ONCE = 16
const DETAIL_LENGTH = 2000
const PAGE = 100
const DAY_S = 86_400
/** DynamoDB refuses a larger item; the broker lets through 128 KB, so only a forged record is cut. */
const MOST_PAYLOAD_BYTES = 350_000

const statuses: readonly QuarantineEntry['status'][] = ['open', 'replayed', 'discarded']

/** Sets records aside for people; one that is there already stays as it is, with what was decided about it. */
export function dynamoQuarantineWriter(
  dynamo: Dynamo,
  table: string,
  keepDays: number,
): (records: readonly Quarantined[]) => Promise<void> {
  return async (records) =>
    inParallel(records, WRITES_AT_ONCE, async ({ record, reason, detail }) => {
      const { position, topic, client, receivedAt, payload } = record
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: table,
            Item: toItem({
              id: String(position),
              topic,
              // An index key may not be empty: what came from nobody is in no list by client.
              client: client === '' ? null : client,
              receivedAt,
              payload: payload.subarray(0, MOST_PAYLOAD_BYTES),
              reason,
              detail: detail.slice(0, DETAIL_LENGTH),
              status: 'open',
              expiresAt: Math.floor(receivedAt / 1000) + keepDays * DAY_S,
            }),
            ConditionExpression: 'attribute_not_exists(id)',
          }),
        )
      } catch (error) {
        if (!isConflict(error)) throw error
      }
    })
}

/** Reads and decides about what was set aside: newest first, by client or by status. */
export function dynamoQuarantine(dynamo: Dynamo, table: string): Quarantine {
  const key = (id: string): Item => ({ id: { S: id } })

  async function get(id: string): Promise<QuarantineEntry | null> {
    const { Item: item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: key(id), ConsistentRead: true }),
    )
    return item ? toEntry(item) : null
  }

  /** Newest first from a moment on, as many as pass. */
  async function find(
    index: string,
    attribute: string,
    value: string,
    until: number,
    passes: (entry: QuarantineEntry) => boolean,
    limit: number,
  ): Promise<QuarantineEntry[]> {
    const found: QuarantineEntry[] = []
    let start: Item | undefined
    do {
      const page = await dynamo.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: '#k = :k AND receivedAt <= :u',
          ExpressionAttributeNames: { '#k': attribute },
          ExpressionAttributeValues: { ':k': { S: value }, ':u': { N: String(until) } },
          ScanIndexForward: false,
          Limit: PAGE,
          ...(start && { ExclusiveStartKey: start }),
        }),
      )
      found.push(...(page.Items ?? []).map(toEntry).filter(passes))
      start = page.LastEvaluatedKey
      // Equal receipts may straddle the limit: one page more settles their order.
    } while (start && found.length <= limit)
    return found
  }

  return {
    list: async ({ reason, client, status, cursor, limit }) => {
      const last = cursor === undefined ? null : await get(cursor)
      if (cursor !== undefined && !last) return []
      const passes = (entry: QuarantineEntry): boolean =>
        (reason === undefined || entry.reason === reason) &&
        (status === undefined || entry.status === status) &&
        (last === null || newestFirst(last, entry) < 0)
      const until = last?.receivedAt ?? Number.MAX_SAFE_INTEGER
      const lists =
        client === undefined
          ? (status ? [status] : statuses).map(async (s) =>
              find('byStatus', 'status', s, until, passes, limit),
            )
          : [find('byClient', 'client', client, until, passes, limit)]
      return (await Promise.all(lists)).flat().sort(newestFirst).slice(0, limit)
    },
    get,
    mark: async (id, status) => {
      try {
        await dynamo.send(
          new UpdateItemCommand({
            TableName: table,
            Key: key(id),
            UpdateExpression: 'SET #s = :s',
            ConditionExpression: 'attribute_exists(id)',
            ExpressionAttributeNames: { '#s': 'status' },
            ExpressionAttributeValues: { ':s': { S: status } },
          }),
        )
      } catch (error) {
        if (!isConflict(error)) throw error
      }
    },
  }
}

function newestFirst(a: QuarantineEntry, b: QuarantineEntry): number {
  if (a.receivedAt !== b.receivedAt) return b.receivedAt - a.receivedAt
  return BigInt(a.id) > BigInt(b.id) ? -1 : BigInt(a.id) < BigInt(b.id) ? 1 : 0
}

const toEntry = (item: Item): QuarantineEntry => ({
  id: text(item, 'id'),
  topic: text(item, 'topic'),
  client: text(item, 'client'),
  receivedAt: number(item, 'receivedAt'),
  payload: bytes(item, 'payload'),
  reason: text(item, 'reason') as QuarantineEntry['reason'],
  detail: text(item, 'detail'),
  status: text(item, 'status') as QuarantineEntry['status'],
})
