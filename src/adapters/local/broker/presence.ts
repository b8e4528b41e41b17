import type { EpochMs } from '../../../core/telemetry/reading.ts'
import type { Session } from './session.ts'

/** AWS IoT Core's lifecycle events: the reasons that this broker gives. */
export type DisconnectReason =
  | 'AUTH_ERROR'
  | 'CLIENT_ERROR'
  | 'CLIENT_INITIATED_DISCONNECT'
  | 'CONNECTION_LOST'
  | 'DUPLICATE_CLIENTID'
  | 'FORBIDDEN_ACCESS'
  | 'MQTT_KEEP_ALIVE_TIMEOUT'
  | 'SERVER_ERROR'
  | 'SERVER_INITIATED_DISCONNECT'

/** AWS IoT Core's lifecycle event, field for field. A connection and its end share the version number. */
export interface PresenceEvent {
  clientId: string
  thingName: string
  timestamp: EpochMs
  eventType: 'connected' | 'disconnected'
  sessionIdentifier: string
  principalIdentifier: string
  ipAddress?: string
  versionNumber: number
  clientInitiatedDisconnect?: boolean
  disconnectReason?: DisconnectReason
}

export const presenceTopic = (event: PresenceEvent): string =>
  `$aws/events/presence/${event.eventType}/${event.clientId}`

/** Null for a connection that was never accepted: it has no presence. */
export function presenceOf(
  session: Session,
  eventType: PresenceEvent['eventType'],
  timestamp: EpochMs,
): PresenceEvent | null {
  const { permissions, peer, version } = session
  if (permissions === null || peer === null || version === null) return null
  const event: PresenceEvent = {
    clientId: permissions.clientId,
    thingName: permissions.identity.thing,
    timestamp,
    eventType,
    sessionIdentifier: session.id,
    principalIdentifier: peer.principal,
    versionNumber: version,
  }
  if (eventType === 'connected') return { ...event, ipAddress: peer.remoteAddress }
  const clientInitiatedDisconnect = session.gate.disconnected() && session.endReason === null
  return {
    ...event,
    clientInitiatedDisconnect,
    disconnectReason:
      session.endReason ?? (clientInitiatedDisconnect ? 'CLIENT_INITIATED_DISCONNECT' : 'CONNECTION_LOST'),
  }
}
