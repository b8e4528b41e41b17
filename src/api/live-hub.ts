import { apiLimits } from './limits.ts'
import type { ApiPorts, LiveEvent } from './ports.ts'

/** An event with its place in this hub's order. */
export interface Numbered {
  number: number
  event: LiveEvent
}

export interface LiveHub {
  /** Distinguishes this hub's numbers from those of an earlier run. */
  readonly run: string
  publish(event: LiveEvent): void
  /** Calls back for every event from now on. */
  subscribe(onEvent: (numbered: Numbered) => void): () => void
  /** What came after this number, null if that is no longer known in full. */
  since(number: number): Numbered[] | null
  newest(): number
}

/**
 * Numbers live events and remembers the last of them, so that a reader who was cut off can go on where it was.
 * It listens to its source from the first reader on: a box that nobody looks at does not pay for it.
 */
export function liveHub({ live, clock }: Pick<ApiPorts, 'live' | 'clock'>): LiveHub {
  const listeners = new Set<(numbered: Numbered) => void>()
  const remembered: Numbered[] = []
  let oldest = 0
  let newest = 0
  let listening = false

  const publish = (event: LiveEvent): void => {
    if (!listening) return
    const numbered = { number: ++newest, event }
    remembered[newest % apiLimits.rememberedEvents] = numbered
    oldest = Math.max(oldest, newest - apiLimits.rememberedEvents)
    for (const listener of listeners) listener(numbered)
  }
  return {
    run: clock.now().toString(36),
    publish,
    subscribe(onEvent) {
      if (!listening) {
        listening = true
        live?.(publish)
      }
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
    since(number) {
      if (number < oldest || number > newest) return null
      const events: Numbered[] = []
      for (let n = number + 1; n <= newest; n++) {
        const numbered = remembered[n % apiLimits.rememberedEvents]
        if (numbered) events.push(numbered)
      }
      return events
    },
    newest: () => newest,
  }
}
