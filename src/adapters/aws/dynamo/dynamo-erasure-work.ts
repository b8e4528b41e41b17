import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { inParallel } from '../back-off.ts'
import type { Place } from '../lake/landing.ts'
import { erasurePlaces, getErasure, itemOf, OPEN, placeKey, type Erasure } from './erasure-item.ts'
import { text, type Dynamo } from './item.ts'
import { queryList } from './read-all.ts'

/** The side of erasures that does them. */
export interface ErasureWork {
  /** Those that are not done, the oldest first. */
  open(): Promise<Erasure[]>
  save(erasure: Erasure): Promise<void>
  /** Places of the lake that wait to be looked through. */
  addPlaces(id: string, places: readonly Place[]): Promise<void>
  removePlace(id: string, place: Place): Promise<void>
  places(id: string): Promise<Place[]>
}

const WRITES_AT_ONCE = 32

export function dynamoErasureWork(dynamo: Dynamo, table: string): ErasureWork {
  return {
    open: async () => {
      const items = await queryList(dynamo, {
        TableName: table,
        IndexName: 'byOpen',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': OPEN },
        ExpressionAttributeValues: { ':o': { S: OPEN } },
      })
      const found = await Promise.all(items.map(async (item) => getErasure(dynamo, table, text(item, 'id'))))
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
    places: async (id) => erasurePlaces(dynamo, table, id),
  }
}
