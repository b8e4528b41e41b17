// A device in Node with the AWS IoT device SDK: telemetry, a shadow and commands, against the box or AWS alike.
//
//   ENDPOINT=localhost PORT=8883 THING=m1 TRADE=plant CERT=m1.cert.pem KEY=m1.key.pem CA=ca.pem node device.mjs
//
// Against AWS leave PORT out and give Amazon's root certificate as CA.
import { readFileSync } from 'node:fs'
import { iot, iotshadow, mqtt } from 'aws-iot-device-sdk-v2'

const { ENDPOINT = 'localhost', PORT = '8883', THING = 'm1', TRADE = 'plant', CERT, KEY, CA, EVERY_MS = '1000', COUNT = '0' } = process.env // prettier-ignore
if (!CERT || !KEY || !CA) throw new Error('set CERT, KEY and CA to the PEM files of this device')
const read = (file) => readFileSync(file, 'utf8')

const config = iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(read(CERT), read(KEY))
  .with_certificate_authority(read(CA))
  .with_endpoint(ENDPOINT)
  .with_port(Number(PORT))
  .with_client_id(THING)
  // A persistent session: what is sent while the device is away waits for it.
  .with_clean_session(false)
  .with_keep_alive_seconds(30)
  .build()
const connection = new mqtt.MqttClient().new_connection(config)
connection.on('interrupt', (error) => console.error(`interrupted: ${error}; the SDK reconnects by itself`))
connection.on('error', (error) => console.error(String(error)))
// The SDK does not try the first connection again, and power may come back here before it does there.
for (let isConnected = false; !isConnected;) {
  isConnected = await connection.connect().then(
    () => true,
    () => false,
  )
  if (!isConnected) await new Promise((resolve) => setTimeout(resolve, 5000))
}

const QOS = mqtt.QoS.AtLeastOnce
const thingName = THING
let everyMs = Number(EVERY_MS)

// The shadow: the platform says what it desires, the device does it and reports.
const shadow = new iotshadow.IotShadowClient(connection)
const report = () => shadow.publishUpdateShadow({ thingName, state: { reported: { everyMs } } }, QOS)
async function takeDelta(error, event) {
  const wish = event?.state?.everyMs
  if (error || typeof wish !== 'number' || wish < 100) return
  everyMs = wish
  await report()
}

// Commands: the same id may come again, so what was done is remembered and only answered again.
const done = new Map()
async function takeCommand(topic, payload) {
  const { id, expiresAt, payload: order } = JSON.parse(new TextDecoder().decode(payload))
  const name = topic.split('/')[3]
  if (expiresAt <= Date.now()) return
  if (!done.has(id)) done.set(id, perform(name, order))
  const answer = { id, ...done.get(id) }
  await connection.publish(`cmd/${TRADE}/${THING}/${name}/response`, JSON.stringify(answer), QOS)
}

function perform(name, order) {
  if (name !== 'blink') return { status: 'failed', reason: `no command ${name}` }
  console.log(`blinking ${order?.times ?? 1} times`)
  return { status: 'succeeded' }
}

async function listen() {
  await shadow.subscribeToShadowDeltaUpdatedEvents({ thingName }, QOS, takeDelta)
  await connection.subscribe(`cmd/${TRADE}/${THING}/+/request`, QOS, takeCommand)
  await report()
}
// A session that the broker has forgotten (the box was restarted; on AWS after an hour away) knows no subscription.
connection.on('resume', (code, isSessionPresent) => {
  if (!isSessionPresent) listen().catch((error) => console.error(String(error)))
})
await listen()

// Basic Ingest carries no messaging charge on AWS; the box knows the topic too.
const topic = `$aws/rules/telltale_${TRADE}/dt/${TRADE}/${THING}/telemetry`
for (let sent = 0; COUNT === '0' || sent < Number(COUNT); sent++) {
  const at = Date.now()
  const temperature = 20 + 5 * Math.sin(at / 60_000)
  await connection.publish(
    topic,
    JSON.stringify({ at, measures: { temperature }, units: { temperature: 'Cel' } }),
    QOS,
  )
  await new Promise((resolve) => setTimeout(resolve, everyMs))
}
await connection.disconnect()
