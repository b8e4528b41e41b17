import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Fact } from '../../../core/telemetry/stage.ts'
import type { FactQuery, TelemetryReader } from '../../../ports/telemetry-reader.ts'
import { inParallel } from '../back-off.ts'
import { isConflict, number, text, toItem, type Dynamo, type Item } from './item.ts'
import { queryAll } from './read-all.ts'

export interface DynamoFacts extends Pick<TelemetryReader, 'facts'> {
  write(facts: readonly Fact[]): Promise<void>
}

const WRITES_AT_ONCE = 32
/** Facts that last longer are listed by themselves, so that a question about a day looks back no further than this. */
const LONG_MS = 7 * 86_400_000
const indexes = {
  ofType: { name: 'byType', key: 'type' },
  ofThing: { name: 'byOwner', key: 'owner' },
  long: { name: 'byLong', key: 'long' },
} as const
type Index = (typeof indexes)[keyof typeof indexes]

const ownerOf = (type: string, thing: string): string => `${type}/${thing}`

/**
 * What stages and jobs found (trips, plans, predictions), kept for good: one item a fact, the newer version standing
 * whatever the order of writing. The hot store would forget them after a month, and holds one of those that begin together.
 */
export function dynamoFacts(dynamo: Dynamo, table: string): DynamoFacts {
  async function put({ type, thing, key, at, until, version, value }: Fact): Promise<void> {
    try {
      await dynamo.send(
        new PutItemCommand({
          TableName: table,
          Item: toItem({
            owner: ownerOf(type, thing),
            key,
            type,
            thing,
            at,
            until,
            version,
            value: JSON.stringify(value),
            long: until - at > LONG_MS ? type : null,
          }),
          ConditionExpression: 'attribute_not_exists(#k) OR #v <= :v',
          ExpressionAttributeNames: { '#k': 'key', '#v': 'version' },
          ExpressionAttributeValues: { ':v': { N: String(version) } },
        }),
      )
    } catch (error) {
      if (!isConflict(error)) throw error // a newer version is there
    }
  }

  /** Facts of one index that begin within [from, to) and are not over before `alive`, ascending by their beginning. */
  async function begun(
    index: Index,
    value: string,
    from: EpochMs,
    to: EpochMs,
    passes: (fact: Fact) => boolean,
    limit: number,
  ): Promise<Fact[]> {
    if (from >= to) return []
    const found: Fact[] = []
    const items = queryAll(dynamo, {
      TableName: table,
      IndexName: index.name,
      KeyConditionExpression: '#p = :p AND #a BETWEEN :f AND :t',
      ExpressionAttributeNames: { '#p': index.key, '#a': 'at' },
      ExpressionAttributeValues: {
        ':p': { S: value },
        ':f': { N: String(from) },
        ':t': { N: String(to) },
      },
    })
    for await (const item of items) {
      const fact = factOf(item)
      if (fact.at < to && passes(fact)) found.push(fact)
      if (found.length === limit) break
    }
    return found
  }

  return {
    write: async (facts) => inParallel(facts, WRITES_AT_ONCE, put),
    facts: async ({ type, thing, from, to, startingFrom = 0, limit }: FactQuery) => {
      const passes = (fact: Fact): boolean =>
        fact.until >= from && (thing === undefined || fact.thing === thing)
      const near = Math.max(startingFrom, from - LONG_MS)
      const [index, value] = thing === undefined ? [indexes.ofType, type] as const : [indexes.ofThing, ownerOf(type, thing)] as const // prettier-ignore
      const long = await begun(indexes.long, type, startingFrom, Math.min(near, to), passes, limit)
      if (long.length === limit) return long
      return long.concat(await begun(index, value, near, to, passes, limit - long.length))
    },
  }
}

const factOf = (item: Item): Fact => ({
  type: text(item, 'type'),
  thing: text(item, 'thing'),
  key: text(item, 'key'),
  at: number(item, 'at'),
  until: number(item, 'until'),
  version: number(item, 'version'),
  value: JSON.parse(text(item, 'value')) as Fact['value'],
})
