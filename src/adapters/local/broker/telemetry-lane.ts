import type { Intake } from './intake.ts'
import type { Interest } from './interest.ts'
import type { BrokerLimits } from './limits.ts'
import { isWanted, routeOf, type Permissions, type Route, type Session } from './session.ts'

/**
 * The short way for what devices send all day: a chunk of whole PUBLISH packets that only the journal wants goes there
 * without aedes, whose parser and queues cost as much as everything that happens to the message afterwards. Whatever else
 * a chunk holds, it goes to aedes whole.
 */
export interface TelemetryLane {
  /** Takes the chunk, or leaves it to aedes. It must begin and end between two packets. */
  take(session: Session, chunk: Buffer): boolean
}

interface Publish {
  route: Route
  payload: Buffer
  /** 0 with QoS 0. */
  packetId: number
}

const PUBLISH_QOS0 = 0x30
const PUBLISH_QOS1 = 0x32
const PUBLISH_QOS1_DUP = 0x3a

export function createTelemetryLane(intake: Intake, interest: Interest, limits: BrokerLimits): TelemetryLane {
  function publishesOf(permissions: Permissions, chunk: Buffer): Publish[] | null {
    const publishes: Publish[] = []
    for (let at = 0; at < chunk.length;) {
      const head = chunk[at++]
      if (head !== PUBLISH_QOS1 && head !== PUBLISH_QOS0 && head !== PUBLISH_QOS1_DUP) return null
      let length = 0
      let shift = 0
      do {
        length |= (chunk[at]! & 0x7f) << shift
        shift += 7
      } while (chunk[at++]! > 0x7f)
      const end = at + length
      const topicEnd = at + 2 + chunk[at]! * 256 + chunk[at + 1]!
      const payloadAt = head === PUBLISH_QOS0 ? topicEnd : topicEnd + 2
      // What is malformed or refused, aedes and the hooks know how to say.
      if (payloadAt > end || end - payloadAt > limits.payloadBytes) return null
      const packetId = head === PUBLISH_QOS0 ? 0 : chunk[topicEnd]! * 256 + chunk[topicEnd + 1]!
      if (head !== PUBLISH_QOS0 && packetId === 0) return null
      const route = routeAt(permissions, chunk, at + 2, topicEnd)
      if (route?.denied !== null || route.destination !== 'ingest' || isWanted(route, false, interest))
        return null
      publishes.push({ route, payload: chunk.subarray(payloadAt, end), packetId })
      at = end
    }
    return publishes
  }

  /** Most devices publish to one topic, which is compared byte by byte before it is made a string. */
  function routeAt(permissions: Permissions, chunk: Buffer, from: number, to: number): Route | null {
    const { latest } = permissions
    if (latest !== null && latest.bytes.length === to - from) {
      let i = 0
      while (from + i < to && latest.bytes[i] === chunk[from + i]) i++
      if (from + i === to) return latest.route
    }
    const bytes = Uint8Array.prototype.slice.call(chunk, from, to)
    if (bytes.some((byte) => byte > 0x7f)) return null
    const route = routeOf(permissions, chunk.toString('latin1', from, to), limits)
    permissions.latest = { bytes, route }
    return route
  }

  return {
    take: (session, chunk) => {
      const { conn, permissions, throttle } = session
      // PUBACKs come in the order of their PUBLISHes (MQTT-4.6.0-2): not while aedes owes one.
      if (!session.caughtUp || permissions === null || session.inflight > 0) return false
      const publishes = publishesOf(permissions, chunk)
      if (publishes === null) return false

      let waiting = publishes.length
      session.inLane = true
      const done = (error?: Error): void => {
        if (error !== undefined) conn.destroy()
        if (--waiting > 0) return
        session.inLane = false
        if (conn.destroyed) return
        acknowledge(session, publishes)
        if (session.asked) {
          session.asked = false
          conn.emit('readable')
        }
      }
      for (const { route, payload, packetId } of publishes) {
        const qos = packetId === 0 ? 0 : 1
        if (throttle === null) intake(session, route, payload, qos, done)
        else throttle.run(() => intake(session, route, payload, qos, done))
      }
      return true
    },
  }
}

function acknowledge({ conn }: Session, publishes: readonly Publish[]): void {
  const acks = Buffer.allocUnsafe(4 * publishes.length)
  let at = 0
  for (const { packetId } of publishes) {
    if (packetId === 0) continue
    acks[at++] = 0x40
    acks[at++] = 2
    acks[at++] = packetId >> 8
    acks[at++] = packetId & 0xff
  }
  if (at > 0) conn.write(at === acks.length ? acks : acks.subarray(0, at))
}
