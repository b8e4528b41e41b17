import type { Clock } from '../../../ports/clock.ts'

/** A token bucket of one second: what exceeds the rate waits its turn, in order, and with it the connection's next read. */
export interface Throttle {
  run(action: () => void): void
  /** Forgets what waits. */
  stop(): void
}

export function createThrottle(perSecond: number, clock: Pick<Clock, 'elapsed'>): Throttle {
  const waiting: (() => void)[] = []
  let tokens = perSecond
  let filledAt = clock.elapsed()
  let timer: NodeJS.Timeout | null = null

  function take(): boolean {
    const elapsed = clock.elapsed()
    tokens = Math.min(perSecond, tokens + ((elapsed - filledAt) * perSecond) / 1_000)
    filledAt = elapsed
    if (tokens < 1) return false
    tokens--
    return true
  }

  function drain(): void {
    timer = null
    while (waiting.length > 0 && take()) waiting.shift()!()
    if (waiting.length > 0) timer = setTimeout(drain, Math.ceil((1 - tokens) * (1_000 / perSecond)))
  }

  return {
    run: (action) => {
      if (waiting.length === 0 && take()) return action()
      waiting.push(action)
      timer ??= setTimeout(drain, Math.ceil(1_000 / perSecond))
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer)
      waiting.length = 0
    },
  }
}
