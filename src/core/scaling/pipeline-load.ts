import type { Load } from './workers-needed.ts'

/**
 * What a batch costs a pipeline function of one GiB: reading states, one put of effects and a round of commits, each a few
 * milliseconds at AWS's own latencies, and what each message adds (bench/lambda.ts, and its share of a round of 64
 * commits). The scaler, the cost model and docs/operations.md go by the same numbers.
 */
export const pipelineLoad: Omit<Load, 'recordsPerSecond'> = {
  burst: 2,
  batchMs: 40,
  recordMs: 0.3,
  batchSize: 1000,
}

/** DESIGN section 9: an alarm is with its notifier within this, 99 times in a hundred. */
export const TARGET_LATENCY_MS = 500
