import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Audit, AuditEntry } from '../../../ports/audit.ts'
import type { Clock } from '../../../ports/clock.ts'
import { isConflict, number, padded, text, toItem, type Dynamo, type Item } from './item.ts'
import { queryAll } from './read-all.ts'

const DAY = 86_400_000
/** Days in a row without an entry that a list looks back over before it ends. */
const LOOK_BACK_DAYS = 90

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/**
 * The audit log in DynamoDB, a partition a day, and an index by subject. Entries are put once and never touched: the
 * functions' roles hold nothing but PutItem and Query. `instance` tells entries of the same millisecond apart.
 */
export function dynamoAudit(
  dynamo: Dynamo,
  table: string,
  instance: string,
  clock: Pick<Clock, 'now'>,
): Audit {
  let waiting: Promise<unknown>[] = []
  let count = 0

  return {
    record: (entry) => {
      const id = `${padded(entry.at)}#${instance}#${++count}`
      // An index takes no empty key.
      const about = entry.subject === '' ? null : entry.subject
      const item = toItem({ day: dayOf(entry.at), id, about, ...entry })
      const put = new PutItemCommand({
        TableName: table,
        Item: item,
        ConditionExpression: 'attribute_not_exists(id)',
      })
      const sent = dynamo.send(put).catch((error: unknown) => {
        if (!isConflict(error)) throw error // else the SDK's own retry came after a success
      })
      sent.catch(() => undefined) // said when it is flushed
      waiting.push(sent)
    },
    flush: async () => {
      const all = waiting
      waiting = []
      await Promise.all(all)
    },
    list: async ({ subject, actor, action, cursor, limit }) => {
      const found: Stored[] = []
      const pages = subject === undefined || subject === '' ? byDay(cursor) : bySubject(subject, cursor)
      for await (const entry of pages) {
        if (action !== undefined && entry.action !== action) continue
        if (actor !== undefined && entry.actor !== actor) continue
        if (subject !== undefined && entry.subject !== subject) continue
        found.push(entry)
        if (found.length === limit) break
      }
      return found
    },
  }

  async function* bySubject(subject: string, cursor: string | undefined): AsyncGenerator<Stored> {
    const items = queryAll(dynamo, {
      TableName: table,
      IndexName: 'bySubject',
      KeyConditionExpression: 'about = :s AND id < :c',
      ExpressionAttributeValues: { ':s': { S: subject }, ':c': { S: cursor ?? '~' } },
      ScanIndexForward: false,
    })
    for await (const item of items) yield toEntry(item)
  }

  async function* byDay(cursor: string | undefined): AsyncGenerator<Stored> {
    const newest = cursor === undefined ? clock.now() : Number(cursor.split('#', 1)[0])
    for (let day = newest, empty = 0; empty < LOOK_BACK_DAYS; day -= DAY) {
      const items = queryAll(dynamo, {
        TableName: table,
        KeyConditionExpression: '#d = :d AND id < :c',
        ExpressionAttributeNames: { '#d': 'day' },
        ExpressionAttributeValues: { ':d': { S: dayOf(day) }, ':c': { S: cursor ?? '~' } },
        ScanIndexForward: false,
        ConsistentRead: true,
      })
      empty++
      for await (const item of items) {
        empty = 0
        yield toEntry(item)
      }
    }
  }
}

type Stored = AuditEntry & { id: string }

const toEntry = (item: Item): Stored => ({
  id: text(item, 'id'),
  at: number(item, 'at'),
  actor: text(item, 'actor'),
  action: text(item, 'action'),
  subject: text(item, 'subject'),
  detail: text(item, 'detail'),
})
