import type { OutboxEntry, Transition } from '../core/alarm/transition.ts'
import type { AlarmBook } from '../ports/alarm-book.ts'
import type { Clock } from '../ports/clock.ts'
import type { CommandDesk, RequestDesk } from '../ports/command-desk.ts'

export interface DeliveryPorts {
  alarmBook: AlarmBook
  commands: CommandDesk
  requests: RequestDesk
  clock: Clock
  /** Which transitions people must hear of. */
  tells(transition: Transition): boolean
  /** Starts telling; never waits for whoever is told. */
  tell(transitions: readonly Transition[]): void
}

/** Brings what outboxes hold to where it belongs. Safe to repeat: everything has an id that is taken once. */
export type Deliver = (entries: readonly OutboxEntry[]) => Promise<void>

export function createDelivery({
  alarmBook,
  commands,
  requests,
  clock,
  tells,
  tell,
}: DeliveryPorts): Deliver {
  return async (entries) => {
    const transitions = entries.flatMap((e) => (e.kind === 'transition' ? [e.transition] : []))
    if (transitions.length > 0) {
      const fresh = await alarmBook.apply(transitions, clock.now(), tells)
      tell(fresh.filter(tells))
    }
    const orders = entries.flatMap((e) => (e.kind === 'command' ? [e.command] : []))
    if (orders.length > 0) await commands.accept(orders)
    const asked = entries.flatMap((e) => (e.kind === 'request' ? [e.request] : []))
    if (asked.length > 0) await requests.answer(asked)
  }
}
