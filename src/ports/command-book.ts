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

export interface CommandBook {
  /** Stores each id once; gives the ones that were new. */
  add(commands: readonly Command[], by: string, now: EpochMs): Promise<CommandRecord[]>
  get(id: string): Promise<CommandRecord | null>
  /** Newest first. */
  list(query: { thing: string; cursor?: string; limit: number }): Promise<CommandRecord[]>
  /** Oldest first: what may still have to be sent to this thing. */
  open(thing: string, now: EpochMs): Promise<CommandRecord[]>
  /** Moves a command on by `nextStatus`; gives it as it is then, null if this thing has none such. On disk when it resolves. */
  advance(
    thing: string,
    id: string,
    event: CommandEvent,
    now: EpochMs,
    detail?: string,
  ): Promise<CommandRecord | null>
  /** Ends what nobody has finished in time; gives those. */
  expire(now: EpochMs): Promise<CommandRecord[]>
  lastOrder(thing: string, actuator: string): Promise<ActuatorOrder | null>
  saveOrder(thing: string, actuator: string, order: ActuatorOrder): Promise<void>
  /** Orders whose lease has ended, each given once. */
  endedLeases(now: EpochMs): Promise<{ thing: string; actuator: string; order: ActuatorOrder }[]>
}
