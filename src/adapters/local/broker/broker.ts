import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { Aedes, type Client, type PublishPacket } from 'aedes'
import { guardConnection, overdue, type Cut } from './connection-guard.ts'
import { createGate } from './gate.ts'
import { createHooks, type MarkedPacket } from './hooks.ts'
import { createHttpPublish } from './http-publish.ts'
import { createIntake } from './intake.ts'
import { createInterest } from './interest.ts'
import { openLedger, type BrokerStats } from './ledger.ts'
import { brokerLimits } from './limits.ts'
import { startListeners, type Ports } from './listeners.ts'
import type { BrokerOptions } from './options.ts'
import { presenceOf, presenceTopic, type DisconnectReason, type PresenceEvent } from './presence.ts'
import { identityFault, peerFault } from './rules.ts'
import { boundSessions } from './session-store.ts'
import { isWanted, openSession, type Identity, type Peer, type Session } from './session.ts'
import { createTelemetryLane } from './telemetry-lane.ts'
import { createThrottle } from './throttle.ts'
import { covers } from './topics.ts'
import { peerOf } from './tls-identity.ts'

export interface Connection {
  thing: string
  clientId: string
  principal: string
  remoteAddress: string
}

export interface Broker {
  ports: Ports
  /** From the platform to whoever has subscribed. */
  publish(topic: string, payload: Uint8Array, options?: { qos?: 0 | 1; retain?: boolean }): Promise<void>
  /** The platform's own subscription, without a policy. */
  subscribe(filter: string, listener: (topic: string, payload: Uint8Array) => void): Promise<void>
  /** Cuts every live connection of a thing; says how many there were. */
  kick(thing: string): number
  /** Takes the authority's present revocation list and server certificate into use, and cuts whom the list names. */
  reloadCrl(): void
  connections(): Connection[]
  /** Whether a live connection of this client has subscribed to something that covers the topic. */
  hears(clientId: string, topic: string): boolean
  stats(): BrokerStats
  close(): Promise<void>
}

/** A broker that devices take for AWS IoT Core. docs/broker.md says where it differs. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { authority, clock, directory } = options
  const limits = { ...brokerLimits, ...options.limits }
  const ledger = openLedger(options.audit, clock)
  const { stats } = ledger
  const interest = createInterest()
  const sessions = new WeakMap<Duplex, Session>()
  const live = new Set<Session>()
  const byClientId = new Map<string, Session>()
  const versions = new Map<string, number>()
  const peers = new WeakMap<TLSSocket, Peer>()
  const sessionOf = (client: Client): Session | undefined => sessions.get(client.conn)

  const cut: Cut = (session, reason, detail) => {
    const actor = session.permissions?.identity.thing ?? session.peer?.commonName ?? 'unknown'
    ledger.refuse(reason, actor, session.peer?.remoteAddress ?? '', detail)
    session.endReason ??= 'CLIENT_ERROR'
    session.conn.destroy()
  }

  const end = (session: Session, reason: DisconnectReason): void => {
    session.endReason ??= reason
    session.conn.destroy()
  }

  function takeOver(session: Session): void {
    const { clientId } = session.permissions!
    const older = byClientId.get(clientId)
    if (older !== undefined) older.endReason ??= 'DUPLICATE_CLIENTID'
    byClientId.set(clientId, session)
    store.opened(clientId)
    // MQTT-3.1.2-24
    const { keepAliveMs } = session.connect!
    if (keepAliveMs > 0)
      session.keepAlive = setTimeout(end, keepAliveMs * 1.5, session, 'MQTT_KEEP_ALIVE_TIMEOUT')
  }

  const intake = createIntake(options, ledger)
  const lane = createTelemetryLane(intake, interest, limits)
  const hooks = createHooks({ options, limits, ledger, intake, interest, sessionOf, takeOver })
  const aedes = await Aedes.createBroker({
    ...hooks,
    // Deliveries never wait for a slow reader (see guardConnection), so this bounds memory, not speed.
    concurrency: 1_000,
    connectTimeout: limits.connectMs * 2,
    drainTimeout: 0,
    heartbeatInterval: 3_600_000,
  })
  const granted = (clientId: string, filter: string): boolean =>
    byClientId.get(clientId)?.subscriptions.has(filter) ?? false
  const store = boundSessions(aedes, limits, granted, () => stats.queueDropped++)
  skipUndelivered(aedes)

  async function publish(
    topic: string,
    payload: Uint8Array,
    { qos = 0, retain = false }: { qos?: 0 | 1; retain?: boolean } = {},
  ): Promise<void> {
    const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup: false } as const
    return new Promise((resolve, reject) => {
      aedes.publish(packet, (error) => (error ? reject(error) : resolve()))
    })
  }

  function announce(session: Session, eventType: PresenceEvent['eventType']): void {
    const event = presenceOf(session, eventType, clock.now())
    if (event === null) return
    options.onPresence?.(event)
    if (interest.has('$aws') && !aedes.closed)
      publish(presenceTopic(event), Buffer.from(JSON.stringify(event))).catch(() => undefined)
  }

  aedes.on('connackSent', (connack, client) => {
    const session = sessionOf(client)
    if (connack.returnCode !== 0 || !session?.permissions) return
    const { clientId } = session.permissions
    session.version = versions.get(clientId) ?? 0
    versions.set(clientId, session.version + 1)
    stats.accepted++
    stats.connected++
    announce(session, 'connected')
  })
  aedes.on('clientReady', (client) => {
    const session = sessionOf(client)
    if (!session) return
    session.caughtUp = true
    // A persistent session's subscriptions hold again without a SUBSCRIBE (MQTT 3.1.1, 3.1.2.4).
    if (session.permissions && session.subscriptions.size > 0)
      options.onSubscribe?.(session.permissions.identity.thing, [...session.subscriptions])
  })
  aedes.on('subscribe', (subscriptions, client) => {
    const session = sessionOf(client)
    if (!session?.permissions || !options.onSubscribe) return
    const granted = subscriptions
      .map(({ topic }) => topic)
      .filter((topic) => session.subscriptions.has(topic))
    if (granted.length > 0) options.onSubscribe(session.permissions.identity.thing, granted)
  })
  aedes.on('unsubscribe', (filters, client) => {
    for (const filter of filters) sessionOf(client)?.subscriptions.delete(filter)
  })
  const broken = (client: Client, error: Error & { code?: string }): void => {
    const session = sessionOf(client)
    // A code is the system's or ours; without one it is about what the client sent. An acknowledgement that comes too
    // late for a connection that is closed already is nobody's fault.
    if (session === undefined || client.closed || error.code !== undefined || session.endReason !== null)
      return
    cut(session, 'protocol_error', error.message)
  }
  aedes.on('clientError', broken)
  aedes.on('connectionError', broken)

  /** One connection, its certificate already proven, whatever carried it. */
  function accept(conn: Duplex, peer: Peer | null): void {
    const session = openSession(conn, createGate(limits), peer, clock.elapsed())
    if (limits.publishesPerSecond > 0) session.throttle = createThrottle(limits.publishesPerSecond, clock)
    sessions.set(conn, session)
    live.add(session)
    guardConnection(session, lane, limits, clock, cut)
    conn.once('close', () => ended(session))
    aedes.handle(conn)
  }

  function ended(session: Session): void {
    const { permissions, connect, version } = session
    live.delete(session)
    session.throttle?.stop()
    clearTimeout(session.keepAlive ?? undefined)
    if (permissions && byClientId.get(permissions.clientId) === session) {
      byClientId.delete(permissions.clientId)
      if (connect?.clean === false) store.away(permissions.clientId, clock.elapsed())
    }
    if (version === null) return
    stats.connected--
    announce(session, 'disconnected')
  }

  /** The present owner of a TLS connection's certificate. Asked again on every request and on every CONNECT. */
  function identify(socket: TLSSocket): { peer: Peer; identity: Identity } | null {
    const peer = peers.get(socket) ?? peerOf(socket)
    if (peer === null) return null
    peers.set(socket, peer)
    const identity = directory.identify(peer.principal, peer.commonName)
    const fault =
      peerFault(peer, authority.isRevoked(peer.serial), clock.now()) ?? identityFault(identity, peer)
    if (fault === null) return { peer, identity: identity! }
    ledger.refuse(fault.reason, peer.commonName, peer.remoteAddress, fault.detail)
    return null
  }

  const listeners = await startListeners({
    options,
    limits,
    ledger,
    accept,
    admit: (socket) => identify(socket)?.peer ?? null,
    publish: createHttpPublish({
      options,
      limits,
      ledger,
      identify: (socket) => identify(socket)?.identity ?? null,
      deliver: async (route, payload, qos, retain) => {
        if (isWanted(route, retain, interest)) await publish(route.topic, payload, { qos, retain })
      },
    }),
  })

  const sweepMs = Math.min(1_000, limits.packetMs / 4, limits.connectMs / 4, limits.stallMs / 4)
  const sweep = setInterval(() => {
    const elapsed = clock.elapsed()
    store.expire(elapsed)
    for (const session of live) {
      const late = overdue(session, limits, elapsed)
      if (late !== null) cut(session, late.reason, late.detail)
    }
  }, sweepMs)
  sweep.unref()

  /** Sessions end by the server's will; says how many. */
  function endAll(chosen: (session: Session) => boolean): number {
    let count = 0
    for (const session of live) {
      if (!chosen(session)) continue
      end(session, 'SERVER_INITIATED_DISCONNECT')
      count++
    }
    return count
  }

  return {
    ports: listeners.ports,
    publish,
    subscribe: (filter, listener) => {
      interest.add(filter)
      return new Promise((resolve) => {
        aedes.subscribe(
          filter,
          (packet, done) => {
            if (covers(filter, packet.topic)) listener(packet.topic, packet.payload as Buffer)
            done()
          },
          resolve,
        )
      })
    },
    kick: (thing) =>
      endAll(({ permissions, peer }) => (permissions?.identity.thing ?? peer?.commonName) === thing),
    reloadCrl: () => {
      listeners.reload()
      endAll(({ peer }) => peer !== null && authority.isRevoked(peer.serial))
    },
    connections: () => [...live].flatMap((session) => connectionOf(session) ?? []),
    hears: (clientId, topic) => {
      const session = byClientId.get(clientId)
      if (!session || session.conn.destroyed) return false
      return [...session.subscriptions].some((filter) => covers(filter, topic))
    },
    stats: () => ({ ...stats, refused: { ...stats.refused } }),
    close: async () => {
      clearInterval(sweep)
      endAll(() => true)
      // Not after the sessions: devices that come back at once would never let it end.
      const silent = listeners.close()
      await new Promise<void>((resolve) => {
        aedes.close(() => resolve())
      })
      await silent
    },
  }
}

/** Spares the fan-out, a good half of aedes's work a message, to publishes that only the journal wants. */
function skipUndelivered(aedes: Aedes): void {
  const fanOut = aedes.publish.bind(aedes) as (packet: PublishPacket, ...rest: unknown[]) => void
  aedes.publish = (packet: PublishPacket & MarkedPacket, ...rest: unknown[]): void => {
    // aedes's notes to other brokers of a cluster, a few at every connection
    if (packet.undelivered !== true && !packet.topic.startsWith('$SYS/')) return fanOut(packet, ...rest)
    const done = rest.at(-1)
    if (typeof done === 'function') (done as (error: null) => void)(null)
  }
}

function connectionOf({ permissions, peer }: Session): Connection | null {
  if (permissions === null || peer === null) return null
  const { principal, remoteAddress } = peer
  return { thing: permissions.identity.thing, clientId: permissions.clientId, principal, remoteAddress }
}
