import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'
import type { Kinesis } from '../../src/adapters/aws/kinesis/put-in-order.ts'
import { FIRST_SEQUENCE, kinesisRecord } from './kinesis-event.ts'

interface Held {
  id: string
  closed: boolean
  records: KinesisStreamRecord[]
}
interface PutInput {
  Records: { PartitionKey: string; ExplicitHashKey?: string; Data: Uint8Array }[]
}

/** A stream of several shards that are listed, split and drained. Test equipment. */
export function shardedStream(name: string, count: number) {
  const shards: Held[] = Array.from({ length: count }, (_, i) => ({
    id: idOf(i),
    closed: false,
    records: [],
  }))
  const puts: { key: string; data: Uint8Array }[] = []
  let sequence = FIRST_SEQUENCE
  let held: number | null = null

  const open = (): Held[] => shards.filter(({ closed }) => !closed)
  const client = {
    send: async ({ constructor, input }: { constructor: { name: string }; input: PutInput }) => {
      if (constructor.name === 'ListShardsCommand')
        return {
          Shards: shards.map(({ id, closed }, i) => ({
            ShardId: id,
            HashKeyRange: { StartingHashKey: String(i) },
            SequenceNumberRange: { StartingSequenceNumber: '0', ...(closed && { EndingSequenceNumber: '1' }) },
          })),
        }
      return {
        Records: input.Records.map(({ PartitionKey, ExplicitHashKey, Data }) => {
          const shard = ExplicitHashKey === undefined ? open()[PartitionKey.length % open().length]! : shards[Number(ExplicitHashKey)]!
          const record = kinesisRecord(Data, sequence++, PartitionKey)
          shard.records.push({ ...record, eventID: `${shard.id}:${record.kinesis.sequenceNumber}`, eventSourceARN: `arn:aws:kinesis:eu-central-1:123456789012:stream/${name}` })
          if (!PartitionKey.startsWith('barrier-')) puts.push({ key: PartitionKey, data: Data })
          return { SequenceNumber: record.kinesis.sequenceNumber }
        }),
      }
    },
  } as unknown as Kinesis // prettier-ignore

  return {
    client,
    /** What was put, barriers aside. */
    puts,
    /** Keeps back what one shard holds. */
    hold: (shard: number | null) => void (held = shard),
    /** Closes a shard and opens two in its place. */
    split: (shard: number) => {
      shards[shard]!.closed = true
      for (let i = 0; i < 2; i++) shards.push({ id: idOf(shards.length), closed: false, records: [] })
    },
    /** Hands every shard's records over, once. */
    drain: async (invoke: (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse>) => {
      for (const [i, shard] of shards.entries()) {
        if (i === held || shard.records.length === 0) continue
        const Records = shard.records.splice(0)
        await invoke({ Records })
      }
    },
  }
}

const idOf = (n: number): string => `shardId-${String(n).padStart(12, '0')}`
