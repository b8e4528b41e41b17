import type { EpochMs } from '../../core/telemetry/reading.ts'

export interface DueWheel<T> {
  /** Moves the item to this time; never, if it is infinite. */
  put(item: T, dueAt: EpochMs): void
  /** Takes out everything that is due, and looks at nothing else. */
  take(now: EpochMs): T[]
  size(): number
}

/** Items by the time at which they are due, in buckets: putting and taking cost the same however many others wait. */
export function dueWheel<T extends object>(bucketMs: number): DueWheel<T> {
  const buckets = new Map<number, Set<T>>()
  const placed = new Map<T, number>()

  function remove(item: T): void {
    const bucket = placed.get(item)
    if (bucket === undefined) return
    const items = buckets.get(bucket)!
    items.delete(item)
    if (items.size === 0) buckets.delete(bucket)
    placed.delete(item)
  }

  return {
    put: (item, dueAt) => {
      const bucket = Math.ceil(dueAt / bucketMs)
      if (placed.get(item) === bucket) return
      remove(item)
      if (!Number.isFinite(bucket)) return
      const items = buckets.get(bucket) ?? new Set()
      items.add(item)
      buckets.set(bucket, items)
      placed.set(item, bucket)
    },
    take: (now) => {
      const due = Math.floor(now / bucketMs)
      const ripe = [...buckets.keys()].filter((bucket) => bucket <= due).sort((a, b) => a - b)
      const taken: T[] = []
      for (const bucket of ripe) {
        for (const item of buckets.get(bucket)!) {
          taken.push(item)
          placed.delete(item)
        }
        buckets.delete(bucket)
      }
      return taken
    },
    size: () => placed.size,
  }
}
