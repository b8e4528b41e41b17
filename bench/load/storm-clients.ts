import { readFileSync } from 'node:fs'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { connectFrame, createAckReader, publishFrame } from './mqtt-wire.ts'

/** Runs in a process of its own: many devices that lose their connections at once and all come back at once. */
export interface StormJob {
  port: number
  certs: string
  things: string[]
  /** Devices that send on meanwhile. */
  bystanders: string[]
  /** Messages that each device has waiting when it comes back. */
  waiting: number
}

export interface StormReport {
  /** Time until every device was back and had its waiting messages acknowledged. */
  firstMs: number
  resumedMs: number
  fullMs: number
  /** Connections that were closed before CONNACK, and made again. */
  retries: number
  resumed: number
  sent: number
  acknowledged: number
  bystanderAcksMs: number[]
}

const BYSTANDER_EVERY_MS = 500
const RETRY_MS = 500
const PROGRESS_EVERY_MS = 5_000

interface Device {
  thing: string
  context: SecureContext
  ticket: Buffer | undefined
  socket: TLSSocket | null
  up: boolean
  packetId: number
  nextAt: number
  /** Not acknowledged yet, by packet identifier; sent again on the next connection. */
  waiting: Map<number, { frame: Buffer; sentAt: number }>
  changed: () => void
}

process.on('message', ({ job }: { job: StormJob }) => {
  run(job).then(
    (report) => {
      process.send!({ report })
      process.disconnect()
    },
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function run({ port, certs, things, bystanders, waiting }: StormJob): Promise<StormReport> {
  const report: StormReport = { firstMs: 0, resumedMs: 0, fullMs: 0, retries: 0, resumed: 0, sent: 0, acknowledged: 0, bystanderAcksMs: [] } // prettier-ignore
  const ca = readFileSync(`${certs}/ca.crt`)
  const start = Date.now() - 600_000
  const device = (thing: string): Device => ({
    thing,
    context: createSecureContext({
      ca,
      key: readFileSync(`${certs}/${thing}.key`),
      cert: readFileSync(`${certs}/${thing}.crt`),
    }),
    ticket: undefined,
    socket: null,
    up: false,
    packetId: 0,
    nextAt: start,
    waiting: new Map(),
    changed: () => {},
  })
  const crowd = things.map(device)
  const watched = bystanders.map(device)
  for (const one of watched) {
    open(one, false)
    await quiet(one)
  }
  const timer = setInterval(() => {
    for (const one of watched) say(one)
  }, BYSTANDER_EVERY_MS)

  report.firstMs = await storm(false)
  report.resumedMs = await storm(true)
  report.fullMs = await storm(false)
  clearInterval(timer)
  await Promise.all(watched.map(quiet))
  for (const one of [...crowd, ...watched]) leave(one)
  return report

  /** All connections break at the same moment, and all devices come back at once with what they could not send. */
  async function storm(resume: boolean): Promise<number> {
    for (const one of crowd) leave(one)
    const began = performance.now()
    for (const one of crowd) {
      for (let i = 0; i < waiting; i++) say(one)
      open(one, resume)
    }
    const progress = setInterval(() => {
      const back = crowd.filter(({ up, waiting: rest }) => up && rest.size === 0).length
      const s = Math.round((performance.now() - began) / 1000)
      console.error(`${s} s: ${back} of ${crowd.length} are back, ${report.retries} tried again`)
    }, PROGRESS_EVERY_MS)
    await Promise.all(crowd.map(quiet))
    clearInterval(progress)
    return Math.round(performance.now() - began)
  }

  function leave(one: Device): void {
    const { socket } = one
    one.up = false
    one.socket = null
    socket?.destroy()
  }

  function say(one: Device): void {
    one.packetId = (one.packetId % 65_535) + 1
    const payload = Buffer.from(JSON.stringify({ at: one.nextAt++, measures: { temperature: 20 } }))
    const frame = publishFrame(`dt/plant/${one.thing}/telemetry`, payload, one.packetId)
    one.waiting.set(one.packetId, { frame, sentAt: performance.now() })
    report.sent++
    if (one.up) one.socket!.write(frame)
  }

  /** Resolves once the device is connected and nothing of it waits. */
  function quiet(one: Device): Promise<void> {
    return new Promise((resolve) => {
      one.changed = () => {
        if (one.up && one.waiting.size === 0) resolve()
      }
      one.changed()
    })
  }

  function open(one: Device, resume: boolean): void {
    const socket = connect({
      host: '127.0.0.1',
      port,
      secureContext: one.context,
      servername: 'localhost',
      ...(resume && one.ticket && { session: one.ticket }),
    })
    one.socket = socket
    socket.setNoDelay(true)
    socket.on('session', (ticket: Buffer) => (one.ticket = ticket))
    socket.once('secureConnect', () => {
      if (socket.isSessionReused()) report.resumed++
      socket.write(connectFrame(one.thing))
    })
    socket.on(
      'data',
      createAckReader(
        (id) => {
          const acknowledged = one.waiting.get(id)
          if (!acknowledged) return
          one.waiting.delete(id)
          report.acknowledged++
          if (watched.includes(one)) report.bystanderAcksMs.push(performance.now() - acknowledged.sentAt)
          one.changed()
        },
        (code) => {
          if (code !== 0) throw new Error(`${one.thing} was refused with ${code}`)
          one.up = true
          for (const { frame } of one.waiting.values()) socket.write(frame)
          one.changed()
        },
      ),
    )
    socket.on('error', () => {})
    socket.once('close', () => {
      if (one.socket !== socket) return
      one.up = false
      report.retries++
      setTimeout(() => open(one, resume), RETRY_MS)
    })
  }
}
