import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createPlainServer, type AddressInfo, type Server } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { queueHandshakes } from './handshake-queue.ts'
import type { Ledger, Refusal } from './ledger.ts'
import type { BrokerLimits } from './limits.ts'
import type { BrokerOptions } from './options.ts'
import type { Peer } from './session.ts'
import { mutualTlsOptions, secureContextOptions } from './tls-identity.ts'

export interface ListenerContext {
  options: BrokerOptions
  limits: BrokerLimits
  ledger: Ledger
  /** Whose TLS connection this is; null was refused and audited. */
  admit: (socket: TLSSocket) => Peer | null
  accept: (conn: Duplex, peer: Peer | null) => void
  publish: RequestListener
}

export interface Ports {
  mqtt: number
  plain: number | null
  https: number | null
}

export interface Listeners {
  ports: Ports
  /** Takes the authority's present certificate and revocation list into use. */
  reload(): void
  close(): Promise<void>
}

const DAY = 86_400_000
/** Connections that the system takes before we have looked at them; the system's own limit is often lower. */
const BACKLOG = 4_096

export async function startListeners(context: ListenerContext): Promise<Listeners> {
  const { options, limits, ledger, admit, accept } = context
  const { authority, clock, listen: address } = options
  let ticketKeys = randomBytes(48)
  let ticketKeysAt = clock.elapsed()
  const tls = mutualTlsOptions(authority, ticketKeys, limits)

  // A command after a PUBACK would wait 40 ms for the device's delayed acknowledgement (RFC 896, RFC 1122 4.2.3.2).
  const noDelay = true
  const mqtt = createTlsServer({ ...tls, noDelay, ALPNProtocols: ['x-amzn-mqtt-ca', 'mqtt'] }, (socket) => {
    if (socket.isSessionReused()) ledger.stats.resumed++
    const peer = admit(socket)
    if (peer === null) socket.destroy()
    else accept(socket, peer)
  })

  const https = createHttpsServer(
    {
      ...tls,
      ALPNProtocols: ['http/1.1'],
      // Slow headers and bodies (slowloris over HTTP).
      headersTimeout: limits.connectMs,
      requestTimeout: limits.packetMs,
      connectionsCheckingInterval: Math.min(1_000, limits.connectMs / 4),
      maxHeaderSize: limits.controlBytes,
    },
    context.publish,
  )
  const sockets = new WebSocketServer({
    noServer: true,
    // A frame carries whole packets or pieces of them; compression would be a bomb.
    maxPayload: limits.payloadBytes * 2,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has('mqtt') ? 'mqtt' : false),
  })
  https.on('upgrade', (request, socket, head) => {
    const { pathname } = new URL(request.url ?? '/', 'https://box')
    const offered = request.headers['sec-websocket-protocol'] ?? ''
    const peer = pathname === '/mqtt' && offered.includes('mqtt') ? admit(socket as TLSSocket) : null
    if (peer === null) {
      ledger.refuse('http_refused', 'unknown', request.socket.remoteAddress ?? '', `upgrade of ${pathname}`)
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const conn = createWebSocketStream(webSocket)
      // aedes listens for errors only from here on; a broken frame must not end the process.
      conn.on('error', () => undefined)
      accept(conn, peer)
    })
  })

  const queues = [mqtt, https].map((server) => {
    server.on('tlsClientError', (error: Error & { code?: string }, socket) => {
      const { reason, detail } = tlsRefusal(error, socket.authorizationError)
      ledger.refuse(reason, 'unknown', socket.remoteAddress ?? '', detail)
      socket.destroy()
    })
    server.maxConnections = limits.connections
    server.on('drop', () =>
      ledger.refuse('too_many_connections', 'unknown', '', `${limits.connections} connections`),
    )
    return queueHandshakes(server, limits, (socket, detail) =>
      ledger.refuse('tls_refused', 'unknown', socket.remoteAddress ?? '', detail),
    )
  })
  const plain = createPlainServer({ noDelay }, (socket) => accept(socket, null))

  const ports: Ports = {
    mqtt: await listen(mqtt, address.mqttPort, address.host),
    https: address.httpsPort === undefined ? null : await listen(https, address.httpsPort, address.host),
    plain: options.plain === undefined ? null : await listen(plain, options.plain.port, '127.0.0.1'),
  }

  return {
    ports,
    reload: () => {
      if (clock.elapsed() - ticketKeysAt > DAY) {
        ticketKeys = randomBytes(48)
        ticketKeysAt = clock.elapsed()
      }
      for (const server of [mqtt, https])
        server.setSecureContext({ ...secureContextOptions(authority), ticketKeys })
    },
    close: async () => {
      sockets.close()
      const closed = Promise.all([closeServer(mqtt), closeServer(https), closeServer(plain)])
      for (const queue of queues) queue.close()
      await closed
    },
  }
}

/** OpenSSL's words for an issuer that is not ours; which of them depends on what else the peer sent, and none says so. */
const foreignIssuer = new Set([
  'UNABLE_TO_GET_CRL',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
])

function tlsRefusal(
  error: Error & { code?: string },
  verification: unknown,
): { reason: Refusal; detail: string } {
  const said = typeof verification === 'string' ? verification : (error.code ?? error.message)
  const detail = foreignIssuer.has(said) ? `issued by another authority (${said})` : said
  if (detail === 'CERT_REVOKED') return { reason: 'certificate_revoked', detail }
  return { reason: detail === 'CERT_HAS_EXPIRED' ? 'certificate_expired' : 'tls_refused', detail }
}

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    if (server.listening) server.close(() => resolve())
    else resolve()
  })
