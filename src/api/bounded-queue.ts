/** A queue that forgets its oldest items rather than grow, and says how many it forgot. */
export interface BoundedQueue<T> {
  push(item: T): void
  /** Everything that waits, and how many were dropped since the last take. */
  take(): { items: T[]; dropped: number }
  /** Resolves true once something waits, false after this time or on close. */
  wait(timeoutMs: number): Promise<boolean>
  close(): void
}

export function boundedQueue<T>(capacity: number): BoundedQueue<T> {
  let items: T[] = []
  let first = 0
  let dropped = 0
  let wake: ((some: boolean) => void) | null = null
  const settle = (some: boolean): void => {
    wake?.(some)
    wake = null
  }
  return {
    push(item) {
      if (items.length < capacity) items.push(item)
      else {
        items[first] = item // a ring once it is full
        first = (first + 1) % capacity
        dropped++
      }
      settle(true)
    },
    take() {
      const taken = { items: [...items.slice(first), ...items.slice(0, first)], dropped }
      items = []
      first = 0
      dropped = 0
      return taken
    },
    async wait(timeoutMs) {
      if (items.length > 0) return true
      return new Promise((resolve) => {
        const timer = setTimeout(settle, timeoutMs, false)
        timer.unref()
        wake = (some) => {
          clearTimeout(timer)
          resolve(some)
        }
      })
    },
    close: () => settle(false),
  }
}
