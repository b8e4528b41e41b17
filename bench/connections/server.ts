import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { startBroker } from '../../src/adapters/local/broker/broker.ts'
import { openAuthority } from '../../src/adapters/local/ca/authority.ts'
import type { ServerStart, ServerUsage } from './wire.ts'

const clock = { now: () => Date.now(), elapsed: () => performance.now() }
const collectGarbage = (globalThis as { gc?: () => void }).gc

/** The floor is Node's own mutual TLS and nothing else: no gate, no identity, no MQTT. */
async function start({ kind, dir, devices }: ServerStart): Promise<number> {
  const authority = await openAuthority({ dir, clock })
  if (kind === 'floor') {
    const { certificatePem: cert, privateKeyPem: key } = authority.server()
    const server = createServer({
      cert,
      key,
      ca: authority.rootPem(),
      crl: [...authority.crlPems()],
      requestCert: true,
      rejectUnauthorized: true,
      ticketKeys: randomBytes(48),
    })
    server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined)
      socket.resume()
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    return (server.address() as AddressInfo).port
  }
  const things = new Map(devices.map(({ thing, fingerprint }) => [fingerprint, thing]))
  const broker = await startBroker({
    listen: { host: '127.0.0.1', mqttPort: 0 },
    authority,
    directory: {
      identify: (fingerprint) => {
        const thing = things.get(fingerprint)
        return thing === undefined ? null : { thing, trade: 'plant', status: 'active' }
      },
    },
    ingest: (_message, done) => done(),
    audit: { record: () => undefined },
    clock,
  })
  return broker.ports.mqtt
}

function usage(): ServerUsage {
  const { user, system } = process.cpuUsage()
  return { cpuMs: (user + system) / 1_000, rssBytes: process.memoryUsage().rss }
}

process.on('message', (message: ServerStart | 'usage' | 'settle') => {
  if (message === 'settle') collectGarbage?.()
  if (typeof message === 'string') process.send?.(usage())
  else
    start(message).then(
      (port) => process.send?.({ port }),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
})

process.once('disconnect', () => process.exit())
