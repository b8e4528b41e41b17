import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuthority } from '../../../../src/adapters/local/ca/authority.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Refusal } from '../../../../src/adapters/local/broker/ledger.ts'
import {
  closed,
  connectDevice,
  startBox,
  systemClock,
  until,
  type Box,
  type DeviceCertificate,
} from './bench-box.ts'

const DAY = 86_400_000
let box: Box
let motor: DeviceCertificate

beforeAll(async () => {
  box = await startBox()
  motor = await box.enroll('motor-1')
})
afterAll(() => box.close())

const refusals = (reason: Refusal, at = box) => at.broker.stats().refused[reason] ?? 0
/** Waits until one more was refused for this reason. The audit log takes one line a second of equal ones. */
const refused = async (action: Refusal, act: () => Promise<unknown>, at = box) => {
  const before = refusals(action, at)
  await act()
  await until(() => refusals(action, at) > before)
}

function rawTls(certificate: DeviceCertificate | null, session?: Buffer, at = box): TLSSocket {
  const socket = connectTls({
    host: '127.0.0.1',
    port: at.broker.ports.mqtt,
    ca: at.authority.rootPem(),
    ...(certificate ? { cert: certificate.certificatePem, key: certificate.privateKeyPem } : {}),
    ...(session ? { session } : {}),
  })
  socket.on('error', () => undefined)
  return socket
}
const socketClosed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve()
    socket.once('close', () => resolve())
    socket.resume()
  })

function connectPacket(clientId: string, { version = 4, name = 'MQTT' } = {}): Buffer {
  const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])
  const body = Buffer.concat([text(name), Buffer.from([version, 2, 0, 60]), text(clientId)])
  return Buffer.concat([Buffer.from([0x10, body.length]), body])
}

/** A TLS connection that has spoken CONNECT and read its CONNACK. */
async function rawSession(certificate: DeviceCertificate, clientId: string, at = box): Promise<TLSSocket> {
  const socket = rawTls(certificate, undefined, at)
  socket.write(connectPacket(clientId))
  const answer = await new Promise<Buffer>((resolve) => {
    socket.once('data', resolve)
  })
  expect([...answer]).toEqual([0x20, 2, 0, 0])
  return socket
}

describe('certificates', () => {
  it('refuses a foreign authority', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'telltale-foreign-'))
    const foreign = await openAuthority({ dir, clock: systemClock })
    const impostor = await foreign.issueDevice('motor-1')
    await refused('tls_refused', () =>
      expect(connectDevice(box, impostor, { clientId: 'motor-1' })).rejects.toThrow(),
    )
    expect(box.audited.map(({ detail }) => detail).join()).toContain('issued by another authority')
    rmSync(dir, { recursive: true })
  })

  it('refuses a connection without a certificate', async () => {
    await refused('tls_refused', () => socketClosed(rawTls(null)))
  })

  it('refuses an expired certificate', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'telltale-expired-'))
    let now = Date.now() - 40 * DAY
    const clock = { now: () => now, elapsed: () => performance.now() }
    const authority = await openAuthority({ dir, clock, validityDays: { device: 10 } })
    const expired = await authority.issueDevice('motor-1')
    now = Date.now()
    await authority.renewIfDue(now)
    const other = await startBox({ authority })
    await expect(connectDevice({ ...other, authority }, expired, { clientId: 'motor-1' })).rejects.toThrow()
    await until(() => other.audited.some((entry) => entry.action === 'certificate_expired'))
    await other.close()
    rmSync(dir, { recursive: true })
  })

  it('refuses a certificate that the registry does not know', async () => {
    const stranger = await box.authority.issueDevice('stranger')
    await refused('certificate_unknown', () =>
      expect(connectDevice(box, stranger, { clientId: 'stranger' })).rejects.toThrow(),
    )
  })

  it('refuses a suspended device', async () => {
    const idle = await box.enroll('idle', { status: 'suspended' })
    await refused('device_not_active', () =>
      expect(connectDevice(box, idle, { clientId: 'idle' })).rejects.toThrow(),
    )
  })

  it('refuses a certificate that was issued to another name', async () => {
    const borrowed = await box.authority.issueDevice('pump-9')
    box.identities.set(borrowed.fingerprint, { thing: 'motor-1', trade: 'plant', status: 'active' })
    await refused('connect_denied', () =>
      expect(connectDevice(box, borrowed, { clientId: 'motor-1' })).rejects.toThrow(),
    )
  })

  it('cuts a revoked device, refuses its return and its resumed TLS session', async () => {
    const doomed = await box.enroll('doomed')
    const socket = rawTls(doomed)
    const session = new Promise<Buffer>((resolve) => {
      socket.once('session', resolve)
    })
    socket.write(connectPacket('doomed'))
    const ticket = await session
    const resumed = rawTls(doomed, ticket)
    await new Promise((resolve) => {
      resumed.once('secureConnect', resolve)
    })
    expect(resumed.isSessionReused()).toBe(true)
    resumed.destroy()

    await until(() => box.broker.connections().some(({ thing }) => thing === 'doomed'))
    const end = socketClosed(socket)
    await box.authority.revoke(doomed)
    const accepted = box.broker.stats().accepted
    await refused('certificate_revoked', () => socketClosed(rawTls(doomed, ticket))) // before the list is reloaded
    box.broker.reloadCrl()
    await end
    await refused('certificate_revoked', () => socketClosed(rawTls(doomed, ticket)))
    await refused('certificate_revoked', () => socketClosed(rawTls(doomed)))
    expect(box.broker.stats().accepted).toBe(accepted)
  })

  it('lets the others resume their TLS sessions after the revocation list was reloaded', async () => {
    const socket = rawTls(motor)
    const ticket = await new Promise<Buffer>((resolve) => {
      socket.once('session', resolve)
    })
    socket.destroy()
    box.broker.reloadCrl()
    const resumed = rawTls(motor, ticket)
    await new Promise((resolve) => {
      resumed.once('secureConnect', resolve)
    })
    expect(resumed.isSessionReused()).toBe(true)
    resumed.destroy()
  })
})

describe('CONNECT', () => {
  it('refuses another client id', () =>
    refused('connect_denied', () =>
      expect(connectDevice(box, motor, { clientId: 'pump-1' })).rejects.toThrow(),
    ))

  it('refuses an empty client id', () =>
    refused('connect_denied', async () => {
      const socket = rawTls(motor)
      socket.write(connectPacket(''))
      await socketClosed(socket)
    }))

  it('refuses MQTT 3.1 and MQTT 5', async () => {
    for (const version of [{ version: 3, name: 'MQIsdp' }, { version: 5 }]) {
      const socket = rawTls(motor)
      const packet = connectPacket('motor-1', version)
      // MQTT 5 has properties between the keepalive and the client id.
      const body =
        version.version === 5
          ? Buffer.concat([packet.subarray(0, 12), Buffer.from([0]), packet.subarray(12)])
          : packet
      if (version.version === 5) body[1] = body.length - 2
      socket.write(body)
      const answer = await new Promise<Buffer>((resolve) => {
        socket.once('data', resolve)
      })
      expect(answer.at(3)).toBe(1)
      socket.destroy()
    }
  })

  it('refuses a last will on a topic of another device', () =>
    refused('connect_denied', () =>
      expect(
        connectDevice(box, motor, {
          clientId: 'motor-1',
          will: { topic: 'dt/plant/pump-1/telemetry', payload: Buffer.from('x'), qos: 0, retain: false },
        }),
      ).rejects.toThrow(),
    ))

  it('lets a second connection take over from the first', async () => {
    const first = await connectDevice(box, motor, { clientId: 'motor-1' })
    const end = closed(first)
    const second = await connectDevice(box, motor, { clientId: 'motor-1' })
    await end
    await until(() => box.presence.some((event) => event.disconnectReason === 'DUPLICATE_CLIENTID'))
    expect(second.connected).toBe(true)
    expect(box.broker.connections().filter(({ thing }) => thing === 'motor-1')).toHaveLength(1)
    await second.endAsync()
  })
})

describe('slow clients', () => {
  let slow: Box
  let slowMotor: DeviceCertificate
  let slowPump: DeviceCertificate
  let passed = 0
  /** The broker's time stands still but for what passes here: a busy machine makes nobody slow. */
  const pass = () => (passed += 201)

  beforeAll(async () => {
    slow = await startBox({
      clock: { now: systemClock.now, elapsed: () => passed },
      limits: { connectMs: 200, packetMs: 200, stallMs: 200, outgoingBytes: 256 * 1024 },
    })
    slowMotor = await slow.enroll('motor-1')
    slowPump = await slow.enroll('pump-1')
  })
  afterAll(() => slow.close())

  it('closes a connection that never begins TLS', async () => {
    const hasty = await startBox({ limits: { handshakeMs: 20 } })
    const socket = connectTcp(hasty.broker.ports.mqtt, '127.0.0.1')
    socket.on('error', () => undefined)
    await refused('tls_refused', () => socketClosed(socket), hasty)
    await hasty.close()
  })

  it.each([
    ['says nothing', Buffer.alloc(0)],
    ['sends half a CONNECT', connectPacket('motor-1').subarray(0, 9)],
  ])('closes a connection that %s', (_does, sent) =>
    refused(
      'connect_timeout',
      async () => {
        const socket = rawTls(slowMotor, undefined, slow)
        await new Promise((resolve) => {
          socket.once('secureConnect', resolve)
        })
        socket.write(sent)
        const passing = setInterval(pass, 20) // the broker may learn of the connection later than its client
        await socketClosed(socket)
        clearInterval(passing)
      },
      slow,
    ),
  )

  it('closes a connection that sends a PUBLISH byte by byte', () =>
    refused(
      'packet_timeout',
      async () => {
        const socket = await rawSession(slowMotor, 'motor-1', slow)
        socket.write(Buffer.from([0x30, 100, 0, 26]))
        const drip = setInterval(() => {
          socket.write('d')
          passed += 20
        }, 5)
        await socketClosed(socket)
        clearInterval(drip)
      },
      slow,
    ))

  it('closes a subscriber that does not read, and delivers to the others meanwhile', async () => {
    const deaf = await rawSession(slowPump, 'pump-1', slow)
    deaf.pause()
    const filter = Buffer.from('cmd/plant/pump-1/#')
    deaf.write(
      Buffer.concat([
        Buffer.from([0x82, filter.length + 5, 0, 1, 0, filter.length]),
        filter,
        Buffer.from([0]),
      ]),
    )
    const listener = await connectDevice(slow, slowMotor, { clientId: 'motor-1' })
    await listener.subscribeAsync('cmd/plant/motor-1/#', { qos: 1 })
    let heard = 0
    listener.on('message', () => heard++)
    const big = Buffer.alloc(64 * 1024)
    await refused(
      'slow_reader',
      async () => {
        for (let i = 0; i < 400; i++) {
          await slow.broker.publish('cmd/plant/pump-1/set/request', big)
          if (i % 40 === 0)
            await slow.broker.publish('cmd/plant/motor-1/set/request', Buffer.from('x'), { qos: 1 })
        }
      },
      slow,
    )
    await until(() => heard === 10)
    deaf.destroy()
    await listener.endAsync()
  })
})

describe('oversized packets', () => {
  it('refuses a PUBLISH that announces 200 MB at its header, without buffering it', async () => {
    const socket = await rawSession(motor, 'motor-1')
    const before = process.memoryUsage().rss
    await refused('packet_too_large', async () => {
      const end = socketClosed(socket)
      socket.write(Buffer.from([0x30, 0x80, 0x80, 0xaf, 0x5f]))
      const flood = Buffer.alloc(64 * 1024)
      const pour = (): void => {
        while (!socket.destroyed && socket.write(flood));
      }
      socket.on('drain', pour)
      pour()
      await end
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * 1024 * 1024)
  })

  it('takes 128 KB and refuses a byte more', async () => {
    const client = await connectDevice(box, motor, { clientId: 'motor-1' })
    await client.publishAsync('dt/plant/motor-1/telemetry', Buffer.alloc(128 * 1024), { qos: 1 })
    const end = closed(client)
    await refused('payload_too_large', async () => {
      client.publish('dt/plant/motor-1/telemetry', Buffer.alloc(128 * 1024 + 1), { qos: 0 })
      await end
    })
    client.end(true)
  })

  it('refuses a first packet that is no CONNECT, and a length of five bytes', async () => {
    await refused('not_connect', async () => {
      const socket = rawTls(motor)
      socket.write(Buffer.from([0xc0, 0]))
      await socketClosed(socket)
    })
    await refused('malformed_length', async () => {
      const socket = rawTls(motor)
      socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 1]))
      await socketClosed(socket)
    })
  })
})

describe('publishing', () => {
  const foreign = [
    'dt/plant/pump-1/telemetry',
    'dt/fleet/motor-1/telemetry',
    '$aws/rules/telltale_fleet/dt/plant/motor-1/telemetry',
    '$aws/rules/telltale_plant/dt/plant/pump-1/telemetry',
    'dt/plant/motor-1/a/b/c/d/e/f',
    `dt/plant/motor-1/${'x'.repeat(250)}`,
    'dt/plant/../pump-1/telemetry',
    '$SYS/broker/heartbeat',
    '$share/g/dt/plant/motor-1/telemetry',
    '$aws/things/pump-1/shadow/update',
    '$aws/events/presence/disconnected/pump-1',
    'cmd/plant/pump-1/set/response',
    'cmd/plant/motor-1/set/request',
    'spBv1.0/plant/NDATA/pump-1',
  ]
  it.each(foreign)('refuses %s and closes the connection', async (topic) => {
    const client = await connectDevice(box, motor, { clientId: 'motor-1' })
    const before = box.taken.length
    const end = closed(client)
    client.on('error', () => undefined)
    client.publish(topic, 'x', { qos: 1 })
    await end
    expect(box.taken.length).toBe(before)
    client.end(true)
  })

  it('refuses QoS 2 and a retained message', async () => {
    for (const options of [{ qos: 2 as const }, { qos: 1 as const, retain: true }]) {
      const client = await connectDevice(box, motor, { clientId: 'motor-1' })
      const end = closed(client)
      client.publish('dt/plant/motor-1/telemetry', 'x', options)
      await end
      client.end(true)
    }
    expect(box.taken.at(-1)?.payload.length).not.toBe(1)
  })

  it('does not acknowledge what could not be stored, so that it is sent again', async () => {
    let refusing = true
    let attempts = 0
    box.onIngest((_message, done) => {
      attempts++
      done(refusing ? new Error('disk full') : undefined)
      refusing = false
    })
    const client = await connectDevice(box, motor, { clientId: 'motor-1', reconnectPeriod: 20 })
    await client.publishAsync('dt/plant/motor-1/telemetry', 'x', { qos: 1 })
    expect(attempts).toBe(2)
    expect(box.broker.stats().failed).toBe(1)
    await client.endAsync()
  })
})

describe('subscribing', () => {
  const foreign = [
    '#',
    '+/#',
    'dt/#',
    'cmd/plant/+/#',
    'cmd/plant/pump-1/#',
    '$aws/things/+/shadow/#',
    '$SYS/#',
    '$share/g/cmd/plant/motor-1/#',
    '$aws/events/#',
  ]
  it.each(foreign)('refuses %s and delivers nothing of it', async (filter) => {
    const client = await connectDevice(box, motor, { clientId: 'motor-1' })
    const heard: string[] = []
    client.on('message', (topic) => heard.push(topic))
    await expect(client.subscribeAsync(filter, { qos: 1 })).rejects.toThrow()
    await client.subscribeAsync('cmd/plant/motor-1/#', { qos: 1 })
    await box.broker.publish('cmd/plant/pump-1/set/request', Buffer.from('secret'), { qos: 1 })
    await box.broker.publish('cmd/plant/motor-1/set/request', Buffer.from('x'), { qos: 1 })
    await until(() => heard.length > 0)
    expect(heard).toEqual(['cmd/plant/motor-1/set/request'])
    await client.endAsync()
  })

  it('keeps nothing of a refused filter for a persistent session', async () => {
    const options = { clientId: 'motor-1', clean: false }
    const client = await connectDevice(box, motor, options)
    const wish = client.subscribeAsync(['cmd/plant/pump-1/#', 'cmd/plant/motor-1/#'], { qos: 1 })
    await expect(wish).rejects.toThrow()
    await client.endAsync()
    await box.broker.publish('cmd/plant/pump-1/set/request', Buffer.from('secret'), { qos: 1 })
    await box.broker.publish('cmd/plant/motor-1/set/request', Buffer.from('1'), { qos: 1 })
    const heard: string[] = []
    const back = await connectDevice(box, motor, { ...options, resubscribe: false })
    back.on('message', (topic) => heard.push(topic))
    await box.broker.publish('cmd/plant/motor-1/stop/request', Buffer.from('2'), { qos: 1 })
    await until(() => heard.includes('cmd/plant/motor-1/stop/request'))
    expect(heard.every((topic) => topic.startsWith('cmd/plant/motor-1/'))).toBe(true)
    await back.endAsync()
  })

  it('refuses more than eight filters a SUBSCRIBE and more than fifty a connection', async () => {
    const own = (n: number) => Array.from({ length: n }, (_, i) => `cmd/plant/motor-1/c${i}/request`)
    const client = await connectDevice(box, motor, { clientId: 'motor-1' })
    for (const filter of own(50)) await client.subscribeAsync(filter)
    await expect(client.subscribeAsync('cmd/plant/motor-1/one-more/request')).rejects.toThrow()
    const end = closed(client)
    await refused('too_many_filters', async () => {
      client.subscribe(own(9))
      await end
    })
    client.end(true)
  })
})
