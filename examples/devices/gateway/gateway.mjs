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

const { ENDPOINT = 'localhost', PORT = '8883', TRADE = 'plant', GATEWAY, CERT, KEY, CA, BUFFER = './buffer' } = process.env // prettier-ignore
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
  reconnectPeriod: 2000,
  // The disk is the queue; a second one in memory would only send twice.
  queueQoSZero: false,
})
client.on('error', (error) => console.error(`gateway: ${error.message}`))

let ended = false
let pending = []
let timer = null
const lines = createInterface({ input: process.stdin })
// A few readings share one sync; none of them counts as taken before it.
function flush() {
  timer = null
  if (pending.length === 0) return
  buffer.take(pending)
  pending = []
}
lines.on('line', (line) => {
  pending.push(line)
  timer ??= setTimeout(flush, 50)
})
lines.on('close', () => {
  flush()
  ended = true
})

function publish(line) {
  let reading
  try {
    reading = JSON.parse(line)
  } catch {
    return Promise.resolve() // no reading; nothing to send again
  }
  const { child, ...message } = reading
  const lane = Date.now() - message.at > LIVE_MS ? 'backfill' : 'telemetry'
  const topic = `dt/${TRADE}/${GATEWAY}/${lane}${child ? `/${child}` : ''}`
  return new Promise((resolve, reject) => {
    client.publish(topic, JSON.stringify(message), { qos: 1 }, (error) => (error ? reject(error) : resolve()))
    client.once('close', () => reject(new Error('the connection closed')))
  })
}

client.setMaxListeners(IN_FLIGHT + 10)
for (;;) {
  const waiting = client.connected ? buffer.peek(IN_FLIGHT) : null
  if (waiting === null) {
    if (ended && client.connected && pending.length === 0) break
    await new Promise((resolve) => setTimeout(resolve, 100))
    continue
  }
  const sent = await Promise.allSettled(waiting.lines.map(publish))
  client.removeAllListeners('close')
  if (sent.every(({ status }) => status === 'fulfilled')) buffer.forget(waiting.mark)
}
await client.endAsync()
buffer.close()
