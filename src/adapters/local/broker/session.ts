import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { DeviceStatus } from '../../../core/device/profile.ts'
import type { Trade } from '../../../core/telemetry/reading.ts'
import type { Gate } from './gate.ts'
import type { Interest } from './interest.ts'
import type { BrokerLimits } from './limits.ts'
import { compilePolicy, devicePolicy, type Policy, type PolicyDocument } from './policy.ts'
import type { Throttle } from './throttle.ts'
import type { DisconnectReason } from './presence.ts'
import { destinationOf, effectiveTopic, isBasicIngest, topicFault, type Destination } from './topics.ts'

/** Whom a certificate belongs to. `policy` is for identities that are no device yet, such as claim certificates. */
export interface Identity {
  thing: string
  trade: Trade
  status: DeviceStatus
  policy?: PolicyDocument
  /** Beyond the policy: whether it may connect under this client id, which would cut whoever has it now. */
  admits?(clientId: string): boolean
}

export interface Peer {
  /** SHA-256 of the certificate in lower-case hex; the client id on the plain listener. */
  principal: string
  commonName: string
  serial: string
  notAfter: number
  remoteAddress: string
}

/** What was decided about a topic this device publishes to. `denied` says why not. */
export interface Route {
  topic: string
  destination: Destination
  denied: string | null
  /** First level of the topic, null for Basic Ingest, which nobody can receive. */
  root: string | null
}

/** What a peer may do, with its decisions remembered by topic string. */
export interface Permissions {
  identity: Identity
  clientId: string
  allows: Policy
  routes: Map<string, Route>
  receives: Map<string, boolean>
  /** The topic that it published to last. */
  latest: { bytes: Uint8Array; route: Route } | null
}

/** What of a CONNECT packet the rules look at. */
export interface Connect {
  clientId: string
  clean: boolean
  will: { topic: string; qos: number; retain: boolean; payloadBytes: number } | null
  /** 0 where the client promised no packets. */
  keepAliveMs: number
}

export interface Session {
  id: string
  conn: Duplex
  gate: Gate
  peer: Peer | null
  permissions: Permissions | null
  connect: Connect | null
  subscriptions: Set<string>
  /** CONNACK was sent, so presence was announced with this number. */
  version: number | null
  /** The messages of its absence were sent; from now on nobody waits for it. */
  caughtUp: boolean
  endReason: DisconnectReason | null
  /** Publishes that wait for the journal. */
  inflight: number
  /** Publishes of the telemetry lane wait for the journal; nothing more is read before they are acknowledged. */
  inLane: boolean
  /** A read was asked for meanwhile. */
  asked: boolean
  /** Ends the connection unless something comes in time; null where the client promised nothing. */
  keepAlive: NodeJS.Timeout | null
  /** When the packet that is only half here began, on the duration clock, and its number; −1 between packets. */
  pendingSince: number
  pendingPacket: number
  stalledSince: number
  openedAt: number
  /** Holds back what exceeds the rate; null where the rate is unlimited. */
  throttle: Throttle | null
}

export const openSession = (conn: Duplex, gate: Gate, peer: Peer | null, openedAt: number): Session => ({
  id: randomUUID(),
  conn,
  gate,
  peer,
  permissions: null,
  connect: null,
  subscriptions: new Set(),
  version: null,
  caughtUp: false,
  endReason: null,
  inflight: 0,
  inLane: false,
  asked: false,
  keepAlive: null,
  pendingSince: -1,
  pendingPacket: 0,
  stalledSince: -1,
  openedAt,
  throttle: null,
})

export function permissionsOf(identity: Identity, clientId: string): Permissions {
  const variables = { thing: identity.thing, trade: identity.trade, clientId }
  return {
    identity,
    clientId,
    allows: compilePolicy(identity.policy ?? devicePolicy, variables),
    routes: new Map(),
    receives: new Map(),
    latest: null,
  }
}

/** A device that invents topics for ever must not grow the table of decisions. */
const REMEMBERED = 128

export function routeOf(permissions: Permissions, topic: string, limits: BrokerLimits): Route {
  const known = permissions.routes.get(topic)
  if (known !== undefined) return known
  const route = decideRoute(permissions, topic, limits)
  if (permissions.routes.size >= REMEMBERED) permissions.routes.clear()
  permissions.routes.set(topic, route)
  return route
}

function decideRoute({ allows }: Permissions, topic: string, limits: BrokerLimits): Route {
  const fault = topicFault(topic, limits)
  const denied = fault ?? (allows('iot:Publish', `topic/${topic}`) ? null : 'the policy does not allow it')
  const effective = effectiveTopic(topic)
  return {
    topic: effective,
    destination: destinationOf(topic),
    denied,
    root: isBasicIngest(topic) ? null : effective.split('/', 1)[0]!,
  }
}

export function mayReceive(permissions: Permissions, topic: string): boolean {
  const known = permissions.receives.get(topic)
  if (known !== undefined) return known
  const allowed = permissions.allows('iot:Receive', `topic/${topic}`)
  if (permissions.receives.size >= REMEMBERED) permissions.receives.clear()
  permissions.receives.set(topic, allowed)
  return allowed
}

/** Whether a publish must be fanned out: nobody receives Basic Ingest, and often nobody asked for the rest. */
export const isWanted = (route: Route, retain: boolean, interest: Interest): boolean =>
  route.root !== null && (retain || interest.has(route.root))
