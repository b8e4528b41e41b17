import {
  GetItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb'
import { alarmState, type AlarmState } from '../../../core/alarm/alarm-state.ts'
import type { Transition } from '../../../core/alarm/transition.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import {
  alarmId,
  type Alarm,
  type AlarmBook,
  type AlarmEvent,
  type AlarmQuery,
} from '../../../ports/alarm-book.ts'
import { inParallel } from '../back-off.ts'
import { ALARM, eventItem, isActive, toAlarm, toEvent, alarmItem, type Stored } from './alarm-items.ts'
import { isConflict, text, type Dynamo, type Item } from './item.ts'
import { queryAll, queryList } from './read-all.ts'

const KEYS_AT_ONCE = 16
/** Writers of one alarm are its device's pipeline and a person: more conflicts than this mean something else. */
const MOST_CONFLICTS = 10
/** Value of `state` by which an event that people must still hear of is found through the alarms' own index. */
const UNTOLD = 'untold'

/**
 * The alarm book in DynamoDB. An alarm is written together with the event of its history, and only over the revision
 * that the decision was made from, so that a transition is taken once whoever delivers it and however often.
 */
export function dynamoAlarmBook(dynamo: Dynamo, table: string): AlarmBook {
  async function read(id: string): Promise<Stored | null> {
    const { Item: item } = await dynamo.send(
      new GetItemCommand({
        TableName: table,
        Key: { alarm: { S: id }, entry: { S: ALARM } },
        ConsistentRead: true,
      }),
    )
    return item ? toAlarm(item) : null
  }

  async function write(stored: Stored, event: Item): Promise<boolean> {
    const { revision } = stored
    try {
      await dynamo.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              Put: {
                TableName: table,
                Item: alarmItem({ ...stored, revision: revision + 1 }),
                ConditionExpression: revision === 0 ? 'attribute_not_exists(alarm)' : 'revision = :r',
                ...(revision > 0 && { ExpressionAttributeValues: { ':r': { N: String(revision) } } }),
              },
            },
            { Put: { TableName: table, Item: event } },
          ],
        }),
      )
      return true
    } catch (error) {
      if (isConflict(error)) return false
      throw error
    }
  }

  /** Decides from what is stored and writes; null where nothing is to be written. */
  async function change(
    id: string,
    decide: (known: Stored | null) => [Stored, Item] | null,
  ): Promise<Stored | null> {
    for (let attempt = 0; attempt < MOST_CONFLICTS; attempt++) {
      const decision = decide(await read(id))
      if (!decision) return null
      if (await write(...decision)) return decision[0]
    }
    throw new Error(`alarm ${id} kept changing while it was written`)
  }

  async function take(t: Transition, recordedAt: EpochMs, untold: boolean): Promise<boolean> {
    const event: AlarmEvent = {
      id: t.id,
      alarm: alarmId(t.rule, t.thing, t.key),
      at: t.at,
      recordedAt,
      kind: t.to === 'clear' ? 'cleared' : 'raised',
      severity: t.severity,
      by: null,
      text: t.why.text,
    }
    const item = eventItem(event, untold ? { state: UNTOLD, transition: JSON.stringify(t) } : {})
    const taken = await change(event.alarm, (known) => {
      const next = after(known, t)
      return next && [next, item]
    })
    return taken !== null
  }

  async function first(limit: number, input: QueryCommandInput): Promise<Item[]> {
    const found: Item[] = []
    for await (const item of queryAll(dynamo, { ...input, Limit: limit })) {
      found.push(item)
      if (found.length === limit) break
    }
    return found
  }

  async function inStates(states: readonly AlarmState[]): Promise<Stored[]> {
    const lists = states.map(async (state) => {
      const items = await queryList(dynamo, {
        TableName: table,
        IndexName: 'byState',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': { S: state } },
      })
      return items.map(toAlarm)
    })
    return (await Promise.all(lists)).flat()
  }

  async function ofThing(thing: string): Promise<Stored[]> {
    const items = await queryList(dynamo, {
      TableName: table,
      IndexName: 'byThing',
      KeyConditionExpression: 'thing = :t',
      ExpressionAttributeValues: { ':t': { S: thing } },
    })
    return items.map(toAlarm)
  }

  async function list({ state = 'all', thing, severity, rule, cursor, limit }: AlarmQuery): Promise<Alarm[]> {
    const wanted = statesOf[state]
    const found = thing === undefined ? await inStates(wanted) : await ofThing(thing)
    return found
      .filter(
        (alarm) =>
          wanted.includes(alarm.state) &&
          (severity === undefined || alarm.severity === severity) &&
          (rule === undefined || alarm.rule === rule) &&
          (cursor === undefined || alarm.id > cursor),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(shown)
  }

  return {
    apply: async (transitions, recordedAt, tell) => {
      const fresh = new Set<Transition>()
      const byAlarm = Map.groupBy(transitions, (t) => alarmId(t.rule, t.thing, t.key))
      await inParallel([...byAlarm.values()], KEYS_AT_ONCE, async (group) => {
        for (const t of group) if (await take(t, recordedAt, tell(t))) fresh.add(t)
      })
      return transitions.filter((t) => fresh.has(t))
    },
    untold: async (limit) => {
      const items = await first(limit, {
        TableName: table,
        IndexName: 'byState',
        KeyConditionExpression: '#s = :s',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': { S: UNTOLD } },
      })
      return items.map((item) => JSON.parse(text(item, 'transition')) as Transition)
    },
    told: async (ids) => {
      await inParallel(ids, KEYS_AT_ONCE, async (id) => {
        const cut = id.lastIndexOf('/')
        const entry = eventItem({ id, at: Number(id.slice(cut + 1)) }, {})['entry']!
        try {
          await dynamo.send(
            new UpdateItemCommand({
              TableName: table,
              Key: { alarm: { S: id.slice(0, cut) }, entry },
              UpdateExpression: 'REMOVE #s, transition',
              ConditionExpression: 'attribute_exists(alarm)',
              ExpressionAttributeNames: { '#s': 'state' },
            }),
          )
        } catch (error) {
          if (!isConflict(error)) throw error // no such event: nothing to cross off
        }
      })
    },
    acknowledge: async (id, by, comment, at) => {
      await change(id, (known) => {
        if (!known || known.acknowledgedAt !== null) return null
        const next: Stored = {
          ...known,
          state: alarmState(isActive(known), true),
          acknowledgedAt: at,
          acknowledgedBy: by,
          comment,
        }
        const event: AlarmEvent = {
          id: `${id}/acknowledged/${at}`,
          alarm: id,
          at,
          recordedAt: at,
          kind: 'acknowledged',
          severity: known.severity,
          by,
          text: comment ?? 'acknowledged',
        }
        return [next, eventItem(event, {})]
      })
      const known = await read(id)
      return known && shown(known)
    },
    get: async (id) => {
      const known = await read(id)
      return known && shown(known)
    },
    list,
    history: async (id, limit) => {
      const items = await first(limit, {
        TableName: table,
        KeyConditionExpression: 'alarm = :a AND begins_with(entry, :e)',
        ExpressionAttributeValues: { ':a': { S: id }, ':e': { S: 'event#' } },
        ScanIndexForward: false,
        ConsistentRead: true,
      })
      return items.map(toEvent)
    },
  }
}

const statesOf: Record<NonNullable<AlarmQuery['state']>, readonly AlarmState[]> = {
  active: ['unackActive', 'ackActive'],
  unacknowledged: ['unackActive', 'unackCleared'],
  all: ['unackActive', 'ackActive', 'unackCleared', 'normal'],
}

/** The alarm after a transition; null where it changes nothing: not newer than the last, or a clear without an alarm. */
function after(known: Stored | null, t: Transition): Stored | null {
  if (known && t.at <= known.transitionAt) return null
  const active = known !== null && isActive(known)
  if (t.to === 'clear') {
    if (!active) return null
    return {
      ...known,
      state: alarmState(false, known.acknowledgedAt !== null),
      clearedAt: t.at,
      transitionAt: t.at,
    }
  }
  if (active) return { ...known, severity: t.severity, transitionAt: t.at, why: t.why }
  return {
    id: alarmId(t.rule, t.thing, t.key),
    rule: t.rule,
    thing: t.thing,
    key: t.key,
    state: 'unackActive',
    severity: t.severity,
    raisedAt: t.at,
    clearedAt: null,
    transitionAt: t.at,
    occurrences: (known?.occurrences ?? 0) + 1,
    why: t.why,
    acknowledgedAt: null,
    acknowledgedBy: null,
    comment: null,
    revision: known?.revision ?? 0,
  }
}

function shown(stored: Stored): Alarm {
  const alarm: Partial<Stored> & Alarm = { ...stored }
  delete alarm.revision
  return alarm
}
