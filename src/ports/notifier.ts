import type { Transition } from '../core/alarm/transition.ts'

/** Tells people. At least once; the transition's id is stable, so a receiver can drop what it has seen. */
export interface Notifier {
  notify(transition: Transition): Promise<void>
}
