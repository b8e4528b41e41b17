import type { Server, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { BrokerLimits } from './limits.ts'

export interface HandshakeQueue {
  /** Drops every connection, whether it waits, shakes hands or has been taken over by a session. */
  close(): void
}

/** A ClientHello is one TLS record (RFC 8446, 5.1); nobody has more to say before he is answered. */
const MOST_HELD_BYTES = 16 * 1024
/** Everybody else's messages wait for a turn of the event loop, and half a handshake takes it some 1.5 ms. */
const BEGUN_A_LOOP_TURN = 8

/**
 * Lets a TLS server begin only so many handshakes at once. Begun all together, ten thousand of them each get their
 * first half before any gets its second, and every one is over its time by then; the devices come again, and so on.
 *
 * Whoever waits for his turn has no clock running, but he must have spoken: silent connections take no turn from
 * others. A turn that is not used is taken back before the handshake itself is given up.
 */
export function queueHandshakes(
  server: Server,
  limits: Pick<BrokerLimits, 'handshakesAtOnce' | 'handshakeMs'>,
  refuse: (socket: Socket, detail: string) => void,
): HandshakeQueue {
  const { handshakesAtOnce, handshakeMs } = limits
  const beginTls = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')

  /** Ends the turn, by peer: TLS says of which peer it is done, not of which socket. */
  const turns = new Map<string, () => void>()
  const connections = new Set<Socket>()
  /** Begins the handshake; in the order in which they spoke. */
  const spoken = new Map<Socket, () => void>()

  let begun = 0

  const mayBegin = (): boolean => begun < BEGUN_A_LOOP_TURN && turns.size < handshakesAtOnce

  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
    if (spoken.size === 0 && mayBegin()) begin(socket)
    else wait(socket)
  })
  server.on('secureConnection', (socket: TLSSocket) => turns.get(peerOf(socket))?.())

  function begin(socket: Socket): void {
    const peer = peerOf(socket)
    const timer = setTimeout(end, handshakeMs / 4)
    function end(): void {
      clearTimeout(timer)
      socket.off('close', end)
      if (turns.delete(peer)) callNext()
    }
    turns.set(peer, end)
    if (begun++ === 0) setImmediate(loopTurned)
    socket.once('close', end)
    for (const listener of beginTls) listener.call(server, socket)
  }

  function wait(socket: Socket): void {
    const held: Buffer[] = []
    let heldBytes = 0
    const timer = setTimeout(() => drop(`nothing said within ${handshakeMs} ms`), handshakeMs)
    const leave = (): void => {
      clearTimeout(timer)
      socket.off('data', hear).off('close', leave)
      spoken.delete(socket)
    }
    const drop = (detail: string): void => {
      leave()
      refuse(socket, detail)
      socket.destroy()
    }
    function hear(chunk: Buffer): void {
      clearTimeout(timer)
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes > MOST_HELD_BYTES) return drop(`${heldBytes} bytes before its turn`)
      spoken.set(socket, () => {
        leave()
        socket.pause()
        socket.unshift(Buffer.concat(held))
        begin(socket)
      })
      callNext()
    }
    socket
      .on('error', () => undefined) // it gave up; `close` follows
      .on('close', leave)
      .on('data', hear)
  }

  function loopTurned(): void {
    begun = 0
    callNext()
  }

  function callNext(): void {
    for (const beginNext of spoken.values()) {
      if (!mayBegin()) return
      beginNext()
    }
  }

  return {
    close: () => {
      for (const socket of connections) socket.destroy()
    },
  }
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
