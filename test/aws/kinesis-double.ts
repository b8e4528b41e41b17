import type { Kinesis } from '../../src/adapters/aws/kinesis/put-in-order.ts'
import { FIRST_SEQUENCE } from './kinesis-event.ts'

export interface Put {
  key: string
  data: Uint8Array
  sequence: bigint
}

interface Input {
  StreamName: string
  Records: { PartitionKey: string; Data: Uint8Array }[]
}

/** PutRecords in memory: one sequence for all, single records refused where `refuses` says so. */
export function kinesisDouble(
  options: { refuses?: (key: string, call: number) => boolean; before?: () => Promise<void> | void } = {},
) {
  const puts: Put[] = []
  let calls = 0
  return {
    client: {
      send: async ({ input }: { input: Input }) => {
        await options.before?.()
        calls++
        if (input.Records.length > 500) throw new Error('at most 500 records')
        return {
          Records: input.Records.map(({ PartitionKey, Data }) => {
            if (options.refuses?.(PartitionKey, calls))
              return { ErrorCode: 'ProvisionedThroughputExceededException' }
            const sequence = FIRST_SEQUENCE + BigInt(puts.length)
            puts.push({ key: PartitionKey, data: Data, sequence })
            return { SequenceNumber: String(sequence) }
          }),
        }
      },
    } as unknown as Kinesis,
    puts,
    calls: () => calls,
  }
}
