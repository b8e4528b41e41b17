import { mean, std, type Moments } from '../../src/core/window/window.ts'

/** One-minute windows by the textbook definition, from all readings at once: two passes, no merging, no streaming. */
export function batchWindows(readings: readonly { measure: string; at: number; value: number }[]) {
  const groups = Map.groupBy(readings, ({ measure, at }) => `${measure}|${Math.floor(at / 60_000)}`)
  return [...groups.values()]
    .map((group) => {
      const sorted = [...group].sort((a, b) => a.at - b.at)
      const values = sorted.map((r) => r.value)
      const n = values.length
      const sum = values.reduce((a, b) => a + b, 0)
      const average = sum / n
      const squares = values.reduce((a, v) => a + (v - average) ** 2, 0)
      return {
        measure: sorted[0]!.measure,
        minute: Math.floor(sorted[0]!.at / 60_000),
        n,
        mean: average,
        std: n > 1 ? Math.sqrt(squares / (n - 1)) : 0,
        min: Math.min(...values),
        max: Math.max(...values),
        first: values[0]!,
        last: values.at(-1)!,
      }
    })
    .sort((a, b) => a.minute - b.minute || (a.measure < b.measure ? -1 : 1))
}

export type BatchWindow = ReturnType<typeof batchWindows>[number]

/** What differs between a stored window and the batch's: counts and extremes exactly, mean and std within 1e-9. */
export function windowDifference(
  stored: (Moments & { measure: string; minute: number }) | undefined,
  batch: BatchWindow,
): string | null {
  const name = `${batch.measure} minute ${batch.minute}`
  if (!stored) return `${name} is missing`
  if (stored.measure !== batch.measure || stored.minute !== batch.minute)
    return `${name} met ${stored.measure} ${stored.minute}`
  for (const key of ['n', 'min', 'max', 'first', 'last'] as const)
    if (stored[key] !== batch[key]) return `${name}: ${key} is ${stored[key]}, batch says ${batch[key]}`
  const scale = Math.max(1, Math.abs(batch.min), Math.abs(batch.max))
  if (Math.abs(mean(stored) - batch.mean) > 1e-9 * scale)
    return `${name}: mean is ${mean(stored)}, batch says ${batch.mean}`
  if (Math.abs(std(stored) - batch.std) > 1e-9 * scale)
    return `${name}: std is ${std(stored)}, batch says ${batch.std}`
  return null
}
