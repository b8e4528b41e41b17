import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import type { ClientOrder, ClientReport, ClientStart } from './wire.ts'

const AT_ONCE = 16
let setting: ClientStart
let contexts: SecureContext[] = []
const tickets = new Map<number, Buffer>()
let open: TLSSocket[] = []

/** CONNECT of MQTT 3.1.1, clean session, no keepalive. */
function connectPacket(clientId: string): Buffer {
  const id = Buffer.from(clientId)
  const head = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, id.length])
  return Buffer.concat([Buffer.from([0x10, head.length + id.length]), head, id])
}

/** Done when TLS stands, with its ticket if it is new, and, with the broker, the CONNACK has come. */
function one(index: number, resume: boolean): Promise<{ ok: boolean; resumed: boolean }> {
  const session = resume ? tickets.get(index) : undefined
  const socket = connect({
    host: '127.0.0.1',
    port: setting.port,
    secureContext: contexts[index]!,
    servername: 'localhost',
    ...(session && { session }),
  })
  open.push(socket)
  return new Promise((resolve) => {
    let missing = setting.kind === 'broker' ? 2 : 1
    const settle = (ok: boolean): void => resolve({ ok, resumed: socket.isSessionReused() })
    const step = (): void => {
      if (--missing === 0) settle(true)
    }
    // A resumed session need not bring another ticket.
    if (session) socket.once('secureConnect', step)
    else
      socket.once('session', (ticket) => {
        tickets.set(index, ticket)
        step()
      })
    socket.on('error', () => settle(false))
    socket.once('close', () => settle(false))
    if (setting.kind === 'broker') {
      socket.write(connectPacket(setting.devices[index]!.thing))
      socket.once('data', (data: Buffer) => (data[0] === 0x20 && data[3] === 0 ? step() : settle(false)))
    } else socket.resume()
  })
}

async function round({ resume, count }: ClientOrder): Promise<ClientReport> {
  await closeAll()
  const report: ClientReport = { connected: 0, resumed: 0, failed: 0 }
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const { ok, resumed } = await one(next++, resume)
      if (ok) report.connected++
      else report.failed++
      if (resumed) report.resumed++
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return report
}

async function closeAll(): Promise<void> {
  const gone = open.map((socket) =>
    socket.destroyed
      ? Promise.resolve()
      : new Promise<void>((resolve) => {
          socket.once('close', () => resolve())
          socket.destroy()
        }),
  )
  open = []
  await Promise.all(gone)
}

process.on('message', (message: ClientStart | ClientOrder) => {
  if ('port' in message) {
    setting = message
    tickets.clear()
    contexts = message.devices.map(({ certificatePem: cert, privateKeyPem: key }) =>
      createSecureContext({ ca: message.rootPem, cert, key }),
    )
    process.send?.('ready')
  } else
    round(message).then(
      (report) => process.send?.(report),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
})

process.once('disconnect', () => process.exit())
