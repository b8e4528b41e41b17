import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda'

/** Time that a slice must have left, or it is handed back untouched rather than cut off in the middle. */
const SLICE_NEEDS_MS = 10_000

export interface OrderedBatchOptions {
  /** Records that are handled, and committed, together. */
  sliceSize: number
  run(records: readonly KinesisStreamRecord[]): Promise<void>
  onFailure(error: unknown): void
}

/**
 * Handles a Kinesis batch slice by slice, in order, and stops at the first that fails. AWS: the lowest sequence number
 * in the answer is the checkpoint and everything from it on comes again, so exactly one is named. A failure before
 * anything was done is thrown: only then does Lambda bisect the batch and so find the record that no retry helps.
 */
export function orderedBatch({ sliceSize, run, onFailure }: OrderedBatchOptions) {
  return async (
    { Records }: { Records: KinesisStreamRecord[] },
    context: { getRemainingTimeInMillis(): number },
  ): Promise<KinesisStreamBatchResponse> => {
    for (let from = 0; from < Records.length; from += sliceSize) {
      const slice = Records.slice(from, from + sliceSize)
      if (from > 0 && context.getRemainingTimeInMillis() < SLICE_NEEDS_MS) return failedFrom(slice)
      try {
        await run(slice)
      } catch (error) {
        if (from === 0) throw error
        onFailure(error)
        return failedFrom(slice)
      }
    }
    return { batchItemFailures: [] }
  }
}

const failedFrom = ([first]: readonly KinesisStreamRecord[]): KinesisStreamBatchResponse => ({
  batchItemFailures: first ? [{ itemIdentifier: first.kinesis.sequenceNumber }] : [],
})
