/** What arrives, and what handling it takes. A worker is one lane: it handles one batch after the other. */
export interface Load {
  recordsPerSecond: number
  /** Highest second over mean second. */
  burst: number
  /** Time of a batch however small: invocation, one read of states, one round of commits. */
  batchMs: number
  /** What each record of a batch adds. */
  recordMs: number
  /** Largest batch that is handed to a worker. */
  batchSize: number
}

/**
 * Workers that keep every record's wait below the target while the load lasts; Infinity where no number does.
 *
 * A lane that takes whatever waited while it worked settles at batches of n = λT records, T = batchMs + n · recordMs,
 * so T = batchMs / (1 − λ · recordMs). A record may just miss a batch and then be last of the next: 2T in all. Hence
 * λ ≤ (1 − 2 · batchMs / target) / recordMs, and λ ≤ batchSize / (batchMs + batchSize · recordMs), or a backlog grows.
 */
export function workersNeeded(load: Load, targetLatencyMs: number): number {
  const perMs = (load.recordsPerSecond * load.burst) / 1000
  if (perMs === 0) return 1
  const slack = 1 - (2 * load.batchMs) / targetLatencyMs
  if (slack <= 0) return Infinity
  const byLatency = slack / load.recordMs
  const byBatch = load.batchSize / (load.batchMs + load.batchSize * load.recordMs)
  return Math.max(1, Math.ceil(perMs / Math.min(byLatency, byBatch)))
}

/** AWS: what one shard of a provisioned stream takes in. */
export const SHARD_RECORDS_PER_SECOND = 1000
export const SHARD_BYTES_PER_SECOND = 1_000_000

/** Shards that take the load in and feed enough workers, each shard feeding `parallelization` of them. */
export function shardsNeeded(
  load: Load & { bytesPerSecond: number },
  targetLatencyMs: number,
  parallelization: number,
): number {
  return Math.max(
    Math.ceil(workersNeeded(load, targetLatencyMs) / parallelization),
    Math.ceil((load.recordsPerSecond * load.burst) / SHARD_RECORDS_PER_SECOND),
    Math.ceil((load.bytesPerSecond * load.burst) / SHARD_BYTES_PER_SECOND),
  )
}

/** Below this share of what is there, shards are given back; in between nothing moves, since each move costs a reshard. */
const SHRINK_BELOW = 0.6

/**
 * Shard count to set next: growing at once, shrinking only when much is idle. One call at most doubles or halves
 * (AWS: UpdateShardCount), so a long way takes several.
 */
export function nextShardCount(
  current: number,
  needed: number,
  bounds: { min: number; max: number },
): number {
  const wanted = Math.min(bounds.max, Math.max(bounds.min, needed))
  if (wanted > current) return Math.min(wanted, current * 2)
  if (current > bounds.max || wanted < current * SHRINK_BELOW) return Math.max(wanted, Math.ceil(current / 2))
  return current
}
