import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { connectDevice, startBox, until, type Box } from './bench-box.ts'

/** Long enough that no test sees a turn or a handshake run out, unless it wants to. */
const NEVER = 60_000
let box: Box
const held: Socket[] = []

afterEach(async () => {
  for (const socket of held.splice(0)) socket.destroy()
  await box.close()
})

const oneAtATime = async (handshakeMs: number): Promise<void> => {
  box = await startBox({ limits: { handshakesAtOnce: 1, handshakeMs } })
}

/** A connection that is open at TCP. */
function silent(): Promise<Socket> {
  const socket = connectTcp(box.broker.ports.mqtt, '127.0.0.1')
  held.push(socket)
  socket.on('error', () => undefined)
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket))
  })
}

const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve())
    socket.resume()
  })

const refusedBecause = (detail: string): boolean =>
  box.audited.some((entry) => entry.action === 'tls_refused' && JSON.stringify(entry).includes(detail))

describe('handshakes that wait for their turn', () => {
  it('begin as soon as the one before is done or given up', async () => {
    await oneAtATime(NEVER)
    const motors = await Promise.all([1, 2, 3].map((n) => box.enroll(`motor-${n}`)))
    const first = await silent()
    const connecting = motors.map((motor, i) => connectDevice(box, motor, { clientId: `motor-${i + 1}` }))
    await Promise.race([Promise.all(connecting), new Promise((resolve) => setTimeout(resolve, 50))])
    expect(box.broker.stats().connected).toBe(0)
    first.destroy()
    const clients = await Promise.all(connecting)
    await until(() => box.broker.stats().connected === 3)
    await Promise.all(clients.map((client) => client.endAsync()))
  })

  it('pass connections that say nothing, which are closed when their time is over', async () => {
    await oneAtATime(200)
    const motor = await box.enroll('motor-1')
    const [first, second] = [await silent(), await silent()]
    const client = await connectDevice(box, motor, { clientId: 'motor-1' })
    await Promise.all([ended(first), ended(second)])
    await until(() => box.broker.stats().refused.tls_refused === 2)
    await client.endAsync()
  })

  it('are refused when they say more than a ClientHello can be', async () => {
    await oneAtATime(NEVER)
    await silent()
    const flood = await silent()
    flood.write(Buffer.alloc(17 * 1024, 0x16))
    await ended(flood)
    await until(() => refusedBecause('bytes before its turn'))
  })

  it('forget those that went away meanwhile', async () => {
    await oneAtATime(NEVER)
    const motor = await box.enroll('motor-1')
    const first = await silent()
    const fickle = await silent()
    fickle.write(Buffer.from([0x16, 3, 1, 0, 4]))
    fickle.destroy()
    const connecting = connectDevice(box, motor, { clientId: 'motor-1' })
    first.destroy()
    await (await connecting).endAsync()
  })

  it('end with the broker', async () => {
    await oneAtATime(NEVER)
    const ends = [ended(await silent()), ended(await silent())]
    held[1]!.write(Buffer.from([0x16, 3, 1, 0, 4]))
    await box.broker.close()
    await Promise.all(ends)
  })
})

describe('a broker that closes', () => {
  it('does not wait for devices that come back meanwhile', async () => {
    box = await startBox()
    const { certificatePem: cert, privateKeyPem: key } = await box.enroll('motor-1')
    const ends: Promise<void>[] = []
    for (let i = 0; i < 20; i++) {
      const { mqtt: port } = box.broker.ports
      const socket = connectTls({ host: '127.0.0.1', port, ca: box.authority.rootPem(), cert, key })
      socket.on('error', () => undefined)
      held.push(socket)
      ends.push(ended(socket))
    }
    await new Promise((resolve) => {
      held[0]!.once('secureConnect', resolve)
    })
    await box.broker.close()
    await Promise.all(ends)
  })
})
