import type { Command } from '../../core/alarm/transition.ts'
import { interlockOrder, type ActuatorLimits, type Interlocked } from '../../core/device/actuator.ts'
import { maySend, parseAnswer } from '../../core/device/command-state.ts'
import type { Device } from '../../core/device/profile.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CommandBook, CommandRecord } from '../../ports/command-book.ts'
import type { CommandDesk } from '../../ports/command-desk.ts'
import type { Audit } from '../../ports/audit.ts'
import type { DeviceLink } from '../../ports/device-link.ts'

export interface CommandDeskPorts {
  book: CommandBook
  link: Pick<DeviceLink, 'publish'>
  clock: Clock
  audit: Pick<Audit, 'record'>
  device(thing: string): Device | null
  /** Limits of the actuator that a command of this name moves; null if it moves none. */
  actuator(device: Device, command: string): ActuatorLimits | null
  /** Whether the thing has a live subscription that covers the topic. */
  listens(thing: string, topic: string): boolean
}

export type Given =
  { kind: 'taken'; command: CommandRecord } | (Interlocked & { allowed: false; kind: 'refused' })

export interface DurableCommandDesk extends CommandDesk {
  /** One command of a person or a machine, held against the actuator's interlock. */
  give(command: Command, by: string, how: { manual: boolean; leaseMs?: number }): Promise<Given>
  /** What a device answered. Resolves once it is on disk. */
  answered(thing: string, payload: Uint8Array): Promise<void>
  /** The thing can hear: sends what waits. */
  listening(thing: string): Promise<void>
  /** Every minute: ends what is overdue and lets go of actuators whose lease ended. */
  sweep(): Promise<void>
}

const utf8 = new TextDecoder()

/**
 * Commands that survive: stored before they are sent, sent when the device listens, ended when their time is over.
 * One that must not run twice is marked sent, on disk, before it is published, and never published again.
 */
export function createCommandDesk(ports: CommandDeskPorts): DurableCommandDesk {
  const { book, link, clock, audit, device, actuator, listens } = ports
  /** One sender a thing, so that its commands keep their order. */
  const sending = new Map<string, Promise<void>>()

  const note = (actor: string, action: string, { id, thing, name, payload }: Command): void =>
    audit.record({
      at: clock.now(),
      actor,
      action,
      subject: thing,
      detail: JSON.stringify({ id, name, payload }),
    })

  function send(thing: string): Promise<void> {
    const next = (sending.get(thing) ?? Promise.resolve()).then(async () => sendOpen(thing))
    const settled = next.catch(() => undefined)
    sending.set(thing, settled)
    void settled.then(() => sending.get(thing) === settled && sending.delete(thing))
    return next
  }

  async function sendOpen(thing: string): Promise<void> {
    const to = device(thing)
    if (to?.status !== 'active') return
    for (const command of await book.open(thing, clock.now())) {
      const topic = `cmd/${to.trade}/${thing}/${command.name}/request`
      if (!listens(thing, topic) || !maySend(command, clock.now())) continue
      const { id, expiresAt, payload } = command
      const body = new TextEncoder().encode(JSON.stringify({ id, expiresAt, payload }))
      const sent = { kind: 'sent' } as const
      if (command.atMostOnce) {
        const marked = await book.advance(thing, id, sent, clock.now())
        if (marked?.status !== 'sent' || command.status !== 'queued') continue
        await link.publish(topic, body, 0)
      } else {
        await link.publish(topic, body, 1)
        await book.advance(thing, id, sent, clock.now())
      }
    }
  }

  async function take(commands: readonly Command[], by: string): Promise<CommandRecord[]> {
    const fresh = await book.add(commands, by, clock.now())
    for (const command of fresh) note(by, 'command.give', command)
    await Promise.all([...new Set(fresh.map(({ thing }) => thing))].map(send))
    return fresh
  }

  return {
    accept: async (commands) => void (await take(commands, 'telltale')),
    give: async (command, by, { manual, leaseMs }) => {
      const known = await book.get(command.id)
      if (known) return { kind: 'taken', command: known }
      const to = device(command.thing)
      const limits = to && actuator(to, command.name)
      if (limits) {
        const value = valueOf(command.payload)
        const last = await book.lastOrder(command.thing, command.name)
        const asked = { value, by, manual, ...(leaseMs !== undefined && { leaseMs }) }
        const verdict = interlockOrder(limits, last, asked, clock.now())
        if (!verdict.allowed) {
          note(by, `command.refuse.${verdict.code}`, command)
          return { kind: 'refused', ...verdict }
        }
        await book.saveOrder(command.thing, command.name, verdict.order)
      }
      await take([command], by)
      return { kind: 'taken', command: (await book.get(command.id))! }
    },
    answered: async (thing, payload) => {
      const answer = parseAnswer(parsed(payload))
      if (!answer) return
      const { id, status, detail } = answer
      await book.advance(thing, id, { kind: 'answered', status }, clock.now(), detail ?? undefined)
    },
    listening: send,
    sweep: async () => {
      for (const command of await book.expire(clock.now())) note('telltale', 'command.expire', command)
      for (const { thing, actuator: name, order } of await book.endedLeases(clock.now()))
        await take(
          [
            {
              id: `relinquish/${thing}/${name}/${order.at}`,
              thing,
              name,
              payload: { relinquish: true },
              expiresAt: clock.now() + RELINQUISH_MS,
              atMostOnce: false,
            },
          ],
          'telltale',
        )
    },
  }
}

/** A device that was away when its lease ended hears of it when it comes back within a day. */
const RELINQUISH_MS = 86_400_000

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
