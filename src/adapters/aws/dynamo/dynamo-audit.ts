import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Audit, AuditEntry } from '../../../ports/audit.ts'
import type { Clock } from '../../../ports/clock.ts'
import { number, padded, text, toItem, type Dynamo, type Item } from './item.ts'
import { queryAll } from './read-all.ts'

const DAY = 86_400_000
/** Days without an entry that a list looks back over before it ends. */
const LOOK_BACK_DAYS = 90

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

export interface DynamoAudit extends Audit {
  /** Resolves once everything recorded is stored; a handler waits for it before it answers. */
  flush(): Promise<void>
}

/** The audit log in DynamoDB, a partition a day. `instance` tells entries of the same millisecond apart. */
export function dynamoAudit(
  dynamo: Dynamo,
  table: string,
  instance: string,
  clock: Pick<Clock, 'now'>,
): DynamoAudit {
  let waiting: Promise<unknown>[] = []
  let count = 0

  return {
    record: (entry) => {
      const id = `${padded(entry.at)}#${instance}#${++count}`
      const item = toItem({ day: dayOf(entry.at), id, ...entry })
      waiting.push(dynamo.send(new PutItemCommand({ TableName: table, Item: item })))
    },
    flush: async () => {
      const all = waiting
      waiting = []
      await Promise.all(all)
    },
    list: async ({ action, subject, cursor, limit }) => {
      const found: (AuditEntry & { id: string })[] = []
      const newest = cursor === undefined ? clock.now() : Number(cursor.split('#', 1)[0])
      for (let day = newest; day > newest - LOOK_BACK_DAYS * DAY && found.length < limit; day -= DAY) {
        const items = queryAll(dynamo, {
          TableName: table,
          KeyConditionExpression: '#d = :d AND id < :c',
          ExpressionAttributeNames: { '#d': 'day' },
          ExpressionAttributeValues: { ':d': { S: dayOf(day) }, ':c': { S: cursor ?? '~' } },
          ScanIndexForward: false,
          ConsistentRead: true,
        })
        for await (const item of items) {
          const entry = toEntry(item)
          if (action !== undefined && entry.action !== action) continue
          if (subject !== undefined && entry.subject !== subject) continue
          found.push(entry)
          if (found.length === limit) break
        }
      }
      return found
    },
  }
}

const toEntry = (item: Item): AuditEntry & { id: string } => ({
  id: text(item, 'id'),
  at: number(item, 'at'),
  actor: text(item, 'actor'),
  action: text(item, 'action'),
  subject: text(item, 'subject'),
  detail: text(item, 'detail'),
})
