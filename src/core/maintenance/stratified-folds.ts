import { shuffled, type Random } from './seeded-random.ts'

/** A fold number 0..k−1 for each row, classes spread evenly over the folds. */
export function stratifiedFolds(labels: ArrayLike<number>, k: number, random: Random): Uint8Array {
  const folds = new Uint8Array(labels.length)
  const seen = new Map<number, number>()
  for (const row of shuffled(labels.length, random)) {
    const count = seen.get(labels[row]!) ?? 0
    folds[row] = count % k
    seen.set(labels[row]!, count + 1)
  }
  return folds
}

/** Rows inside and outside of a fold. */
export function splitByFold(folds: Uint8Array, fold: number): { inside: number[]; outside: number[] } {
  const inside: number[] = []
  const outside: number[] = []
  folds.forEach((of, row) => (of === fold ? inside : outside).push(row))
  return { inside, outside }
}
