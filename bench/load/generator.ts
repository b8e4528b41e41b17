import { readFileSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { connectFrame, createAckReader, publishFrame } from './mqtt-wire.ts'
import { payloadTemplates, readingsPerMessage, seeded, spanMs, type PayloadKind } from './messages.ts'

/** Runs in a process of its own: connects every device, waits for `go`, sends for a while, reports. */
export interface Job {
  port: number
  things: string[]
  kind: PayloadKind
  seconds: number
  /** Unacknowledged messages a device. */
  inFlight: number
  /** Messages a second in all, or as fast as they are acknowledged. */
  rate?: number
  /** Where `<thing>.key`, `<thing>.crt` and `ca.crt` lie; without it the connection is plain. */
  certs?: string
}

export interface Report {
  acknowledged: number
  readings: number
  seconds: number
  cpuSeconds: number
  /** From each message's write to its PUBACK, where a rate was kept. */
  ackMs?: number[]
}

interface Connection {
  socket: Socket
  /** One ready frame a template: header and topic differ from device to device, so frames are built once each. */
  frames: { frame: Buffer; timeAt: number; idAt: number }[]
  next: number
  lastAt: number
  unacknowledged: number
  packetId: number
  /** When what is not acknowledged was written; PUBACKs come in that order (MQTT-4.6.0-2). */
  writtenAt: number[]
}

/** A handshake alone waits 40 ms for an acknowledgement that TCP delays. */
const CONNECT_AT_ONCE = 16

process.on('message', (message: { job?: Job; go?: true }) => {
  if (message.job) void run(message.job)
})

async function run(job: Job): Promise<void> {
  const templates = payloadTemplates(job.kind, seeded(7))
  let acknowledged = 0
  let sending = false
  let sent = 0
  let turn = 0
  const connections: Connection[] = []
  const ackMs: number[] = []
  const ca = job.certs ? readFileSync(`${job.certs}/ca.crt`) : undefined
  for (let i = 0; i < job.things.length; i += CONNECT_AT_ONCE)
    connections.push(
      ...(await Promise.all(
        job.things.slice(i, i + CONNECT_AT_ONCE).map(async (thing, n) => open(thing, i + n)),
      )),
    )
  process.send!({ ready: connections.length })
  await new Promise<void>((resolve) => process.once('message', () => resolve()))
  const startedCpu = process.cpuUsage()
  const started = performance.now()
  sending = true
  const interval = job.rate ? setInterval(() => paced(), 5) : null
  if (!job.rate) for (const connection of connections) fill(connection)
  await new Promise((resolve) => setTimeout(resolve, job.seconds * 1000))
  sending = false
  if (interval) clearInterval(interval)
  const deadline = performance.now() + 20_000
  while (connections.some((c) => c.unacknowledged > 0) && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5))
  const seconds = (performance.now() - started) / 1000
  const cpu = process.cpuUsage(startedCpu)
  const report: Report = {
    acknowledged,
    readings: acknowledged * readingsPerMessage[job.kind],
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    ...(job.rate && { ackMs }),
  }
  // Ending before it is written would cut a long report.
  await new Promise((resolve) => process.send!({ report }, resolve))
  for (const { socket } of connections) socket.destroy()
  process.disconnect()

  function open(thing: string, i: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const ready = (): void => void socket.write(connectFrame(thing))
      const socket = job.certs
        ? connectTls(
            {
              port: job.port,
              host: '127.0.0.1',
              ca: ca!,
              key: readFileSync(`${job.certs}/${thing}.key`),
              cert: readFileSync(`${job.certs}/${thing}.crt`),
              checkServerIdentity: () => undefined,
            },
            ready,
          )
        : connectPlain(job.port, '127.0.0.1', ready)
      socket.setNoDelay(true)
      socket.on('error', reject)
      const topic = `dt/plant/${thing}/telemetry`
      const frames = Array.from({ length: 8 }, (_, k) => {
        const { payload, timeAt } = templates[(i * 8 + k) % templates.length]!
        const frame = publishFrame(topic, payload, 0)
        const start = frame.length - payload.length
        return { frame, timeAt: start + timeAt, idAt: start - 2 }
      })
      const connection: Connection = {
        socket,
        frames,
        next: 0,
        lastAt: 0,
        unacknowledged: 0,
        packetId: 0,
        writtenAt: [],
      }
      socket.on(
        'data',
        createAckReader(
          () => {
            acknowledged++
            connection.unacknowledged--
            if (job.rate) ackMs.push(performance.now() - connection.writtenAt.shift()!)
            if (sending && !job.rate) fill(connection)
          },
          (code) =>
            code === 0 ? resolve(connection) : reject(new Error(`${thing} was refused with ${code}`)),
        ),
      )
    })
  }

  function fill(connection: Connection): void {
    while (connection.unacknowledged < job.inFlight) send(connection)
  }

  function paced(): void {
    const due = ((performance.now() - started) / 1000) * job.rate!
    while (sent < due && sending) {
      send(connections[turn++ % connections.length]!)
      sent++
    }
  }

  function send(connection: Connection): void {
    const { frame, timeAt, idAt } = connection.frames[connection.next++ % connection.frames.length]!
    const at = Math.max(Date.now(), connection.lastAt + spanMs[job.kind])
    connection.lastAt = at
    connection.packetId = (connection.packetId % 65_535) + 1
    const copy = Buffer.allocUnsafe(frame.length)
    frame.copy(copy)
    copy.write(String(at), timeAt, 'latin1')
    copy.writeUInt16BE(connection.packetId, idAt)
    connection.unacknowledged++
    if (job.rate) connection.writtenAt.push(performance.now())
    connection.socket.write(copy)
  }
}
