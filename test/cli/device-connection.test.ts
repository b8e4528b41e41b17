import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuthority } from '../../src/adapters/local/ca/authority.ts'
import { connectDevice } from '../../src/cli/support/device-connection.ts'

/** A broker of which the test decides what it acknowledges and when it breaks. Packets are those of MQTT 3.1.1. */
interface Broker {
  server: Server
  /** The payload of each PUBLISH, with the number of its connection, and a way to acknowledge it or break off. */
  onPublish: (connection: number, payload: string, acknowledge: () => void, socket: TLSSocket) => void
}

const CONNECT = 1
const PUBLISH = 3

function speak(broker: Broker, connection: number, socket: TLSSocket): void {
  let bytes = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk])
    // All of the test's packets are shorter than 128 bytes, so that their length is one byte (MQTT-2.2.3).
    for (; bytes.length >= 2 && bytes.length >= 2 + bytes[1]!; bytes = bytes.subarray(2 + bytes[1]!)) {
      const [kind, body] = [bytes[0]! >> 4, bytes.subarray(2, 2 + bytes[1]!)]
      if (kind === CONNECT) socket.write(Buffer.from([0x20, 2, 0, 0]))
      if (kind !== PUBLISH) continue
      const topicEnd = 2 + body.readUInt16BE(0)
      const id = [body[topicEnd]!, body[topicEnd + 1]!]
      const acknowledge = (): void => void socket.write(Buffer.from([0x40, 2, ...id]))
      broker.onPublish(connection, body.subarray(topicEnd + 2).toString(), acknowledge, socket)
    }
  })
}

describe('connectDevice', () => {
  let dir: string
  let broker: Broker
  let identity: Parameters<typeof connectDevice>[1]
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'telltale-connection-'))
    const authority = await openAuthority({ dir, clock: { now: () => Date.now(), elapsed: () => 0 } })
    const { certificatePem: cert, privateKeyPem: key } = authority.server()
    const device = await authority.issueDevice('motor-1')
    identity = { thing: 'motor-1', certificate: device.certificatePem, key: device.privateKeyPem, ca: authority.rootPem() } // prettier-ignore
    let connections = 0
    broker = { server: createServer({ cert, key }, (socket) => speak(broker, ++connections, socket)), onPublish: () => {} } // prettier-ignore
    await new Promise<void>((listening) => void broker.server.listen(0, '127.0.0.1', listening))
  })
  afterAll(() => {
    broker.server.close()
    rmSync(dir, { recursive: true })
  })

  it('delivers what was published while a broken connection was being made good, when that one breaks too', async () => {
    const came: string[] = []
    const device = await connectDevice(`mqtts://127.0.0.1:${(broker.server.address() as AddressInfo).port}`, identity) // prettier-ignore
    let second: Promise<void> | undefined
    const delivered = new Promise<void>((done) => {
      broker.onPublish = (connection, payload, acknowledge, socket) => {
        came.push(`${connection}: ${payload}`)
        if (connection === 1) return void socket.destroy()
        if (connection === 2) {
          // Resent and not yet acknowledged: what is published now has to wait behind it.
          second = device.publish('dt/plant/motor-1/telemetry', 'second')
          setImmediate(() => socket.destroy())
          return
        }
        acknowledge()
        if (payload === 'second') done()
      }
    })
    await device.publish('dt/plant/motor-1/telemetry', 'first')
    await delivered
    await second
    await device.end()
    expect(came).toEqual(['1: first', '2: first', '3: first', '3: second'])
  })
})
