import { randomBytes } from 'node:crypto'
import { createServer as createPlainServer, type AddressInfo, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { Aedes, type Client, type PublishPacket } from 'aedes'
import { guardConnection, overdue, type Cut } from './connection-guard.ts'
import { createGate } from './gate.ts'
import { createHooks, type MarkedPacket } from './hooks.ts'
import { createInterest } from './interest.ts'
import { openLedger, type BrokerStats, type Refusal } from './ledger.ts'
import { brokerLimits } from './limits.ts'
import type { BrokerOptions } from './options.ts'
import { presenceOf, presenceTopic, type PresenceEvent } from './presence.ts'
import { identityFault, peerFault } from './rules.ts'
import { openSession, type Peer, type Session } from './session.ts'
import { mutualTlsOptions, peerOf, secureContextOptions } from './tls-identity.ts'

export interface Connection {
  thing: string
  clientId: string
  principal: string
  remoteAddress: string
}

export interface Broker {
  /** Where it listens. */
  ports: { mqtt: number; plain: number | null; https: number | null }
  /** From the platform to whoever has subscribed. */
  publish(topic: string, payload: Uint8Array, options?: { qos?: 0 | 1; retain?: boolean }): Promise<void>
  /** The platform's own subscription, without a policy. */
  subscribe(filter: string, listener: (topic: string, payload: Uint8Array) => void): Promise<void>
  /** Cuts every live connection of a thing; says how many there were. */
  kick(thing: string): number
  /** Takes the authority's present revocation list and server certificate into use. */
  reloadCrl(): void
  connections(): Connection[]
  stats(): BrokerStats
  close(): Promise<void>
}

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
  const sessionOf = (client: Client): Session | undefined => sessions.get(client.conn)

  const cut: Cut = (session, reason, detail) => {
    const actor = session.permissions?.identity.thing ?? session.peer?.commonName ?? 'unknown'
    ledger.refuse(reason, actor, session.peer?.remoteAddress ?? '', detail)
    session.endReason ??= 'CLIENT_ERROR'
    session.conn.destroy()
  }

  function takeOver(session: Session): void {
    const older = byClientId.get(session.permissions!.clientId)
    if (older !== undefined) older.endReason ??= 'DUPLICATE_CLIENTID'
    byClientId.set(session.permissions!.clientId, session)
  }

  const hooks = createHooks({ options, limits, ledger, interest, sessionOf, takeOver })
  const aedes = await Aedes.createBroker({
    ...hooks,
    // Deliveries never wait for a slow reader (see guardConnection), so this bounds memory, not speed.
    concurrency: 1_000,
    connectTimeout: limits.connectMs * 2,
    drainTimeout: 0,
    heartbeatInterval: 3_600_000,
  })
  const fanOut = aedes.publish.bind(aedes) as (packet: PublishPacket, ...rest: unknown[]) => void
  aedes.publish = ((packet: PublishPacket & MarkedPacket, ...rest: unknown[]): void => {
    if (packet.undelivered !== true) return fanOut(packet, ...rest)
    const done = rest.at(-1)
    if (typeof done === 'function') (done as (error: null) => void)(null)
  }) as typeof aedes.publish

  function announce(session: Session, eventType: PresenceEvent['eventType']): void {
    const event = presenceOf(session, eventType, clock.now())
    if (event === null) return
    options.onPresence?.(event)
    if (!interest.has('$aws')) return
    void publish(presenceTopic(event), Buffer.from(JSON.stringify(event))).catch(() => undefined)
  }

  aedes.on('connackSent', (connack, client) => {
    const session = sessionOf(client)
    if (connack.returnCode !== 0 || session?.permissions == null) return
    const { clientId } = session.permissions
    session.version = versions.get(clientId) ?? 0
    versions.set(clientId, session.version + 1)
    stats.accepted++
    stats.connected++
    announce(session, 'connected')
  })
  aedes.on('clientReady', (client) => {
    const session = sessionOf(client)
    if (session) session.caughtUp = true
  })
  aedes.on('keepaliveTimeout', (client) => {
    const session = sessionOf(client)
    if (session) session.endReason ??= 'MQTT_KEEP_ALIVE_TIMEOUT'
  })
  aedes.on('unsubscribe', (filters, client) => {
    for (const filter of filters) sessionOf(client)?.subscriptions.delete(filter)
  })
  const broken = (client: Client, error: Error & { code?: string }): void => {
    const session = sessionOf(client)
    // A code is the system's or ours; without one it is about what the client sent.
    if (session === undefined || error.code !== undefined || session.endReason !== null) return
    cut(session, 'protocol_error', error.message)
  }
  aedes.on('clientError', broken)
  aedes.on('connectionError', broken)

  /** One connection, its certificate already proven, whatever carried it. */
  function accept(conn: Duplex, peer: Peer | null): void {
    const session = openSession(conn, createGate(limits), peer, clock.elapsed())
    sessions.set(conn, session)
    live.add(session)
    guardConnection(session, limits, clock, cut)
    conn.once('close', () => {
      live.delete(session)
      if (session.permissions && byClientId.get(session.permissions.clientId) === session)
        byClientId.delete(session.permissions.clientId)
      if (session.version === null) return
      stats.connected--
      announce(session, 'disconnected')
    })
    aedes.handle(conn)
  }

  const sweep = setInterval(
    () => {
      const elapsed = clock.elapsed()
      for (const session of live) {
        const late = overdue(session, limits, elapsed)
        if (late !== null) cut(session, late.reason, late.detail)
      }
    },
    Math.max(20, Math.min(1_000, limits.packetMs / 4, limits.connectMs / 4, limits.stallMs / 4)),
  )
  sweep.unref()

  /** The certificate behind a TLS connection, or null and an audit line. */
  function admitTls(socket: TLSSocket): Peer | null {
    const peer = peerOf(socket)
    if (peer === null) return null
    const fault =
      peerFault(peer, authority.isRevoked(peer.serial), clock.now()) ??
      identityFault(directory.identify(peer.principal, peer.commonName), peer)
    if (fault !== null) ledger.refuse(fault.reason, peer.commonName, peer.remoteAddress, fault.detail)
    return fault === null ? peer : null
  }

  const refuseTls = (error: Error & { code?: string }, socket: TLSSocket): void => {
    const verification = socket.authorizationError as unknown
    const detail = typeof verification === 'string' ? verification : (error.code ?? error.message)
    const reasons: Record<string, Refusal> = {
      CERT_REVOKED: 'certificate_revoked',
      CERT_HAS_EXPIRED: 'certificate_expired',
    }
    ledger.refuse(reasons[detail] ?? 'tls_refused', 'unknown', socket.remoteAddress ?? '', detail)
    socket.destroy()
  }

  const ticketKeys = randomBytes(48)
  const mqttServer = createTlsServer(
    { ...mutualTlsOptions(authority, ticketKeys, limits), ALPNProtocols: ['x-amzn-mqtt-ca', 'mqtt'] },
    (socket) => {
      if (socket.isSessionReused()) stats.resumed++
      const peer = admitTls(socket)
      if (peer === null) return socket.destroy()
      return accept(socket, peer)
    },
  )
  mqttServer.on('tlsClientError', refuseTls)
  mqttServer.maxConnections = limits.connections
  const plainServer = options.plain ? createPlainServer((socket) => accept(socket, null)) : null

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

  const mqtt = await listen(mqttServer, options.listen.mqttPort, options.listen.host)
  const plain = plainServer ? await listen(plainServer, options.plain!.port, '127.0.0.1') : null

  return {
    ports: { mqtt, plain, https: null },
    publish,
    subscribe: (filter, listener) => {
      interest.add(filter)
      return new Promise((resolve) => {
        aedes.subscribe(
          filter,
          (packet, done) => {
            listener(packet.topic, packet.payload as Buffer)
            done()
          },
          resolve,
        )
      })
    },
    kick: (thing) => {
      let count = 0
      for (const session of live) {
        const of = session.permissions?.identity.thing ?? session.peer?.commonName
        if (of !== thing) continue
        session.endReason ??= 'SERVER_INITIATED_DISCONNECT'
        session.conn.destroy()
        count++
      }
      return count
    },
    reloadCrl: () => mqttServer.setSecureContext({ ...secureContextOptions(authority), ticketKeys }),
    connections: () =>
      [...live].flatMap(({ permissions, peer }) =>
        permissions && peer
          ? [
              {
                thing: permissions.identity.thing,
                clientId: permissions.clientId,
                principal: peer.principal,
                remoteAddress: peer.remoteAddress,
              },
            ]
          : [],
      ),
    stats: () => ({ ...stats, refused: { ...stats.refused } }),
    close: async () => {
      clearInterval(sweep)
      for (const session of live) session.endReason ??= 'SERVER_INITIATED_DISCONNECT'
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      for (const session of live) session.conn.destroy()
      await Promise.all([mqttServer, plainServer].map((server) => server && closeServer(server)))
    },
  }
}

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })

const closeServer = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
