import type { Command } from '../../core/alarm/transition.ts'
import {
  heldByHand,
  interlockOrder,
  letGo,
  type ActuatorLimits,
  type ActuatorOrder,
  type Interlocked,
} from '../../core/device/actuator.ts'
import { maySend, MOST_OPEN_COMMANDS, parseAnswer } from '../../core/device/command-state.ts'
import type { Device } from '../../core/device/profile.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CommandBook, CommandRecord } from '../../ports/command-book.ts'
import type { CommandDesk } from '../../ports/command-desk.ts'
import type { DeviceLink } from '../../ports/device-link.ts'

export interface CommandDeskPorts {
  book: CommandBook
  link: Pick<DeviceLink, 'publish'>
  clock: Clock
  audit: Pick<Audit, 'record'>
  device(thing: string): Promise<Device | null> | Device | null
  /** Limits of the actuator that a command of this name moves; null if it moves none. */
  actuator(device: Device, command: string): Promise<ActuatorLimits | null> | ActuatorLimits | null
  /** Whether the thing hears what is published on the topic now. */
  listens(thing: string, topic: string): Promise<boolean> | boolean
}

export type Given =
  | { kind: 'taken'; command: CommandRecord }
  | (Interlocked & { allowed: false; kind: 'refused' })
  | { kind: 'full'; open: number }
export interface How {
  manual: boolean
  leaseMs?: number
}

export interface DurableCommandDesk extends CommandDesk {
  /** One command of a person or a machine, held against the actuator's interlock. */
  give(command: Command, by: string, how: How): Promise<Given>
  /** What a device answered. Resolves once it is on disk. */
  answered(thing: string, payload: Uint8Array): Promise<void>
  /** The thing can hear: sends what waits. */
  listening(thing: string): Promise<void>
  /** Every minute: ends what is overdue and lets go of actuators whose lease ended. */
  sweep(): Promise<void>
  /** The device is no more. */
  forget(thing: string): Promise<void>
}

/** A device that was away when its lease ended hears of it when it comes back within a day. */
const RELINQUISH_MS = 86_400_000
/** A command that is done is history: the audit log keeps who gave it. */
const KEPT_MS = 90 * 86_400_000
const utf8 = new TextDecoder()

/**
 * Commands that survive: stored before they are sent, sent when the device listens, ended when their time is over.
 * One that must not run twice is marked sent, on disk, before it is published, and never published again.
 */
export function createCommandDesk(ports: CommandDeskPorts): DurableCommandDesk {
  const { book, link, clock, audit, device, actuator, listens } = ports
  /** One sender a thing, so that its commands keep their order. */
  const sending = new Map<string, Promise<unknown>>()
  /** One taker a thing, so that none counts what another is about to add. */
  const taking = new Map<string, Promise<unknown>>()

  const note = (actor: string, action: string, { id, thing, name, payload }: Command): void =>
    audit.record({
      at: clock.now(),
      actor,
      action,
      subject: thing,
      detail: JSON.stringify({ id, name, payload }),
    })

  const send = async (thing: string, again = false): Promise<void> =>
    inTurn(sending, thing, async () => sendOpen(thing, again))

  async function sendAll(commands: readonly Command[]): Promise<void> {
    await Promise.all([...new Set(commands.map(({ thing }) => thing))].map(async (thing) => send(thing)))
  }

  /** `again` sends once more what was sent and not answered: its first sending may have been lost with a connection. */
  async function sendOpen(thing: string, again: boolean): Promise<void> {
    const to = await device(thing)
    if (to?.status !== 'active') return
    for (const command of await book.open(thing, clock.now())) {
      if (command.status === 'sent' && !again) continue
      if (await isOverruled(to, command)) continue
      const topic = `cmd/${to.trade}/${thing}/${command.name}/request`
      if (!(await listens(thing, topic)) || !maySend(command, clock.now())) continue
      const { id, expiresAt, payload } = command
      const body = new TextEncoder().encode(JSON.stringify({ id, expiresAt, payload }))
      const sent = { kind: 'sent' } as const
      if (command.atMostOnce) {
        const marked = await book.advance(thing, id, sent, clock.now())
        if (marked?.before === 'queued' && marked.command.status === 'sent')
          await link.publish(topic, body, 0)
      } else {
        await link.publish(topic, body, 1)
        await book.advance(thing, id, sent, clock.now())
      }
    }
  }

  /**
   * An order to an actuator that is in force no longer: another one came after it, or its lease is over. Told of it now, a
   * device that has followed the later one would move back.
   */
  async function isOverruled(to: Device, { name, payload, createdAt }: CommandRecord): Promise<boolean> {
    if (isRelinquish(payload) || !(await actuator(to, name))) return false
    const last = await book.lastOrder(to.thing, name)
    if (!last) return false
    const { at, until } = last.order
    return at > createdAt || (until !== null && until <= clock.now())
  }

  const take = async (command: Command, by: string, how: How): Promise<Given> =>
    inTurn(taking, command.thing, async () => takeNow(command, by, how))

  /** Stored, with the order that it means for an actuator. Two orders at once are judged one after the other. */
  async function takeNow(command: Command, by: string, how: How): Promise<Given> {
    const known = await book.get(command.thing, command.id)
    if (known) return { kind: 'taken', command: known }
    const open = await book.countOpen(command.thing, clock.now(), MOST_OPEN_COMMANDS)
    // Letting go is never refused: the machine's own programme is the safe state.
    if (open >= MOST_OPEN_COMMANDS && !isRelinquish(command.payload)) {
      note(by, 'command.refuse.full', command)
      return { kind: 'full', open }
    }
    const limits = await limitsOf(command)
    if (!limits) await add([command], by)
    for (;;) {
      const known = await book.get(command.thing, command.id)
      if (known) return { kind: 'taken', command: known }
      if (!limits) throw new Error(`command ${command.id} was stored and is gone`)
      const last = await book.lastOrder(command.thing, command.name)
      if (!last && isRelinquish(command.payload)) {
        await add([command], by)
        continue
      }
      const verdict = judge(limits, last?.order ?? null, command, by, how)
      if (!verdict.allowed) {
        note(by, `command.refuse.${verdict.code}`, command)
        return { kind: 'refused', ...verdict }
      }
      const change = { order: verdict.order, after: last?.revision ?? 0 }
      const outcome = await book.order(command, by, clock.now(), change)
      if (outcome === 'taken') note(by, 'command.give', command)
    }
  }

  async function limitsOf({ thing, name }: Command): Promise<ActuatorLimits | null> {
    const to = await device(thing)
    return to && actuator(to, name)
  }

  async function add(commands: readonly Command[], by: string): Promise<void> {
    for (const fresh of await book.add(commands, by, clock.now())) note(by, 'command.give', fresh)
  }

  function judge(
    limits: ActuatorLimits,
    last: ActuatorOrder | null,
    { payload }: Command,
    by: string,
    { manual, leaseMs }: How,
  ): Interlocked {
    const now = clock.now()
    if (last === null || !isRelinquish(payload)) {
      const asked = { value: valueOf(payload), by, manual, ...(leaseMs !== undefined && { leaseMs }) }
      return interlockOrder(limits, last, asked, now)
    }
    const held = heldByHand(last, now)
    return held && !manual
      ? { allowed: false, code: 'manual', text: `${held.by} has set ${held.value} by hand` }
      : { allowed: true, order: letGo(last, now) }
  }

  return {
    accept: async (commands) => {
      await Promise.all(commands.map(async (command) => take(command, 'telltale', { manual: false })))
      await sendAll(commands)
    },
    give: async (command, by, how) => {
      const given = await take(command, by, how)
      if (given.kind !== 'taken') return given
      await send(command.thing)
      return { kind: 'taken', command: (await book.get(command.thing, command.id)) ?? given.command }
    },
    answered: async (thing, payload) => {
      const answer = parseAnswer(parsed(payload))
      if (!answer) return
      const { id, status, detail } = answer
      await book.advance(thing, id, { kind: 'answered', status }, clock.now(), detail ?? undefined)
    },
    listening: (thing) => send(thing, true),
    sweep: async () => {
      const now = clock.now()
      for (const command of await book.expire(now)) note('telltale', 'command.expire', command)
      const released = await book.endLeases(now, now + RELINQUISH_MS)
      for (const command of released) note('telltale', 'command.give', command)
      await sendAll(released)
      await book.prune(now - KEPT_MS)
    },
    forget: async (thing) => book.forget(thing, clock.now()),
  }
}

/** Runs what is asked for one thing after what was asked for it before, whatever became of that. */
function inTurn<T>(turns: Map<string, Promise<unknown>>, thing: string, work: () => Promise<T>): Promise<T> {
  const next = (turns.get(thing) ?? Promise.resolve()).then(work)
  const settled = next.catch(() => undefined)
  turns.set(thing, settled)
  void settled.then(() => turns.get(thing) === settled && turns.delete(thing))
  return next
}

const isRelinquish = (payload: unknown): boolean =>
  typeof payload === 'object' &&
  payload !== null &&
  (payload as { relinquish?: unknown }).relinquish === true &&
  !('value' in payload)

/** An actuator's command says its number as `value`; anything else is out of every range. */
function valueOf(payload: unknown): number {
  const value =
    typeof payload === 'object' && payload !== null ? (payload as { value?: unknown }).value : undefined
  return typeof value === 'number' ? value : Number.NaN
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(payload)) as unknown
  } catch {
    return null
  }
}
