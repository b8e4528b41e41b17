/**
 * The smallest program that keeps the same promises as the box: aedes, QoS 1, fsync before the ack, parse, one-minute
 * windows, one rule, append to a store. None of the product's code. `node ceiling.ts` talks to its parent by IPC.
 */
import { closeSync, fdatasync, openSync, readFileSync, write } from 'node:fs'
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { DatabaseSync } from 'node:sqlite'
import { Aedes } from 'aedes'

interface Options {
  dir: string
  tls?: { key: string; cert: string; ca: string }
}

if (isMainThread) {
  process.once('message', (options: Options) => void main(options))
  process.once('disconnect', () => process.exit(1)) // a bench that died leaves nothing behind
} else storeThread()

async function main({ dir, tls }: Options): Promise<void> {
  const log = openSync(`${dir}/ceiling.log`, 'w')
  const store = new Worker(new URL(import.meta.url), { workerData: { dir } })
  let stored = 0
  store.on('message', (n: number) => (stored += n))

  const ids = new Map<string, number>()
  const n = new Float64Array(1 << 16)
  const mean = new Float64Array(1 << 16)
  const m2 = new Float64Array(1 << 16)
  const min = new Float64Array(1 << 16)
  const max = new Float64Array(1 << 16)
  const minute = new Float64Array(1 << 16)
  let windows = 0
  let readings = 0
  let alarms = 0

  let waiting: { topic: string; payload: Buffer; done: () => void }[] = []
  let writing = false

  function flush(): void {
    writing = true
    const group = waiting
    waiting = []
    write(log, Buffer.concat(group.map((g) => g.payload)), () =>
      fdatasync(log, () => {
        const rows: [string, Uint8Array][] = []
        for (const { topic, payload, done } of group) {
          done()
          fold(topic, payload)
          rows.push([topic, payload])
        }
        store.postMessage(rows)
        if (waiting.length > 0) flush()
        else writing = false
      }),
    )
  }

  function fold(topic: string, payload: Buffer): void {
    const message = JSON.parse(payload.toString()) as {
      at: number
      step?: number
      measures: Record<string, number | number[]>
    }
    const at0 = message.at
    const step = message.step ?? 0
    for (const name in message.measures) {
      const key = `${topic}|${name}`
      let id = ids.get(key)
      if (id === undefined) ids.set(key, (id = ids.size))
      const values = message.measures[name]!
      const list = typeof values === 'number' ? [values] : values
      for (let i = 0; i < list.length; i++) {
        const v = list[i]!
        const m = Math.floor((at0 + i * step) / 60_000)
        if (minute[id] !== m) {
          if (n[id]! > 0) windows++
          minute[id] = m
          n[id] = 0
          mean[id] = 0
          m2[id] = 0
          min[id] = v
          max[id] = v
        }
        const k = ++n[id]!
        const d = v - mean[id]!
        mean[id]! += d / k
        m2[id]! += d * (v - mean[id]!)
        if (v < min[id]!) min[id] = v
        if (v > max[id]!) max[id] = v
        if (v > 1000) {
          alarms++
          process.send!({ alarm: at0 })
        }
        readings++
      }
    }
  }

  const broker = await Aedes.createBroker({
    concurrency: 1000,
    authorizePublish: (_client, packet, callback) => {
      waiting.push({ topic: packet.topic, payload: packet.payload as Buffer, done: () => callback(null) })
      if (!writing) {
        writing = true
        setImmediate(flush)
      }
    },
  })
  const server = tls
    ? createTlsServer(
        {
          key: readFileSync(tls.key),
          cert: readFileSync(tls.cert),
          ca: readFileSync(tls.ca),
          requestCert: true,
          rejectUnauthorized: true,
        },
        (socket) => broker.handle(socket),
      )
    : createServer((socket) => void broker.handle(socket))
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as { port: number }).port }))

  process.on('message', (message: { stats?: true; stop?: true }) => {
    if (message.stats)
      process.send!({ stats: { readings, windows, alarms, stored, cpu: process.cpuUsage() } })
    if (message.stop) {
      closeSync(log)
      process.exit(0)
    }
  })
}

function storeThread(): void {
  const { dir } = workerData as { dir: string }
  const db = new DatabaseSync(`${dir}/ceiling.db`)
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE pack (topic TEXT, payload BLOB)',
  )
  const insert = db.prepare('INSERT INTO pack VALUES (?, ?)')
  parentPort!.on('message', (rows: [string, Uint8Array][]) => {
    db.exec('BEGIN')
    for (const [topic, payload] of rows) insert.run(topic, payload)
    db.exec('COMMIT')
    parentPort!.postMessage(rows.length)
  })
}
