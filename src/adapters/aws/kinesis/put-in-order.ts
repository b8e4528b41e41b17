import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis'
import { backOff } from '../back-off.ts'

export type Kinesis = Pick<KinesisClient, 'send'>

export interface Entry {
  /** Records of one key keep their order. */
  key: string
  data: Uint8Array
}

/** AWS: the most records and bytes of one PutRecords; keys count as bytes. */
const MOST_RECORDS = 500
const MOST_BYTES = 4_500_000

/**
 * Puts entries into a stream and gives their sequence numbers. AWS: PutRecords keeps no order among its records and may
 * refuse single ones, so a call carries one record a key, and a key's next one waits until the one before is in.
 */
export async function putInOrder(
  kinesis: Kinesis,
  stream: string,
  entries: readonly Entry[],
): Promise<string[]> {
  const positions: string[] = entries.map(() => '')
  const queues = Map.groupBy(entries.keys(), (i) => entries[i]!.key)
  let refusals = 0
  while (queues.size > 0) {
    const round = nextRound(queues, entries)
    const { Records = [] } = await kinesis.send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: round.map((i) => ({ PartitionKey: entries[i]!.key, Data: entries[i]!.data })),
      }),
    )
    let accepted = 0
    let trouble = ''
    round.forEach((i, n) => {
      const { SequenceNumber, ErrorCode } = Records[n] ?? {}
      if (SequenceNumber === undefined) {
        trouble = ErrorCode ?? 'no answer'
        return
      }
      accepted++
      positions[i] = SequenceNumber
      const queue = queues.get(entries[i]!.key)!
      queue.shift()
      if (queue.length === 0) queues.delete(entries[i]!.key)
    })
    refusals = accepted > 0 ? 0 : refusals + 1
    if (accepted < round.length)
      await backOff(Math.max(1, refusals), `stream ${stream} refuses records (${trouble})`)
  }
  return positions
}

function nextRound(queues: ReadonlyMap<string, number[]>, entries: readonly Entry[]): number[] {
  const round: number[] = []
  let bytes = 0
  for (const [key, [i]] of queues) {
    bytes += entries[i!]!.data.length + key.length
    if (round.length === MOST_RECORDS || (bytes > MOST_BYTES && round.length > 0)) break
    round.push(i!)
  }
  return round
}
