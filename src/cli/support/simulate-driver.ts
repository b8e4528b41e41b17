import { setTimeout as sleep } from 'node:timers/promises'
import type { SimulatedEvent } from '../../../simulator/message.ts'
import type { Trade } from '../../core/telemetry/reading.ts'
import type { DeviceConnection } from './device-connection.ts'
import { inFlight } from './in-flight.ts'

export interface DriveOptions {
  events: Iterable<SimulatedEvent>
  trade: Trade
  connections: ReadonlyMap<string, DeviceConnection>
  clock: SimulatedClock
  /** Simulated time at which to end. */
  until: number
  stopped(): boolean
  onProgress(sent: DriveTally, at: number): void
}

export interface DriveTally {
  messages: number
  readings: number
  acknowledged: number
  /** Thrown away because the device's buffer was full: it has been without a connection for too long. */
  discarded: number
}

/** Simulated time, and how long until it reaches a moment. */
export interface SimulatedClock {
  start: number
  now(): number
  waitMs(at: number): number
}

/** Simulated time runs `speed` times as fast as real time until it has caught up with it, then as fast. */
export function simulatedClock(start: number, speed: number, wall: () => number): SimulatedClock {
  const begun = wall()
  const now = (): number => Math.min(wall(), start + (wall() - begun) * speed)
  return { start, now, waitMs: (at) => Math.max((at - now()) / speed, 0) }
}

/** Messages on their way at once, for each device, and what a device buffers while it has no connection. */
const IN_FLIGHT_A_DEVICE = 20
const BUFFERED_A_DEVICE = 600
/** Longest sleep, so that a signal to stop is seen. */
const NAP_MS = 200

/** Sends what the simulated devices do, when they do it, each over its own connection. */
export async function drive(options: DriveOptions): Promise<DriveTally> {
  const { events, trade, connections, clock, until, stopped, onProgress } = options
  const tally: DriveTally = { messages: 0, readings: 0, acknowledged: 0, discarded: 0 }
  const window = inFlight(IN_FLIGHT_A_DEVICE * connections.size + BUFFERED_A_DEVICE)
  const buffered = new Map<string, number>()

  for (const event of events) {
    if (event.sendAt >= until) break
    for (let wait = clock.waitMs(event.sendAt); wait > 0 && !stopped(); wait = clock.waitMs(event.sendAt)) {
      onProgress(tally, event.sendAt)
      await sleep(Math.min(Math.ceil(wait), NAP_MS))
    }
    if (stopped()) break
    const connection = connections.get(event.thing)!
    if (event.kind === 'disconnect') {
      connection.suspend()
      continue
    }
    const { thing, lane, message } = event
    const waiting = buffered.get(thing) ?? 0
    if (waiting >= BUFFERED_A_DEVICE) {
      tally.discarded++
      await sleep(0)
      continue
    }
    buffered.set(thing, waiting + 1)
    tally.messages++
    for (const values of Object.values(message.measures))
      for (const value of values) if (value !== null) tally.readings++
    await window.add(
      connection.publish(`dt/${trade}/${thing}/${lane}`, JSON.stringify(message)).then(() => {
        tally.acknowledged++
        buffered.set(thing, buffered.get(thing)! - 1)
      }),
    )
  }
  if (!stopped()) await window.drained()
  return tally
}
