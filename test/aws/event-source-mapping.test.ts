import type { KinesisStreamRecord } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { eventSourceMapping, reshard, type MappingOptions } from './event-source-mapping.ts'
import { kinesisRecord } from './kinesis-event.ts'

const NOW = 1_763_812_800_000
const record = (n: number, key = 'k', at = NOW): KinesisStreamRecord =>
  kinesisRecord(Buffer.from(String(n)), BigInt(n), key, at)
const numbers = (records: readonly KinesisStreamRecord[]) =>
  records.map((r) => Number(r.kinesis.sequenceNumber))

function mapping(over: Partial<MappingOptions> & Pick<MappingOptions, 'invoke'>) {
  const given: [string, number[]][] = []
  const options: MappingOptions = {
    batchSize: 10,
    parallelization: 1,
    bisect: true,
    retryAttempts: 2,
    maxRecordAgeMs: 60_000,
    reportBatchItemFailures: true,
    now: () => NOW,
    onFailure: (records, why) => void given.push([why, numbers(records)]),
    ...over,
  }
  return { ...eventSourceMapping(options), given }
}

describe('eventSourceMapping', () => {
  it('hands over batches in order and goes on after success', async () => {
    const seen: number[][] = []
    const { drain } = mapping({
      batchSize: 2,
      invoke: async ({ Records }) => void seen.push(numbers(Records)),
    })
    await drain([{ records: [1, 2, 3, 4, 5].map((n) => record(n)), parents: [] }])
    expect(seen).toEqual([[1, 2], [3, 4], [5]])
  })

  it('goes on from the lowest sequence number of a partial answer', async () => {
    const seen: number[][] = []
    const { drain } = mapping({
      invoke: async ({ Records }) => {
        seen.push(numbers(Records))
        return {
          batchItemFailures: seen.length === 1 ? [{ itemIdentifier: '4' }, { itemIdentifier: '3' }] : [],
        }
      },
    })
    await drain([{ records: [1, 2, 3, 4].map((n) => record(n)), parents: [] }])
    expect(seen).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ])
  })

  it('fails the whole batch for an identifier that it does not know', async () => {
    const seen: number[][] = []
    const { drain } = mapping({
      bisect: false,
      invoke: async ({ Records }) => {
        seen.push(numbers(Records))
        return { batchItemFailures: seen.length === 1 ? [{ itemIdentifier: '' }] : [] }
      },
    })
    await drain([{ records: [1, 2].map((n) => record(n)), parents: [] }])
    expect(seen).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  it('bisects down to the one record that no retry helps, and gives up only that', async () => {
    const taken: number[] = []
    const { drain, given } = mapping({
      invoke: async ({ Records }) => {
        if (numbers(Records).includes(6)) throw new Error('poison')
        taken.push(...numbers(Records))
      },
    })
    await drain([{ records: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => record(n)), parents: [] }])
    expect(given).toEqual([['retries', [6]]])
    expect(taken).toEqual([1, 2, 3, 4, 5, 7, 8])
  })

  it('gives up records that are too old', async () => {
    const { drain, given } = mapping({ invoke: async () => {} })
    await drain([{ records: [record(1, 'k', NOW - 60_001), record(2)], parents: [] }])
    expect(given).toEqual([['age', [1]]])
  })

  it('keeps a key in one lane and reads children after their parents', async () => {
    const seen: string[] = []
    const { drain } = mapping({
      parallelization: 4,
      batchSize: 1,
      invoke: async ({ Records }) => {
        await new Promise((resolve) => setTimeout(resolve, numbers(Records)[0]! % 3))
        seen.push(...Records.map((r) => `${r.kinesis.partitionKey}${r.kinesis.sequenceNumber}`))
      },
    })
    const keys = ['a', 'b', 'c', 'd', 'e']
    const all = Array.from({ length: 50 }, (_, i) => record(i + 1, keys[i % 5]))
    const parent = { records: all.slice(0, 25), parents: [] }
    await drain([...reshard(parent, all.slice(25)), parent])
    for (const key of keys) {
      const order = seen.filter((s) => s.startsWith(key)).map((s) => Number(s.slice(1)))
      expect(order).toEqual(order.toSorted((x, y) => x - y))
      expect(order).toHaveLength(10)
    }
  })
})
