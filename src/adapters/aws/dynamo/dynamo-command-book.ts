import {
  DeleteItemCommand,
  GetItemCommand,
  TransactWriteItemsCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb'
import type { Command } from '../../../core/alarm/transition.ts'
import type { ActuatorOrder } from '../../../core/device/actuator.ts'
import { isFinal, nextStatus, type CommandStatus } from '../../../core/device/command-state.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { relinquishCommand, type CommandBook, type CommandRecord } from '../../../ports/command-book.ts'
import { isConflict, number, numberOrNull, padded, text, textOrNull, toItem, type Dynamo, type Item } from './item.ts' // prettier-ignore
import { getAll, queryAll, queryList } from './read-all.ts'

/** What is done is kept by DynamoDB's expiry for so long. */
const KEPT_S = 90 * 86_400
/** A sweep must end within its minute: what is left is done a minute later. */
const AT_ONCE = 1000

/**
 * Commands in DynamoDB, by thing: the command itself (entry `command#<id>`, which takes an id once), a mark while it is
 * open (entry `open#<age>#<id>`, read strongly consistent), and actuators' last orders (entry `order#<name>`). What has a
 * date is found by it in the index `byDue`.
 */
export function dynamoCommandBook(dynamo: Dynamo, table: string): CommandBook {
  const keyOf = (thing: string, id: string): Item => toItem({ thing, entry: `command#${id}` })
  const openKey = ({ thing, id, age }: Stored): Item => toItem({ thing, entry: `open#${age}#${id}` })
  const orderKey = (thing: string, name: string): Item => toItem({ thing, entry: `order#${name}` })

  async function find(thing: string, id: string): Promise<Stored | null> {
    const { Item: item } = await dynamo.send(
      new GetItemCommand({ TableName: table, Key: keyOf(thing, id), ConsistentRead: true }),
    )
    return item ? toStored(item) : null
  }

  /** False if a condition was not met. */
  async function transact(items: TransactWriteItem[]): Promise<boolean> {
    try {
      await dynamo.send(new TransactWriteItemsCommand({ TransactItems: items }))
      return true
    } catch (error) {
      if (isConflict(error)) return false
      throw error
    }
  }

  function creation(
    command: Command,
    by: string,
    now: EpochMs,
    n: number,
  ): { writes: TransactWriteItem[]; record: Stored } {
    // prettier-ignore
    const age = `${padded(now)}#${String(n).padStart(6, '0')}`
    const record: Stored = { ...command, payload: command.payload ?? null, status: 'queued', by, createdAt: now, sentAt: null, finishedAt: null, detail: null, age } // prettier-ignore
    const mark = { ...openKey(record), ...toItem({ id: command.id, due: 'open', dueAt: command.expiresAt }) }
    return {
      record,
      writes: [
        { Put: { TableName: table, Item: toItemOf(record), ConditionExpression: 'attribute_not_exists(#e)', ExpressionAttributeNames: { '#e': 'entry' } } }, // prettier-ignore
        { Put: { TableName: table, Item: mark } },
      ],
    }
  }

  /** Replaces the command unless its status has changed meanwhile; a final one is open no longer. */
  async function move(before: Stored, after: Stored): Promise<boolean> {
    const final = isFinal(after.status)
    return transact([
      {
        Put: {
          TableName: table,
          Item: {
            ...toItemOf(after),
            ...(final && toItem({ forgetAt: Math.floor((after.finishedAt ?? 0) / 1000) + KEPT_S })),
          },
          ConditionExpression: '#s = :s',
          ExpressionAttributeNames: { '#s': 'status' },
          ExpressionAttributeValues: { ':s': { S: before.status } },
        },
      },
      ...(final ? [{ Delete: { TableName: table, Key: openKey(before) } }] : []),
    ])
  }

  async function advance(
    thing: string,
    id: string,
    next: (command: Stored) => CommandStatus,
    now: EpochMs,
    sent: boolean,
    detail?: string,
  ): Promise<{ before: CommandStatus; command: Stored } | null> {
    for (;;) {
      const command = await find(thing, id)
      if (!command) return null
      const status = next(command)
      if (status === command.status) return { before: command.status, command }
      const moved: Stored = {
        ...command,
        status,
        sentAt: command.sentAt ?? (sent ? now : null),
        finishedAt: isFinal(status) ? now : command.finishedAt,
        detail: detail ?? command.detail,
      }
      if (await move(command, moved)) return { before: command.status, command: moved }
    }
  }

  const due = (kind: 'open' | 'lease', now: EpochMs) =>
    queryAll(dynamo, {
      TableName: table,
      IndexName: 'byDue',
      KeyConditionExpression: 'due = :d AND dueAt <= :t',
      ExpressionAttributeValues: { ':d': { S: kind }, ':t': { N: String(now) } },
    })

  const entriesOf = async (thing: string, prefix: string): Promise<Item[]> =>
    queryList(dynamo, {
      TableName: table,
      KeyConditionExpression: 'thing = :t AND begins_with(#e, :p)',
      ExpressionAttributeNames: { '#e': 'entry' },
      ExpressionAttributeValues: { ':t': { S: thing }, ':p': { S: prefix } },
      ConsistentRead: true,
    })

  /** The commands that are open, oldest first. */
  async function openOf(thing: string): Promise<Stored[]> {
    const ids = (await entriesOf(thing, 'open#')).map((item) => text(item, 'id'))
    const keys = ids.map((id) => keyOf(thing, id))
    const found = new Map(
      (await getAll(dynamo, table, keys)).map((item) => [text(item, 'id'), toStored(item)]),
    )
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  return {
    add: async (commands, by, now) => {
      const fresh: CommandRecord[] = []
      for (const [n, command] of commands.entries()) {
        const { writes, record } = creation(command, by, now, n)
        if (await transact(writes)) fresh.push(shown(record))
      }
      return fresh
    },
    order: async (command, by, now, { order, after }) => {
      const lease = order.until !== null && order.until > now ? { due: 'lease', dueAt: order.until } : {}
      const fields = { value: JSON.stringify(order), revision: after + 1, ...lease }
      const item = { ...orderKey(command.thing, command.name), ...toItem(fields) }
      const condition =
        after === 0
          ? { ConditionExpression: 'attribute_not_exists(revision)' }
          : {
              ConditionExpression: 'revision = :r',
              ExpressionAttributeValues: { ':r': { N: String(after) } },
            }
      const { writes } = creation(command, by, now, 0)
      if (await transact([...writes, { Put: { TableName: table, Item: item, ...condition } }])) return 'taken'
      return (await find(command.thing, command.id)) ? 'known' : 'overtaken'
    },
    get: async (thing, id) => {
      const found = await find(thing, id)
      return found && shown(found)
    },
    list: async ({ thing, cursor, limit }) => {
      const from = cursor === undefined ? null : await find(thing, cursor)
      const items = queryAll(dynamo, {
        TableName: table,
        IndexName: 'byAge',
        KeyConditionExpression: 'thing = :t AND age < :a',
        ExpressionAttributeValues: { ':t': { S: thing }, ':a': { S: from?.age ?? '~' } },
        ScanIndexForward: false,
      })
      const found: CommandRecord[] = []
      for await (const item of items) if (found.push(shown(toStored(item))) === limit) break
      return found
    },
    open: async (thing, now) =>
      (await openOf(thing)).filter(({ status, expiresAt }) => (status === 'queued' || status === 'sent') && expiresAt > now).map(shown), // prettier-ignore
    countOpen: async (thing, now, atMost) => {
      const open = (await entriesOf(thing, 'open#')).filter((item) => number(item, 'dueAt') > now)
      return Math.min(open.length, atMost)
    },
    advance: async (thing, id, event, now, detail) => {
      const next = ({ status, expiresAt }: Stored) => nextStatus(status, event, now, expiresAt)
      const moved = await advance(thing, id, next, now, event.kind === 'sent', detail)
      return moved && { before: moved.before, command: shown(moved.command) }
    },
    expire: async (now) => {
      const ended: CommandRecord[] = []
      for await (const item of due('open', now)) {
        const next = ({ status, expiresAt }: Stored) => nextStatus(status, { kind: 'time' }, now, expiresAt)
        const moved = await advance(text(item, 'thing'), text(item, 'id'), next, now, false)
        if (moved && moved.command.status !== moved.before) ended.push(shown(moved.command))
        if (ended.length === AT_ONCE) break
      }
      return ended
    },
    lastOrder: async (thing, actuator) => {
      const { Item: item } = await dynamo.send(
        new GetItemCommand({ TableName: table, Key: orderKey(thing, actuator), ConsistentRead: true }),
      )
      return item
        ? { order: JSON.parse(text(item, 'value')) as ActuatorOrder, revision: number(item, 'revision') }
        : null
    },
    endLeases: async (now, expiresAt) => {
      const released: CommandRecord[] = []
      for await (const item of due('lease', now)) {
        const thing = text(item, 'thing')
        const name = text(item, 'entry').slice('order#'.length)
        const revision = number(item, 'revision')
        const { writes, record } = creation(relinquishCommand(thing, name, revision, expiresAt), 'telltale', now, 0) // prettier-ignore
        const settle: TransactWriteItem = {
          Update: {
            TableName: table,
            Key: orderKey(thing, name),
            UpdateExpression: 'REMOVE due, dueAt',
            ConditionExpression: 'revision = :r AND attribute_exists(due)',
            ExpressionAttributeValues: { ':r': { N: String(revision) } },
          },
        }
        if (await transact([...writes, settle])) released.push(shown(record))
        if (released.length === AT_ONCE) break
      }
      return released
    },
    forget: async (thing, now) => {
      for (const { id } of await openOf(thing))
        await advance(thing, id, ({ status }) => (isFinal(status) ? status : 'expired'), now, false)
      for (const item of await entriesOf(thing, 'order#'))
        await dynamo.send(
          new DeleteItemCommand({ TableName: table, Key: { thing: item['thing']!, entry: item['entry']! } }),
        )
    },
    prune: async () => {}, // by the table's own expiry
  }
}

/** A command with the key of its age. */
type Stored = CommandRecord & { age: string }

const toItemOf = ({
  id,
  thing,
  name,
  payload,
  atMostOnce,
  expiresAt,
  status,
  by,
  createdAt,
  sentAt,
  finishedAt,
  detail,
  age,
}: Stored): Item =>
  // prettier-ignore
  toItem({
    thing,
    entry: `command#${id}`,
    age,
    id,
    name,
    payload: JSON.stringify(payload),
    once: atMostOnce,
    until: expiresAt,
    status,
    by,
    createdAt,
    sentAt,
    finishedAt,
    detail,
  })

const toStored = (item: Item): Stored => ({
  id: text(item, 'id'),
  thing: text(item, 'thing'),
  name: text(item, 'name'),
  payload: JSON.parse(text(item, 'payload')) as unknown,
  atMostOnce: item['once']?.BOOL === true,
  expiresAt: number(item, 'until'),
  status: text(item, 'status') as CommandStatus,
  by: text(item, 'by'),
  createdAt: number(item, 'createdAt'),
  sentAt: numberOrNull(item, 'sentAt'),
  finishedAt: numberOrNull(item, 'finishedAt'),
  detail: textOrNull(item, 'detail'),
  age: text(item, 'age'),
})

const shown = ({ age: _, ...command }: Stored): CommandRecord => command
