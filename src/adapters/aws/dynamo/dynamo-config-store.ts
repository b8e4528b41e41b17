import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { Change } from '../../../core/device/profile.ts'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { ConfigStore } from '../../../ports/config-store.ts'
import { inParallel } from '../back-off.ts'
import { padded, text, toItem, type Dynamo } from './item.ts'
import { queryList } from './read-all.ts'

const kinds: readonly Change['kind'][] = ['type', 'device', 'learned', 'site']
/** Kind under which every change is listed once more, by the time of its publication. */
const LOG = 'log'
const WRITES_AT_ONCE = 16
/** Writers' clocks differ, and a write takes time: what was published this shortly before is read again. */
const OVERLAP_MS = 60_000

export interface DynamoConfigStore extends ConfigStore {
  /** Changes published since then, and perhaps some of shortly before. */
  since(publishedAt: EpochMs): Promise<Change[]>
}

/** Versioned configuration in DynamoDB, with a log by which a function that runs keeps up for one small read. */
export function dynamoConfigStore(
  dynamo: Dynamo,
  table: string,
  clock: Pick<Clock, 'now'>,
): DynamoConfigStore {
  const read = async (kind: string, from: string): Promise<Change[]> => {
    const items = await queryList(dynamo, {
      TableName: table,
      KeyConditionExpression: 'kind = :k AND version >= :f',
      ExpressionAttributeValues: { ':k': { S: kind }, ':f': { S: from } },
      ConsistentRead: true,
    })
    return items.map((item) => JSON.parse(text(item, 'change')) as Change)
  }
  const put = async (kind: string, version: string, change: Change): Promise<void> => {
    await dynamo.send(
      new PutItemCommand({
        TableName: table,
        Item: toItem({ kind, version, change: JSON.stringify(change) }),
      }),
    )
  }

  return {
    all: async () =>
      (await Promise.all(kinds.map(async (kind) => read(kind, ' '))))
        .flat()
        .sort((a, b) => a.effectiveFrom - b.effectiveFrom),
    since: async (publishedAt) => read(LOG, padded(Math.max(0, publishedAt - OVERLAP_MS))),
    put: async (changes) => {
      const publishedAt = clock.now()
      await inParallel(changes, WRITES_AT_ONCE, async (change) => {
        const version = `${change.key}#${padded(change.effectiveFrom)}`
        await put(change.kind, version, change)
        await put(LOG, `${padded(publishedAt)}#${change.kind}#${version}`, change)
      })
    },
  }
}
