import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda'

export interface MappingOptions {
  batchSize: number
  /** Lanes a shard: records of one partition key always share a lane. */
  parallelization: number
  bisect: boolean
  retryAttempts: number
  /** Records older than this are given up. */
  maxRecordAgeMs: number
  reportBatchItemFailures: boolean
  now(): number
  invoke(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse | void>
  onFailure(records: KinesisStreamRecord[], why: 'retries' | 'age'): void
}

interface Shard {
  records: KinesisStreamRecord[]
  /** Shards that this one came out of; it is read once they are done. */
  parents: Shard[]
}

/**
 * A Kinesis event source mapping as AWS documents it: batches in order, one invocation a lane at a time; a failure is
 * retried, bisected or checkpointed by the partial response; what ran out of retries or time goes to the destination.
 * Splitting a batch takes no retry. Test equipment, for no emulator does this.
 */
export function eventSourceMapping(options: MappingOptions) {
  const { parallelization } = options

  /** Reads shards until nothing is left; children after their parents, siblings side by side. */
  async function drain(shards: readonly Shard[]): Promise<void> {
    const done = new Map<Shard, Promise<void>>()
    const read = async (shard: Shard): Promise<void> => {
      let reading = done.get(shard)
      if (!reading) done.set(shard, (reading = readShard(shard)))
      return reading
    }
    async function readShard(shard: Shard): Promise<void> {
      await Promise.all(shard.parents.map(read))
      const lanes = Map.groupBy(shard.records, ({ kinesis }) => hash(kinesis.partitionKey) % parallelization)
      await Promise.all([...lanes.values()].map(readLane))
    }
    await Promise.all(shards.map(read))
  }

  async function readLane(records: KinesisStreamRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += options.batchSize)
      await handle(records.slice(from, from + options.batchSize), options.retryAttempts)
  }

  async function handle(batch: KinesisStreamRecord[], retriesLeft: number): Promise<void> {
    const fresh = batch.filter((record) => ageOf(record) <= options.maxRecordAgeMs)
    if (fresh.length < batch.length)
      options.onFailure(
        batch.filter((r) => !fresh.includes(r)),
        'age',
      )
    if (fresh.length === 0) return
    const failed = await failedFrom(fresh)
    if (failed === -1) return
    const rest = fresh.slice(failed)
    if (options.bisect && failed > 0) return handle(rest, retriesLeft) // split at the answer’s sequence number
    if (options.bisect && rest.length > 1) {
      const half = Math.ceil(rest.length / 2)
      await handle(rest.slice(0, half), retriesLeft)
      return handle(rest.slice(half), retriesLeft)
    }
    if (retriesLeft === 0) return options.onFailure(rest, 'retries')
    return handle(rest, retriesLeft - 1)
  }

  /** Index of the first record that counts as failed, −1 if none does. */
  async function failedFrom(batch: KinesisStreamRecord[]): Promise<number> {
    let answer: KinesisStreamBatchResponse | void
    try {
      answer = await options.invoke({ Records: batch })
    } catch {
      return 0
    }
    if (!options.reportBatchItemFailures || !answer || answer.batchItemFailures.length === 0) return -1
    const failures = answer.batchItemFailures.map(({ itemIdentifier }) =>
      batch.findIndex(({ kinesis }) => kinesis.sequenceNumber === itemIdentifier),
    )
    // AWS: an empty or unknown identifier fails the whole batch; of several, the lowest is the checkpoint.
    return failures.includes(-1) ? 0 : Math.min(...failures)
  }

  const ageOf = ({ kinesis }: KinesisStreamRecord): number =>
    options.now() - kinesis.approximateArrivalTimestamp * 1000

  return { drain }
}

/** Splits a shard: what comes later goes to two children by key. */
export function reshard(parent: Shard, later: KinesisStreamRecord[]): Shard[] {
  const halves = Map.groupBy(later, ({ kinesis }) => hash(`half ${kinesis.partitionKey}`) % 2)
  return [...halves.values()].map((records) => ({ records, parents: [parent] }))
}

function hash(text: string): number {
  let h = 0x811c9dc5
  for (const c of text) h = Math.imul(h ^ c.charCodeAt(0), 0x01000193)
  return h >>> 0
}
