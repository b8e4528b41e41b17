// A gateway that speaks for its machines and loses nothing when the line is down: every reading goes to disk first, is
// sent with QoS 1, and is forgotten only when it was acknowledged. What is older than a minute goes to the backfill
// lane, so that history does not raise alarms.
//
//   ENDPOINT=localhost PORT=8883 TRADE=plant GATEWAY=gw-1 CERT=… KEY=… CA=… BUFFER=./buffer node gateway.mjs < readings
//
// Standard input has one JSON line a reading: {"child": "m1", "at": 1763806800000, "measures": {"temperature": 21.4}}
// The registry must name this gateway as the child's: telltale devices add m1 --type motor --gateway gw-1
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import mqtt from 'mqtt'
import { openDiskBuffer } from './disk-buffer.mjs'

const { ENDPOINT = 'localhost', PORT = '8883', TRADE = 'plant', GATEWAY, CERT, KEY, CA, BUFFER = './buffer', RECONNECT_MS = '2000' } = process.env // prettier-ignore
if (!GATEWAY || !CERT || !KEY || !CA) throw new Error('set GATEWAY, CERT, KEY and CA')

const LIVE_MS = 60_000
const IN_FLIGHT = 100
const buffer = openDiskBuffer(BUFFER)
const client = mqtt.connect({
  host: ENDPOINT,
  port: Number(PORT),
  protocol: 'mqtts',
  clientId: GATEWAY,
  ca: readFileSync(CA),
  cert: readFileSync(CERT),
  key: readFileSync(KEY),
  keepalive: 30,
  reconnectPeriod: Number(RECONNECT_MS),
  // The disk is the queue; a second one in memory would only send twice.
  queueQoSZero: false,
})
client.on('error', (error) => console.error(`gateway: ${error.message}`))

let ended = false
let pending = []
let timer = null
let isFull = false
const lines = createInterface({ input: process.stdin })
// A few readings share one sync; none of them counts as taken before it. While the disk takes none, nothing more is
// read, so that whoever writes to the pipe waits.
function flush() {
  timer = null
  if (pending.length === 0) return
  try {
    buffer.take(pending)
    pending = []
    if (isFull) lines.resume()
    isFull = false
  } catch (error) {
    if (!isFull) console.error(`gateway: ${error.message}`)
    isFull = true
    lines.pause()
    timer = setTimeout(flush, 1000)
  }
}
lines.on('line', (line) => {
  pending.push(line)
  timer ??= setTimeout(flush, 50)
})
lines.on('close', () => {
  flush()
  ended = true
})

/** What is no reading is nothing to send again. */
function readingOf(line) {
  try {
    const reading = JSON.parse(line)
    if (typeof reading !== 'object' || reading === null) return null
    // Such a topic ends the connection, again and again.
    return /^[\w:-]{1,128}$/.test(reading.child ?? GATEWAY) ? reading : null
  } catch {
    return null
  }
}

async function publish(line) {
  const reading = readingOf(line)
  if (reading === null) return
  const { child, ...message } = reading
  const lane = Date.now() - message.at > LIVE_MS ? 'backfill' : 'telemetry'
  const topic = `dt/${TRADE}/${GATEWAY}/${lane}${child ? `/${child}` : ''}`
  await client.publishAsync(topic, JSON.stringify(message), { qos: 1 })
}

/** Resolves with whether all were acknowledged before the connection ended. */
function sendAll(batch) {
  return new Promise((resolve) => {
    const lost = () => resolve(false)
    client.once('close', lost)
    Promise.all(batch.map(publish))
      .then(() => resolve(true), lost)
      .finally(() => client.off('close', lost))
  })
}

for (;;) {
  const waiting = client.connected ? buffer.peek(IN_FLIGHT) : null
  if (waiting !== null) {
    if (await sendAll(waiting.lines)) buffer.forget(waiting.mark)
    continue
  }
  if (ended && client.connected && pending.length === 0) break
  await new Promise((resolve) => setTimeout(resolve, 100))
}
await client.endAsync()
buffer.close()
