import type { Transition } from '../../core/alarm/transition.ts'

export interface TransitionOutbox {
  add(transition: Transition): void
  /** In order, one delivery at a time; what could not be delivered is kept for the next try. */
  flush(): Promise<void>
}

/** What a job has decided and nobody has taken yet. */
export function createTransitionOutbox(
  deliver: (transitions: Transition[]) => Promise<unknown>,
): TransitionOutbox {
  let waiting: Transition[] = []
  let delivering: Promise<void> | null = null

  return {
    add: (transition) => void waiting.push(transition),
    flush: async () => {
      while (delivering) await delivering
      if (waiting.length === 0) return
      const batch = waiting
      waiting = []
      delivering = deliver(batch).then(
        () => undefined,
        () => void (waiting = [...batch, ...waiting]),
      )
      await delivering
      delivering = null
    },
  }
}
