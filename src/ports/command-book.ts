import type { Command } from '../core/alarm/transition.ts'
import type { ActuatorOrder } from '../core/device/actuator.ts'
import type { CommandEvent, CommandStatus } from '../core/device/command-state.ts'
import type { EpochMs } from '../core/telemetry/reading.ts'

/** A command and what became of it. */
export interface CommandRecord extends Command {
  status: CommandStatus
  by: string
  createdAt: EpochMs
  sentAt: EpochMs | null
  finishedAt: EpochMs | null
  /** What the device said. */
  detail: string | null
}

/** An actuator's last order; `revision` rises with each, so that two who give at once cannot both follow the same one. */
export interface LastOrder {
  order: ActuatorOrder
  revision: number
}

/** What a command does to the actuator of its name, if nobody else's order came in between. */
export interface OrderChange {
  /** One whose lease has ended already lets go of the actuator. */
  order: ActuatorOrder
  /** Revision of the order that was looked at, 0 where there was none. */
  after: number
}

/** Commands and actuators' orders. Each id is taken once. */
export interface CommandBook {
  /** Gives the ones that were new. On disk when it resolves, like every change. */
  add(commands: readonly Command[], by: string, now: EpochMs): Promise<CommandRecord[]>
  /** The command and its order in one step. */
  order(
    command: Command,
    by: string,
    now: EpochMs,
    change: OrderChange,
  ): Promise<'taken' | 'known' | 'overtaken'>
  get(thing: string, id: string): Promise<CommandRecord | null>
  /** Newest first; `cursor` is the id to go on after. */
  list(query: { thing: string; cursor?: string; limit: number }): Promise<CommandRecord[]>
  /** Oldest first: what may still have to be sent to this thing. */
  open(thing: string, now: EpochMs): Promise<CommandRecord[]>
  /** How many have neither been finished nor expired, counted up to `atMost`. */
  countOpen(thing: string, now: EpochMs, atMost: number): Promise<number>
  /** Moves a command on by `nextStatus`; gives it before and after, null if this thing has none such. */
  advance(
    thing: string,
    id: string,
    event: CommandEvent,
    now: EpochMs,
    detail?: string,
  ): Promise<{ before: CommandStatus; command: CommandRecord } | null>
  /** Ends what nobody has finished in time; gives those. Some may be left for the next call. */
  expire(now: EpochMs): Promise<CommandRecord[]>
  lastOrder(thing: string, actuator: string): Promise<LastOrder | null>
  /** Gives the command that lets go for every order whose lease has ended, each once, and adds it in the same step. */
  endLeases(now: EpochMs, expiresAt: EpochMs): Promise<CommandRecord[]>
  /** The device is no more: nothing of it is sent to a later one of the same name. What was given stays listed. */
  forget(thing: string, now: EpochMs): Promise<void>
  /** Forgets commands that were finished before this time. */
  prune(before: EpochMs): Promise<void>
}

/** The command that lets go of an actuator. Its id derives from the order, so it is given once. */
export const relinquishCommand = (
  thing: string,
  actuator: string,
  revision: number,
  expiresAt: EpochMs,
): Command => ({
  id: `relinquish/${thing}/${actuator}/${revision}`,
  thing,
  name: actuator,
  payload: { relinquish: true },
  expiresAt,
  atMostOnce: false,
})
