import { describe, expect, it } from 'vitest'
import { orderedBatch } from '../../lambdas/middleware/ordered-batch.ts'
import { contextOf, kinesisRecord } from '../aws/kinesis-event.ts'

const records = [1, 2, 3, 4, 5].map((n) => kinesisRecord(Buffer.from(''), BigInt(n)))
const failing = (at: string) => {
  const seen: string[][] = []
  const errors: unknown[] = []
  const handle = orderedBatch({
    sliceSize: 2,
    run: async (slice) => {
      seen.push(slice.map((r) => r.kinesis.sequenceNumber))
      if (slice.some((r) => r.kinesis.sequenceNumber === at)) throw new Error('away')
    },
    onFailure: (error) => void errors.push(error),
  })
  return { handle, seen, errors }
}

describe('orderedBatch', () => {
  it('answers that nothing failed', async () => {
    const { handle, seen } = failing('none')
    expect(await handle({ Records: records }, contextOf())).toEqual({ batchItemFailures: [] })
    expect(seen).toEqual([['1', '2'], ['3', '4'], ['5']])
  })

  it('stops at the first slice that fails and names its first record alone', async () => {
    const { handle, seen, errors } = failing('4')
    expect(await handle({ Records: records }, contextOf())).toEqual({
      batchItemFailures: [{ itemIdentifier: '3' }],
    })
    expect(seen).toHaveLength(2)
    expect(errors).toHaveLength(1)
  })

  it('throws where nothing was done, so that Lambda bisects', async () => {
    await expect(failing('2').handle({ Records: records }, contextOf())).rejects.toThrow('away')
  })

  it('hands back what there is no time for', async () => {
    const { handle, seen } = failing('none')
    expect(await handle({ Records: records }, contextOf(5000))).toEqual({
      batchItemFailures: [{ itemIdentifier: '3' }],
    })
    expect(seen).toHaveLength(1)
  })
})
