import type { Clock } from '../../../ports/clock.ts'
import type { Refusal } from './ledger.ts'
import type { BrokerLimits } from './limits.ts'
import type { Session } from './session.ts'
import type { TelemetryLane } from './telemetry-lane.ts'

export type Cut = (session: Session, reason: Refusal, detail: string) => void

/**
 * Puts the gate between a connection and whoever reads it, and takes back-pressure from whoever writes to it: a
 * subscriber that does not read loses its connection, so that nobody else's messages wait for it.
 */
export function guardConnection(
  session: Session,
  lane: TelemetryLane,
  limits: BrokerLimits,
  clock: Clock,
  cut: Cut,
): void {
  const { conn, gate } = session
  const read = conn.read.bind(conn) as (size?: number) => Buffer | null
  conn.read = (size?: number): Buffer | null => {
    if (session.inLane) {
      session.asked = true
      // With nothing there it may be the end that waits to be seen.
      return conn.readableLength === 0 ? read(size) : null
    }
    const chunk = read(size)
    if (chunk === null) return null
    session.keepAlive?.refresh()
    const whole = !gate.midPacket()
    const violation = gate.inspect(chunk)
    if (violation !== null) {
      cut(session, violation, `after ${gate.begun()} packets`)
      return null
    }
    if (!gate.midPacket()) {
      session.pendingSince = -1
      if (whole && lane.take(session, chunk)) return null
    } else if (session.pendingSince < 0 || session.pendingPacket !== gate.begun()) {
      session.pendingSince = clock.elapsed()
      session.pendingPacket = gate.begun()
    }
    return chunk
  }

  const write = conn.write.bind(conn) as (...args: unknown[]) => boolean
  conn.write = ((...args: unknown[]): boolean => {
    const room = write(...args)
    if (conn.writableLength > limits.outgoingBytes)
      cut(session, 'slow_reader', `${conn.writableLength} bytes wait`)
    return room || session.caughtUp
  }) as typeof conn.write
}

/** What a look at a connection's clocks finds overdue, null if nothing. */
export function overdue(
  session: Session,
  limits: BrokerLimits,
  elapsed: number,
): { reason: Refusal; detail: string } | null {
  const { conn } = session
  if (session.connect === null && elapsed - session.openedAt > limits.connectMs)
    return { reason: 'connect_timeout', detail: `no CONNECT within ${limits.connectMs} ms` }
  // While the journal is behind, it is the box that does not read.
  if (session.inflight > 0 || conn.readableLength > 0) {
    if (session.pendingSince >= 0) session.pendingSince = elapsed
  } else if (session.pendingSince >= 0 && elapsed - session.pendingSince > limits.packetMs)
    return { reason: 'packet_timeout', detail: `half a packet for ${limits.packetMs} ms` }
  if (!conn.writableNeedDrain) session.stalledSince = -1
  else if (session.stalledSince < 0) session.stalledSince = elapsed
  else if (elapsed - session.stalledSince > limits.stallMs)
    return { reason: 'slow_reader', detail: `nothing read for ${limits.stallMs} ms` }
  return null
}
