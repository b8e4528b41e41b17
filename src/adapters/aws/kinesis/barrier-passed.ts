import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { isConflict, number, text, toItem, type Dynamo } from '../dynamo/item.ts'
import { queryList } from '../dynamo/read-all.ts'
import { BARRIER_TOPIC, barrierName } from './barrier.ts'

/** The parts of a Kinesis record in a Lambda event that say where it was. */
export interface PlacedRecord {
  eventID: string
  kinesis: { partitionKey: string; data: string }
}

/** Which barriers a consumer has passed, in the table of progress. */
export interface PassedBarriers {
  /** Notes the barriers among these records, which have all been handled. */
  note(consumer: string, records: readonly PlacedRecord[]): Promise<void>
  /** Time of the newest barrier that has passed, by name. */
  newest(consumer: string): Promise<Map<string, EpochMs>>
}

export function passedBarriers(dynamo: Dynamo, table: string): PassedBarriers {
  async function note(consumer: string, name: string, at: EpochMs): Promise<void> {
    try {
      await dynamo.send(
        new UpdateItemCommand({
          TableName: table,
          Key: toItem({ name: `passed/${consumer}`, minute: name }),
          UpdateExpression: 'SET #v = :v, expiresAt = :e',
          ConditionExpression: 'attribute_not_exists(#v) OR #v < :v',
          ExpressionAttributeNames: { '#v': 'value' },
          ExpressionAttributeValues: {
            ':v': { N: String(at) },
            ':e': { N: String(Math.floor(at / 1000) + FORGOTTEN_AFTER_S) },
          },
        }),
      )
    } catch (error) {
      if (!isConflict(error)) throw error // a later one has passed
    }
  }
  return {
    note: async (consumer, records) => {
      for (const record of records) {
        const at = barrierTime(record)
        if (at === null) continue
        const shard = record.eventID.slice(0, record.eventID.indexOf(':'))
        await note(consumer, barrierName(shard, record.kinesis.partitionKey), at)
      }
    },
    newest: async (consumer) => {
      const items = await queryList(dynamo, {
        TableName: table,
        KeyConditionExpression: '#n = :n',
        ExpressionAttributeNames: { '#n': 'name' },
        ExpressionAttributeValues: { ':n': { S: `passed/${consumer}` } },
        ConsistentRead: true,
      })
      return new Map(items.map((item) => [text(item, 'minute'), number(item, 'value')]))
    },
  }
}

/** Shards are split and merged; what is said of those that are gone goes after a day. */
const FORGOTTEN_AFTER_S = 86_400

/** Longer than a barrier's envelope ever is, so that data records are told by their length alone. */
const MOST_CHARACTERS = 200

/** The barrier's time; null for a record that is none. */
export function barrierTime({ kinesis }: Pick<PlacedRecord, 'kinesis'>): EpochMs | null {
  if (kinesis.data.length > MOST_CHARACTERS || !kinesis.partitionKey.startsWith('barrier-')) return null
  try {
    const { topic, receivedAt } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as { topic?: unknown; receivedAt?: unknown } // prettier-ignore
    return topic === BARRIER_TOPIC && typeof receivedAt === 'number' ? receivedAt : null
  } catch {
    return null
  }
}
