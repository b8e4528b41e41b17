import { createHash } from 'node:crypto'
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { ErasureProgress } from '../../../ports/erasures.ts'
import { inParallel } from '../back-off.ts'
import type { Place } from '../lake/landing.ts'
import { isConflict, number, numberOrNull, text, textOrNull, toItem, type Dynamo, type Item } from './item.ts'
import { getAll, queryList } from './read-all.ts'

/** An erasure as its function goes about it. */
export interface Erasure extends Omit<ErasureProgress, 'waiting'> {
  /** Hash of the name, under which it is found once the name is forgotten. */
  id: string
  /** Empty once it is erased. */
  thing: string
  pass: 1 | 2
  /** What the pass does next, and from where on. */
  step: string
  cursor: string
}

export interface DynamoErasures {
  /** Gives the one that is under way, if there is one. */
  begin(thing: string, at: EpochMs, settlesAt: EpochMs): Promise<Erasure>
  of(thing: string): Promise<ErasureProgress | null>
  /** Those of these devices that are not done. */
  underWay(things: readonly string[]): Promise<Erasure[]>
  /** Those that are not done, the oldest first. */
  open(): Promise<Erasure[]>
  save(erasure: Erasure): Promise<void>
  /** Places of the lake that wait to be looked through. */
  addPlaces(id: string, places: readonly Place[]): Promise<void>
  removePlace(id: string, place: Place): Promise<void>
  places(id: string): Promise<Place[]>
}

const MAIN = 'erasure'
const PLACE = 'place#'
const OPEN = 'open'
const WRITES_AT_ONCE = 32
/** So long somebody may ask what became of it. */
const KEPT_S = 400 * 86_400

export const erasureId = (thing: string): string => createHash('sha256').update(thing).digest('hex')

/** Erasures in DynamoDB, by hash of the name, so that what tells of one that is done does not hold the name. */
export function dynamoErasures(dynamo: Dynamo, table: string): DynamoErasures {
  const keyOf = (id: string, entry: string): Item => toItem({ id, entry })
  const placeKey = (id: string, { table, day, bucket }: Place): Item =>
    keyOf(id, `${PLACE}${table}#${day}#${bucket}`)

  async function get(id: string): Promise<Erasure | null> {
    const { Item: item } = await dynamo.send(new GetItemCommand({ TableName: table, Key: keyOf(id, MAIN), ConsistentRead: true })) // prettier-ignore
    return item ? erasureOf(item) : null
  }

  async function places(id: string): Promise<Place[]> {
    const items = await queryList(dynamo, {
      TableName: table,
      KeyConditionExpression: 'id = :i AND begins_with(#e, :p)',
      ExpressionAttributeNames: { '#e': 'entry' },
      ExpressionAttributeValues: { ':i': { S: id }, ':p': { S: PLACE } },
      ConsistentRead: true,
    })
    return items.map((item): Place => {
      const [, kind = '', day = '', bucket = ''] = text(item, 'entry').split('#')
      return { table: kind as Place['table'], day: Number(day), bucket }
    })
  }

  return {
    begin: async (thing, at, settlesAt) => {
      const erasure: Erasure = { id: erasureId(thing), thing, state: 'erasing', requestedAt: at, settlesAt, finishedAt: null, items: 0, files: 0, hotStoreForgetsAt: null, pass: 1, step: '', cursor: '' } // prettier-ignore
      try {
        await dynamo.send(
          new PutItemCommand({
            TableName: table,
            Item: itemOf(erasure),
            ConditionExpression: 'attribute_not_exists(#o)',
            ExpressionAttributeNames: { '#o': OPEN },
          }),
        )
        return erasure
      } catch (error) {
        if (!isConflict(error)) throw error
        return (await get(erasure.id)) ?? erasure
      }
    },
    of: async (thing) => {
      const found = await get(erasureId(thing))
      if (!found) return null
      return progressOf(found, found.finishedAt === null ? (await places(found.id)).length : 0)
    },
    underWay: async (things) => {
      const keys = [...new Set(things)].map((thing) => keyOf(erasureId(thing), MAIN))
      return (await getAll(dynamo, table, keys))
        .map(erasureOf)
        .filter(({ finishedAt }) => finishedAt === null)
    },
    open: async () => {
      const items = await queryList(dynamo, {
        TableName: table,
        IndexName: 'byOpen',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': OPEN },
        ExpressionAttributeValues: { ':o': { S: OPEN } },
      })
      const found = await Promise.all(items.map(async (item) => get(text(item, 'id'))))
      return found.filter((erasure) => erasure !== null && erasure.finishedAt === null) as Erasure[]
    },
    save: async (erasure) => {
      await dynamo.send(new PutItemCommand({ TableName: table, Item: itemOf(erasure) }))
    },
    addPlaces: async (id, waiting) =>
      inParallel(waiting, WRITES_AT_ONCE, async (place) => {
        await dynamo.send(new PutItemCommand({ TableName: table, Item: placeKey(id, place) }))
      }),
    removePlace: async (id, place) => {
      await dynamo.send(new DeleteItemCommand({ TableName: table, Key: placeKey(id, place) }))
    },
    places,
  }
}

/** What of an erasure others are told. */
export const progressOf = ({ id: _, thing: __, pass: ___, step: ____, cursor: _____, ...known }: Erasure, waiting: number): ErasureProgress => ({ ...known, waiting }) // prettier-ignore

const itemOf = ({ thing, ...erasure }: Erasure): Item => {
  const { finishedAt } = erasure
  return toItem({
    ...erasure,
    entry: MAIN,
    ...(finishedAt === null ? { thing, [OPEN]: OPEN } : { forgetAt: Math.floor(finishedAt / 1000) + KEPT_S }),
  })
}

const erasureOf = (item: Item): Erasure => ({
  id: text(item, 'id'),
  thing: textOrNull(item, 'thing') ?? '',
  state: text(item, 'state') as Erasure['state'],
  requestedAt: number(item, 'requestedAt'),
  settlesAt: number(item, 'settlesAt'),
  finishedAt: numberOrNull(item, 'finishedAt'),
  items: number(item, 'items'),
  files: number(item, 'files'),
  hotStoreForgetsAt: numberOrNull(item, 'hotStoreForgetsAt'),
  pass: number(item, 'pass') === 2 ? 2 : 1,
  step: text(item, 'step'),
  cursor: text(item, 'cursor'),
})
