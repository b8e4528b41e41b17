import { ListShardsCommand, PutRecordsCommand, type Shard } from '@aws-sdk/client-kinesis'
import type { EpochMs } from '../../../core/telemetry/reading.ts'
import { backOff } from '../back-off.ts'
import { envelopeBytes } from './raw-envelope.ts'
import type { Kinesis } from './put-in-order.ts'

/**
 * A barrier is a record that carries nothing but its time: whoever has handled it has handled all that came into its
 * shard before. It is how jobs know that a minute is folded and stored, where no one process sees everything.
 */
export const BARRIER_TOPIC = '$barrier'

/** A mapping with parallelization splits a shard by partition key, nobody knows how; with this many each lane has one. */
export const BARRIERS_A_LANE = 8

/** What a stream's barriers are called in the table of progress: one name a shard and partition key. */
export const barrierName = (shard: string, key: string): string => `${shard}/${key}`

/** Shards that are written to. AWS: a mapping reads a shard's children only after the shard, so closed ones need none. */
export async function openShards(kinesis: Kinesis, stream: string): Promise<Shard[]> {
  const shards: Shard[] = []
  let token: string | undefined
  do {
    const page = await kinesis.send(
      new ListShardsCommand(token === undefined ? { StreamName: stream } : { NextToken: token }),
    )
    shards.push(...(page.Shards ?? []))
    token = page.NextToken
  } while (token !== undefined)
  return shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined)
}

/** Puts barriers into every open shard, behind all that is there; gives the names under which their passing is noted. */
export async function putBarriers(
  kinesis: Kinesis,
  stream: string,
  at: EpochMs,
  keysAShard: number,
): Promise<string[]> {
  let waiting = (await openShards(kinesis, stream)).flatMap((shard) =>
    Array.from({ length: keysAShard }, (_, i) => ({ shard, key: `barrier-${i}` })),
  )
  const names = waiting.map(({ shard, key }) => barrierName(shard.ShardId ?? '', key))
  const Data = envelopeBytes({ topic: BARRIER_TOPIC, client: '', receivedAt: at, payload: new Uint8Array(0) })
  for (let attempt = 0; waiting.length > 0; attempt++) {
    if (attempt > 0) await backOff(attempt, `stream ${stream} refuses barriers`)
    const round = waiting.slice(0, 500)
    const { Records = [] } = await kinesis.send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: round.map(({ shard, key }) => ({
          PartitionKey: key,
          ExplicitHashKey: shard.HashKeyRange?.StartingHashKey,
          Data,
        })),
      }),
    )
    const refused = round.filter((_, i) => Records[i]?.SequenceNumber === undefined)
    if (refused.length < round.length) attempt = 0
    waiting = [...refused, ...waiting.slice(round.length)]
  }
  return names
}
