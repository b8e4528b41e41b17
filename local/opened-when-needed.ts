import type { Clock } from '../src/ports/clock.ts'

const RETRY_MS = 30_000

export interface OpenedWhenNeeded<T> {
  /** Null as long as it cannot be opened. Never rejects. */
  get(): Promise<T | null>
  /** Why it could not be opened, null if it could or nobody has needed it. */
  trouble(): string | null
  /** Holds it for failed, as if it had been tried just now. */
  fail(error: unknown): void
}

/** Opens something once, at the first need. What failed is tried again at a later need, not at every one. */
export function openedWhenNeeded<T>(
  open: () => Promise<T>,
  { clock, what, report }: { clock: Clock; what: string; report(why: string): void },
): OpenedWhenNeeded<T> {
  let opening: Promise<T | null> | null = null
  let failedAt = -Infinity
  let trouble: string | null = null

  function fail(error: unknown): void {
    opening = null
    failedAt = clock.elapsed()
    trouble = `${what}: ${error instanceof Error ? error.message : String(error)}`
    report(trouble)
  }

  async function attempt(): Promise<T | null> {
    try {
      const opened = await open()
      trouble = null
      return opened
    } catch (error) {
      fail(error)
      return null
    }
  }

  return {
    get: async () => {
      if (!opening && clock.elapsed() - failedAt < RETRY_MS) return null
      opening ??= attempt()
      return opening
    },
    trouble: () => trouble,
    fail,
  }
}
