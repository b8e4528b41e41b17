import { request } from 'node:https'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectDevice, startBox, until, type Box, type DeviceCertificate } from './bench-box.ts'

let box: Box
let motor: DeviceCertificate

beforeAll(async () => {
  box = await startBox({ limits: { connectMs: 300, packetMs: 300 } })
  motor = await box.enroll('motor-1')
})
afterAll(() => box.close())

const refusals = () => box.broker.stats().refused

function send(
  path: string,
  body: string | Buffer,
  { method = 'POST', certificate = motor, declared = Buffer.byteLength(body) } = {},
): Promise<{ status: number; body: { message: string; traceId: string } }> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: box.broker.ports.https!,
        path,
        method,
        ca: box.authority.rootPem(),
        cert: certificate.certificatePem,
        key: certificate.privateKeyPem,
        agent: false,
        headers: { 'content-length': declared },
      },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            body: JSON.parse(text || '{}') as { message: string; traceId: string },
          }),
        )
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}

const topic = (path: string) => `/topics/${encodeURIComponent(path)}`

describe('POST /topics', () => {
  it('answers OK after the journal has the message', async () => {
    let stored = false
    box.onIngest((message, done) => {
      box.taken.push({ ...message, payload: Buffer.from(message.payload) })
      setTimeout(() => {
        stored = true
        done()
      }, 50)
    })
    const answer = await send(`${topic('dt/plant/motor-1/telemetry')}?qos=1`, '{"measures":{"rpm":1}}')
    expect(stored).toBe(true)
    expect(answer).toMatchObject({ status: 200, body: { message: 'OK' } })
    expect(box.taken.at(-1)).toMatchObject({ topic: 'dt/plant/motor-1/telemetry', client: 'motor-1' })
    expect(box.taken.at(-1)?.payload.toString()).toBe('{"measures":{"rpm":1}}')
  })

  it('takes an empty payload and a topic whose slashes are not encoded', async () => {
    const answer = await send('/topics/dt/plant/motor-1/telemetry', '')
    expect(answer.status).toBe(200)
    expect(box.taken.at(-1)?.payload.length).toBe(0)
  })

  it.each([
    ['a foreign topic', topic('dt/plant/pump-1/telemetry'), 'x', 403],
    ['a wildcard', topic('dt/plant/motor-1/#'), 'x', 403],
    ['a reserved topic', topic('$aws/things/motor-1/shadow/update'), 'x', 403],
    ['QoS 2', `${topic('dt/plant/motor-1/telemetry')}?qos=2`, 'x', 400],
    ['a broken encoding', '/topics/%E0%A4%A', 'x', 400],
    ['another path', '/things', 'x', 404],
    ['a byte more than 128 KB', topic('dt/plant/motor-1/telemetry'), 'x'.repeat(128 * 1024 + 1), 413],
  ])('refuses %s', async (_name, path, body, status) => {
    const before = box.taken.length
    const answer = await send(path, body)
    expect(answer.status).toBe(status)
    expect(answer.body.traceId).not.toBe('')
    expect(box.taken.length).toBe(before)
  })

  it('refuses another method', async () => {
    expect((await send(topic('dt/plant/motor-1/telemetry'), '', { method: 'PUT' })).status).toBe(405)
  })

  it('says that it could not store the message', async () => {
    box.onIngest((_message, done) => done(new Error('disk full')))
    expect((await send(`${topic('dt/plant/motor-1/telemetry')}?qos=1`, 'x')).status).toBe(503)
    box.onIngest((_message, done) => done())
  })

  it('refuses a suspended device and a revoked one', async () => {
    const idle = await box.enroll('idle', { status: 'suspended' })
    expect((await send(topic('dt/plant/idle/telemetry'), 'x', { certificate: idle })).status).toBe(403)
    const doomed = await box.enroll('doomed')
    await box.authority.revoke(doomed)
    box.broker.reloadCrl()
    await expect(send(topic('dt/plant/doomed/telemetry'), 'x', { certificate: doomed })).rejects.toThrow()
  })

  it('closes a request whose body does not come', async () => {
    const slow = await send(topic('dt/plant/motor-1/telemetry'), 'x', { declared: 100 })
    expect(slow.status).toBe(408)
  })
})

describe('MQTT over WebSocket', () => {
  const overWebSocket = () =>
    ({ clientId: 'motor-1', protocol: 'wss', port: box.broker.ports.https!, path: '/mqtt' }) as const

  it('is the same broker under the same checks', async () => {
    const client = await connectDevice(box, motor, overWebSocket())
    const heard: string[] = []
    client.on('message', (topic) => heard.push(topic))
    await client.subscribeAsync('cmd/plant/motor-1/#')
    await client.publishAsync('dt/plant/motor-1/telemetry', Buffer.alloc(100_000), { qos: 1 })
    expect(box.broker.connections()).toMatchObject([{ thing: 'motor-1', remoteAddress: '127.0.0.1' }])
    await box.broker.publish('cmd/plant/motor-1/set/request', Buffer.from('x'))
    await until(() => heard.length === 1)
    client.publish('dt/plant/pump-1/telemetry', 'x')
    await until(() => !client.connected)
    expect(refusals().publish_denied).toBeGreaterThan(0)
    client.end(true)
  })

  it('refuses another client id, another path and a frame that announces too much', async () => {
    await expect(connectDevice(box, motor, { ...overWebSocket(), clientId: 'pump-1' })).rejects.toThrow()
    await expect(connectDevice(box, motor, { ...overWebSocket(), path: '/other' })).rejects.toThrow()
    const client = await connectDevice(box, motor, overWebSocket())
    client.publish('dt/plant/motor-1/telemetry', Buffer.alloc(300_000))
    await until(() => !client.connected)
    client.end(true)
  })
})
