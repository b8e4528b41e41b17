import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { ErasureProgress } from '../../../ports/erasures.ts'
import {
  erasureId,
  erasureKey,
  erasureOf,
  erasurePlaces,
  getErasure,
  itemOf,
  OPEN,
  progressOf,
  type Erasure,
} from './erasure-item.ts'
import { isConflict, type Dynamo } from './item.ts'
import { getAll } from './read-all.ts'

export interface DynamoErasures {
  /** Gives the one that is under way, if there is one. */
  begin(thing: string, at: EpochMs, settlesAt: EpochMs): Promise<Erasure>
  of(thing: string): Promise<ErasureProgress | null>
  /** Those of these devices that are not done. */
  underWay(things: readonly string[]): Promise<Erasure[]>
}

/** Erasures in DynamoDB, by hash of the name, so that what tells of one that is done does not hold the name. */
export function dynamoErasures(dynamo: Dynamo, table: string): DynamoErasures {
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
        return (await getErasure(dynamo, table, erasure.id)) ?? erasure
      }
    },
    of: async (thing) => {
      const found = await getErasure(dynamo, table, erasureId(thing))
      if (!found) return null
      return progressOf(
        found,
        found.finishedAt === null ? (await erasurePlaces(dynamo, table, found.id)).length : 0,
      )
    },
    underWay: async (things) => {
      const keys = [...new Set(things)].map((thing) => erasureKey(erasureId(thing)))
      return (await getAll(dynamo, table, keys))
        .map(erasureOf)
        .filter(({ finishedAt }) => finishedAt === null)
    },
  }
}
