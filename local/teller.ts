import type { Transition } from '../src/core/alarm/transition.ts'
import type { AlarmBook } from '../src/ports/alarm-book.ts'
import type { Notifier } from '../src/ports/notifier.ts'

export interface Teller {
  /** Never waits. */
  tell(transitions: readonly Transition[]): void
  /** Tells what an earlier run did not get round to. */
  resume(): Promise<void>
  trouble(): string | null
  waiting(): number
}

export interface TellerOptions {
  notifiers: readonly Notifier[]
  alarmBook: Pick<AlarmBook, 'untold' | 'told'>
  timeoutMs: number
  retryMs: number
}

/** Beyond this the rest waits in the alarm book, on disk. */
const MOST_IN_MEMORY = 1000

/** Tells people, one transition after the other, at least once; a notifier that hangs delays only the telling. */
export function createTeller({ notifiers, alarmBook, timeoutMs, retryMs }: TellerOptions): Teller {
  let queue: Transition[] = []
  let busy = false
  let overflow = false
  let trouble: string | null = null

  let told: string[] = []
  let noting: Promise<void> = Promise.resolve()

  /** Crossing them off waits for the book, telling the next one does not. A lost crossing-off repeats a telling. */
  function noteTold(id: string): void {
    told.push(id)
    if (told.length > 1) return
    noting = noting.then(async () => {
      const ids = told
      told = []
      await alarmBook.told(ids).catch((error: Error) => (trouble = error.message))
    })
  }

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    try {
      for (let next = queue[0]; next; next = queue[0]) {
        await Promise.all(notifiers.map((notifier) => withTimeout(notifier.notify(next), timeoutMs)))
        queue.shift()
        trouble = null
        noteTold(next.id)
        if (queue.length === 0 && overflow) {
          await noting
          await refill()
        }
      }
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error)
      setTimeout(() => void work(), retryMs).unref()
    } finally {
      busy = false
    }
  }

  async function refill(): Promise<void> {
    overflow = false
    queue = await alarmBook.untold(MOST_IN_MEMORY)
    overflow = queue.length === MOST_IN_MEMORY
  }

  return {
    tell: (transitions) => {
      if (queue.length + transitions.length > MOST_IN_MEMORY) overflow = true
      else queue.push(...transitions)
      void work()
    },
    resume: async () => {
      await refill()
      void work()
    },
    trouble: () => trouble,
    waiting: () => queue.length,
  }
}

function withTimeout(promise: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the notifier did not answer within ${ms} ms`)), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
