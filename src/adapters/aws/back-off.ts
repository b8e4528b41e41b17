import { setTimeout as sleep } from 'node:timers/promises'

const MOST_ATTEMPTS = 6
const FIRST_MS = 25

/** Waits before the given attempt, longer each time; throws once there have been enough. */
export async function backOff(attempt: number, trouble: string): Promise<void> {
  if (attempt > MOST_ATTEMPTS) throw new Error(`${trouble}, ${MOST_ATTEMPTS} times in a row`)
  await sleep(FIRST_MS * 2 ** (attempt - 1))
}

/** Runs the work of each item, at most so many at the same time; fails with the first failure, after all have ended. */
export async function inParallel<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const failures: unknown[] = []
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length && failures.length === 0; i = next++)
      await work(items[i]!).catch((error: unknown) => void failures.push(error))
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
